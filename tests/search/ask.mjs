// Asks the browser's side of the search. `node ask.mjs SCRIPT < orders.json`
//   { "texts": [...] }                  the words of each text
//   { "files": {name: text}, "asked": [...] }   what each question finds, and the bytes it fetches
//   with "later" and "again": what the last index finds when the files are others
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const { Index, words } = await import(process.argv[2]);
const orders = JSON.parse(readFileSync(0, "utf8"));

let files = orders.files;
let index, read;

function open() {
  index = new Index("https://example.org/search/en.json", async (url, cache) => {
    const text = files[decodeURIComponent(new URL(url).pathname).slice(1)];
    if (text === undefined) throw new Error(`404 ${url}`);
    read.push([url, cache, gzipSync(text).length]);
    return JSON.parse(text);
  });
}

async function ask(question) {
  read = [];
  const { total, results } = await index.find(question);
  return {
    total, results, titles: results.map((one) => one.title),
    bytes: read.reduce((sum, [, , bytes]) => sum + bytes, 0),
    read: read.map(([url, cache]) => [url, cache]),
  };
}

const answers = (orders.texts ?? []).map(words);
for (const question of orders.asked ?? []) {
  open();
  answers.push(await ask(question));
}
files = orders.later;
for (const question of orders.again ?? []) answers.push(await ask(question));
process.stdout.write(JSON.stringify(answers));
