// Asks the browser's side of the search. `node ask.mjs SCRIPT < orders.json`
//   { "texts": [...] }                  the words of each text
//   { "files": {name: text}, "asked": [...] }   what each question finds, and the bytes it fetches
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const { Index, words } = await import(process.argv[2]);
const orders = JSON.parse(readFileSync(0, "utf8"));

async function ask(question) {
  let bytes = 0;
  const index = new Index("https://example.org/search/en.json", async (url) => {
    const text = orders.files[decodeURIComponent(new URL(url).pathname).slice(1)];
    bytes += gzipSync(text).length;
    return JSON.parse(text);
  });
  const { total, results } = await index.find(question);
  return { total, bytes, titles: results.map((one) => one.title), results };
}

const answer = orders.texts ? orders.texts.map(words)
  : await Promise.all(orders.asked.map(ask));
process.stdout.write(JSON.stringify(answer));
