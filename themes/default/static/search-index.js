// Asks the search index that a build made. `words` is the twin of ssg/search/words.py, and what
// the files contain is told in ssg/search/batch.py and index_files.py.

const GAP = /[\x00-/:-@\[-`{-\xbf\xd7\xf7\u02b9-\u02df\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u0700-\u070d\u0964\u0965\u0970\u0df4\u0e2f\u0e3f\u0e4f\u0e5a\u0e5b\u0f04-\u0f14\u0f3a-\u0f3d\u104a-\u104f\u10fb\u1360-\u1368\u1400\u166e\u1680\u17d4-\u17db\u1800-\u180e\u2000-\u206f\u20a0-\u20cf\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u2ff0-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30a0\u30fb\ue000-\uf8ff\ufd3e-\ufd4f\ufe10-\ufe6f\ufff0-\uffff\u{1f000}-\u{1faff}\u{e0000}-\u{10ffff}]+/u;
const MARK = /[\xad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u200b-\u200f\u2060\u20d0-\u20ff\ufe00-\ufe0f\ufeff]+/gu;
const LETTERS = {
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ŋ: "n", þ: "th",
  ς: "σ", ى: "ي", ی: "ي", ة: "ه", ک: "ك",
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
const UNSPACED = /([\u0e01-\u0e4e\u0e81-\u0ede\u1000-\u1049\u1780-\u17d3\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+)/u;

const FIRST_LETTER = "#".codePointAt(0);
const LEVELS = 16;
const MOST_PAGES = 1024;  // in a batch
const NAME_LENGTH = 8;
const MOST_SHARDS = 4;   // of one word: a prefix of two letters may begin very many words
const MOST_RESULTS = 12;

/** The words of a text as the index knows them: `Café` is `cafe`, `港口町` is `港口`, `口町`. */
export function words(text) {
  const bare = text.normalize("NFKD").toLowerCase().replace(MARK, "").normalize("NFC")
    .replace(LETTER, (letter) => LETTERS[letter]);
  return bare.split(GAP).flatMap((word) => word.split(UNSPACED).flatMap((part, place) => {
    const signs = [...part];
    return place % 2 === 0 || signs.length < 2 ? part || []
      : signs.slice(1).map((sign, before) => signs[before] + sign);
  }));
}

/** An index at the URL of its table of contents. `read(url, cache)` fetches JSON. */
export class Index {
  constructor(url, read = fetchJson) {
    this.url = url;
    this.read = read;
    this.parts = new Map();
  }

  /** The pages that are most about a text: { total, results: [{ url, title, text, section }] }. */
  async find(text) {
    try {
      return await this.answer(text);
    } catch {  // a new deploy, perhaps, which no longer has the files of the old one
      this.parts.clear();
      return this.answer(text);
    }
  }

  async answer(text) {
    const wanted = [...new Set(words(text))];
    const about = await this.part(this.url, "no-cache");
    const hits = await Promise.all(wanted.map((word) => this.pagesOf(word, about)));
    const scores = new Map();
    for (const { pages, isCommon, weight } of hits)
      for (const [page, score] of pages) {
        const old = scores.get(page) ?? { hits: 0, score: 0 };
        scores.set(page, { hits: old.hits + !isCommon, score: old.score + weight * score });
      }
    // Pages with more of the words hide those with fewer. Common words need not be there.
    let most = 0;
    for (const { hits } of scores.values()) most = Math.max(most, hits);
    const found = [...scores].filter(([, one]) => one.hits === most)
      .sort(([a, one], [b, other]) => other.score - one.score || a - b);
    const best = found.slice(0, MOST_RESULTS).map(([page]) => this.card(page, about));
    return { total: found.length, words: wanted, results: await Promise.all(best) };
  }

  /** The pages with a word or one that begins with it, and how much they are about it. */
  async pagesOf(word, about) {
    const pages = new Map();
    let isCommon = false;
    for (const shard of await this.shardsOf(word, about))
      for (const [known, entry] of Object.entries(shard)) {
        if (!known.startsWith(word)) continue;
        isCommon ||= known === word && "titles" in entry;
        const closeness = 0.5 + word.length / known.length / 2;
        for (const [page, level] of pagesIn(entry.titles ?? entry))
          pages.set(page, Math.max(pages.get(page) ?? 0, closeness * (level + 1)));
      }
    return { pages, isCommon, weight: rarity(pages.size, about.pages) };
  }

  async shardsOf(word, about) {
    const isPrefix = word.length > 1 || word > "\u02ff";
    const first = lastUpTo(about.words, word);
    const last = isPrefix ? lastUpTo(about.words, word + "\uffff") : first;
    const shards = [];
    for (let shard = Math.max(0, first); shard <= last && shards.length < MOST_SHARDS; shard++)
      shards.push(this.named(about.shards, shard));
    return Promise.all(shards);
  }

  async card(page, about) {
    const number = page % MOST_PAGES;
    const names = about.batches[Math.floor(page / MOST_PAGES)];
    const cards = await this.named(names, Math.floor(number / about.cards));
    const [url, title, text, section] = cards[number % about.cards];
    return { url, title, text, section };
  }

  /** A file by its place in a list of names: `search/en.parts/NAME.json`. */
  named(names, place) {
    const name = names.slice(place * NAME_LENGTH, (place + 1) * NAME_LENGTH);
    return this.part(this.url.replace(/\.json$/, `.parts/${name}.json`));
  }

  part(url, cache = "default") {
    if (!this.parts.has(url)) {
      const coming = this.read(url, cache);
      coming.catch(() => this.parts.delete(url));
      this.parts.set(url, coming);
    }
    return this.parts.get(url);
  }
}

async function fetchJson(url, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** The place of the last word that is not behind `word`; -1 if there is none. */
function lastUpTo(list, word) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= word) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How much a word says by how few pages have it (an inverse document frequency). */
function rarity(count, pages) {
  return Math.log(1 + pages / (count + 0.5));
}

function* pagesIn(places) {
  for (let place = 0; place < places.length; place += 2)
    for (const letter of places[place + 1]) {
      const code = letter.codePointAt(0) - FIRST_LETTER;
      yield [places[place] * MOST_PAGES + Math.floor(code / LEVELS), code % LEVELS];
    }
}
