'use strict';

// Answers requests for variants: at `/_img/DIGEST-RECIPE.EXT`, and at the addresses of the site, such
// as `/img/{file}/{width}`. Only what the table lists is made; everything else is 404.

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { encode } = require('./encode.js');
const { atFocus, frameOf, isPossible, parseRecipe } = require('./geometry.js');
const { SiteHeaders } = require('./headers.js');
const { Originals } = require('./originals.js');
const { PictureTable, formatOf } = require('./pictures.js');

const METHODS = ['GET', 'HEAD'];
const VARIANT = /^\/_img\/([0-9a-f]{16})-([0-9a-z.-]{1,60})\.(avif|webp|jpg|png)$/;
const MAX_PATH_LENGTH = 2_000;
const MAX_BODY_BYTES = 4_400_000; // 6 MB in base64 (Netlify docs, Functions, "Default deployment options")

const FOR_EVER = 'public, max-age=31536000, immutable';
const REVALIDATED = 'public, max-age=0, must-revalidate';
const NO_STORE = 'no-store';

class Images {
  /** `folder` and `name` are those of the function; `seconds` is the time that a variant may take. */
  constructor(folder, { name, seconds }) {
    this.table = new PictureTable(path.join(folder, 'pictures.json'));
    this.headers = new SiteHeaders(JSON.parse(fs.readFileSync(path.join(folder, 'headers.json'), 'utf8')));
    this.originals = new Originals(folder, (seconds * 1000) / 2);
    this.seconds = seconds;
    this.own = new RegExp(`^/\\.netlify/(?:builders|functions)/${name}(?=/)`);
  }

  /**
   * { status, headers, body } for the encoded path of a request. `origins` are where the deploy may be.
   * Never throws.
   */
  async answer(method, requested, origins) {
    const response = METHODS.includes(method) ? await this.#answer(requested, origins) : refusal();
    // No rule of the site changes how long a variant is kept.
    return this.headers.addTo({ ...response, freshSeconds: 0 }, decode(requested));
  }

  async #answer(requested, origins) {
    try {
      const wanted = this.#find(requested);
      return wanted ? await this.#respond(wanted, origins) : missing();
    } catch (error) {
      console.error(`${requested}: ${error?.stack ?? error}`);
      return text(500, 'Internal Server Error', { 'Cache-Control': NO_STORE });
    }
  }

  /** What a path asks for: { picture, recipe, format, caching }; null if that is not listed. */
  #find(requested) {
    const decoded = requested.length <= MAX_PATH_LENGTH ? decode(requested) : null;
    if (decoded === null) return null;
    const inside = decoded.replace(this.own, '');
    const wanted = this.#byName(inside) ?? this.#byAddress(inside);
    return wanted && isPossible(frameOfWanted(wanted)) ? wanted : null;
  }

  #byName(decoded) {
    const [, digest, name, suffix] = VARIANT.exec(decoded) ?? [];
    const picture = digest && this.table.byDigest(digest);
    const format = suffix === 'jpg' ? 'jpeg' : suffix;
    if (!picture || !this.table.lists(picture, name, format)) return null;
    return { picture, recipe: parseRecipe(name), format, caching: FOR_EVER };
  }

  #byAddress(decoded) {
    for (const [expression, names] of this.table.addresses) {
      const values = expression.exec(decoded)?.slice(1);
      if (!values) continue;
      const { file, width } = Object.fromEntries(names.map((name, place) => [name, values[place]]));
      const picture = this.table.recipes.has(width) ? this.table.byFile(file) : null;
      const format = picture && formatOf(picture, 'original');
      if (picture && this.table.lists(picture, width, format)) {
        return { picture, recipe: parseRecipe(width), format, caching: REVALIDATED };
      }
    }
    return null;
  }

  async #respond({ picture, recipe, format, caching }, origins) {
    const frame = frameOfWanted({ picture, recipe });
    const quality = recipe.quality || this.table.settings.quality[format];
    const started = performance.now();
    const bytes = await this.originals.read(picture, origins);
    const seconds = Math.max(1, Math.round(this.seconds - (performance.now() - started) / 1000));
    const body = await encode(bytes, picture, frame, format, quality, { ...this.table.settings, seconds });
    if (body.length > MAX_BODY_BYTES) {
      throw new Error(`the variant has ${body.length} bytes, and Netlify sends ${MAX_BODY_BYTES} at most`);
    }
    const etag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    const headers = { 'Content-Type': `image/${format}`, 'Cache-Control': caching, ETag: `"${etag}"` };
    return { status: 200, headers: { ...headers, 'X-Content-Type-Options': 'nosniff' }, body };
  }
}

function frameOfWanted({ picture, recipe }) {
  return frameOf(atFocus(recipe, picture.focus), picture.width, picture.height);
}

/** Decode the path of a request exactly once; null if it is not UTF-8 or contains a NUL. */
function decode(requested) {
  try {
    const decoded = decodeURIComponent(requested);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}

function missing() {
  return text(404, 'Not Found', { 'Cache-Control': REVALIDATED });
}

function refusal() {
  return text(405, 'Method Not Allowed', { Allow: METHODS.join(', '), 'Cache-Control': NO_STORE });
}

function text(status, body, headers) {
  return { status, headers: { ...headers, 'Content-Type': 'text/plain' }, body: Buffer.from(body) };
}

module.exports = { Images };
