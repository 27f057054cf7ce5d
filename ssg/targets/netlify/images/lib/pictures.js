'use strict';

// The table of what this function may make: `pictures.json`, which a build writes
// (pictures_table.py). It is JSON with one picture on each line, so that one picture is found in it
// without reading the others as JSON: a site may have 100,000.

const fs = require('node:fs');

const NEW_LINE = 0x0a;
const WRITTEN = new Set(['avif', 'jpeg', 'png', 'webp']);

class PictureTable {
  constructor(file) {
    this.rows = fs.readFileSync(file);
    const head = this.rows.toString('utf8', 0, this.rows.indexOf(NEW_LINE));
    const { recipes, addresses, ...settings } = JSON.parse(`${head}]}`);
    this.recipes = new Map(Object.entries(recipes));
    this.addresses = addresses.map(([expression, names]) => [new RegExp(expression), names]);
    this.settings = settings;
  }

  /** The picture whose variants have this digest in their names; null if there is none. */
  byDigest(digest) {
    const place = this.rows.indexOf(`\n["${digest}",`);
    return place < 0 ? null : this.#at(place + 1);
  }

  /**
   * The picture of a file: `blog/boat.jpg` is a path, `boat.jpg` a file in the root folder, or the
   * only picture of this name.
   */
  byFile(file) {
    const path = JSON.stringify(`/${file}`).slice(1); // without the quotation mark before it
    const exact = this.rows.indexOf(`","${path},`);
    if (exact >= 0) return this.#around(exact);
    const first = file.includes('/') ? -1 : this.#next(path, 0);
    return first < 0 || this.#next(path, first + 1) >= 0 ? null : this.#around(first);
  }

  /** Whether the site lists a recipe in a format. */
  lists(picture, recipe, format) {
    const formats = this.recipes.get(recipe) ?? [];
    return formats.some((one) => formatOf(picture, one) === format);
  }

  #next(path, from) {
    return this.rows.indexOf(`${path},"`, from);
  }

  #around(place) {
    return this.#at(this.rows.lastIndexOf(NEW_LINE, place) + 1);
  }

  #at(start) {
    const line = this.rows.toString('utf8', start, this.rows.indexOf(NEW_LINE, start));
    const [digest, path, sha256, format, width, height, focus, hasAlpha, isOwn] = JSON.parse(
      line.replace(/,$/, ''),
    );
    return { digest, path, sha256, format, width, height, focus, hasAlpha: !!hasAlpha, isOwn: !!isOwn };
  }
}

/** The format of a variant: `original` is that of the picture, or one that shows the same. */
function formatOf(picture, wanted) {
  if (wanted !== 'original') return wanted;
  if (WRITTEN.has(picture.format)) return picture.format;
  return picture.hasAlpha ? 'png' : 'jpeg';
}

module.exports = { PictureTable, formatOf };
