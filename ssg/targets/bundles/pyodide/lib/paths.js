'use strict';

// Decides which request paths may be pages, without Python, so that unknown paths cost nothing.

const { createHash } = require('node:crypto');

const PREFIX_BYTES = 6;
const INDEX_FILE = 'index.html';
const TAG_DIGITS = 10;
const PLACEHOLDER = /\{([^{}]*)\}/g;
const CONTROL = /[\x00-\x1f\x7f\\]/;
const MAX_VALUE_LENGTH = 200; // in characters, as expressions with the flag `u` count
const STRAY_PERCENT = /%(?![0-9a-f]{2})/gi;

/**
 * The paths of all deferred pages, as sorted prefixes of their SHA-256 digests.
 * One unknown path in 2^48 / pages is taken for a page; Python then answers 404.
 */
class Membership {
  constructor(prefixes) {
    this.prefixes = prefixes;
  }

  /**
   * The number of the page that has a decoded path, or another spelling of that path, which is
   * redirected to it; -1 if there is no such page.
   */
  find(decoded) {
    const numbers = spellings(decoded.normalize('NFC')).map((spelling) => this.numberOf(spelling));
    return numbers.find((number) => number >= 0) ?? -1;
  }

  numberOf(canonical) {
    const digest = createHash('sha256').update(canonical, 'utf8').digest();
    const wanted = digest.readUIntBE(0, PREFIX_BYTES);
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.prefixes.readUIntBE(middle * PREFIX_BYTES, PREFIX_BYTES);
      if (found === wanted) return middle;
      if (found < wanted) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  get count() {
    return this.prefixes.length / PREFIX_BYTES;
  }
}

/**
 * The paths that routes of live pages may have: { path: '/{user}/{slug}/', except: { user: [...] },
 * where: { slug: '[a-z-]+' } }. This decides coarsely, and Python has the last word: it knows all of
 * `where`, and here are only expressions that mean the same in JavaScript (live_files.py).
 */
class LivePaths {
  constructor(routes) {
    this.routes = routes.map(({ path, except, where }) => {
      const segments = path.split('/').map((segment) => segment.split(PLACEHOLDER));
      return {
        except: Object.entries(except ?? {}),
        where: Object.entries(where ?? {}).map(([name, one]) => [name, new RegExp(`^(?:${one})$`, 'su')]),
        names: segments.map((parts) => (parts.length === 3 ? parts[1] : null)).filter(Boolean),
        expression: new RegExp(`^${segments.map(sourceOf).join('/')}$`, 'su'),
      };
    });
  }

  mayMatch(decoded) {
    return this.routes.length > 0 && spellings(decoded).some((spelling) => this.matches(spelling));
  }

  matches(canonical) {
    return this.routes.some(({ expression, names, except, where }) => {
      const found = expression.exec(canonical);
      if (found === null || !found.slice(1).every(isValue)) return false;
      const values = Object.fromEntries(names.map((name, place) => [name, found[place + 1]]));
      return !except.some(([name, excluded]) => excluded.includes(values[name]))
        && where.every(([name, one]) => !(name in values) || one.test(values[name]));
    });
  }
}

/**
 * A segment as an expression, with a group for its placeholder. One with several placeholders is a
 * whole: there are too many ways to split what a visitor may write.
 */
function sourceOf(parts) {
  const literals = parts.filter((_, place) => place % 2 === 0).map(escaped);
  if (literals.length <= 2) return literals.join(`([^/]{1,${MAX_VALUE_LENGTH}})`);
  const longest = literals.join('').length + MAX_VALUE_LENGTH;
  return `${literals[0]}[^/]{1,${longest}}${literals.at(-1)}`;
}

function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Whether a placeholder may have a value, as far as that is known without Python. */
function isValue(value) {
  return !['.', '..'].includes(value) && !CONTROL.test(value);
}

function spellings(decoded) {
  const all = [decoded, decoded.endsWith('/') ? decoded.slice(0, -1) : decoded + '/'];
  if (decoded.endsWith('/' + INDEX_FILE)) all.push(decoded.slice(0, -INDEX_FILE.length));
  return all;
}

/** Decode a path exactly once; null if it is not UTF-8 or contains a NUL (`decode_path` in Python). */
function decodePath(encoded) {
  try {
    const decoded = decodeURIComponent(encoded.replace(STRAY_PERCENT, '%25'));
    return decoded.includes('\0') ? null : decoded;
  } catch {
    return null;
  }
}

/** The cache tag of the page at a decoded path, as ssg/runtime/caching.py makes it. */
function tagOf(decoded) {
  const digest = createHash('sha256').update(decoded.normalize('NFC'), 'utf8').digest('hex');
  return `page:${digest.slice(0, TAG_DIGITS)}`;
}

module.exports = { LivePaths, Membership, decodePath, tagOf };
