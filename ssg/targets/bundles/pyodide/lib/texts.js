'use strict';

// Fetches the texts of pages, and on very large sites some columns of the database, where they are
// not in the function but static files of its deploy. A block is checked against the digest that is
// its name, so a page depends on this deploy alone, wherever the files come from.

const { createHash } = require('node:crypto');

const PATH = '/_ssg/texts/';
const ATTEMPTS = 2;
const TIMEOUT_MS = 2500; // both attempts and a start of Python fit into 10 seconds
const MAX_BYTES = 32 * 1024 * 1024;

const DIGEST_BYTES = 16;
const DIGESTS = 2;
const NUMBER_BYTES = 3;
const NONE = '0'.repeat(2 * DIGEST_BYTES);

/**
 * Which blocks a page needs: a row number for each path of `paths.bin`, then the rows, each of two
 * digests. A digest of zeros stands for none.
 */
class Blocks {
  constructor(content, pages) {
    this.content = content;
    this.table = pages * NUMBER_BYTES;
  }

  /** The blocks of the page with a number in `paths.bin`. */
  of(page) {
    const row = this.content.readUIntBE(page * NUMBER_BYTES, NUMBER_BYTES);
    const start = this.table + row * DIGESTS * DIGEST_BYTES;
    const places = Array.from({ length: DIGESTS }, (_, place) => start + place * DIGEST_BYTES);
    return places
      .map((from) => this.content.toString('hex', from, from + DIGEST_BYTES))
      .filter((digest) => digest !== NONE);
  }
}

/** The origin of a request's URL, where its deploy answers; null where the host does not tell it. */
function originOf(requested) {
  const url = URL.canParse(requested ?? '') ? new URL(requested) : null;
  return url && /^https?:$/.test(url.protocol) ? url.origin : null;
}

/** The content of a block's file. A failed request is repeated once. */
async function fetchBlock(origin, block) {
  if (origin === null) throw new Error(`the block ${block} cannot be fetched: the request has no URL`);
  const url = origin + PATH + block;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const content = await get(url);
      if (digestOf(content) === block) return content;
      throw new Error('its digest is another');
    } catch (error) {
      if (attempt === ATTEMPTS) throw new Error(`${url} cannot be fetched: ${error.message}`);
    }
  }
}

function digestOf(content) {
  const digest = createHash('sha256').update(content).digest();
  return digest.toString('hex', 0, DIGEST_BYTES);
}

function get(url) {
  // Loaded here, because most functions contain their texts.
  const { get: ask } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const request = ask(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`the answer has status ${response.statusCode}`));
        return;
      }
      const parts = [];
      let bytes = 0;
      response.on('data', (part) => {
        bytes += part.length;
        parts.push(part);
        if (bytes > MAX_BYTES) request.destroy(new Error(`it has more than ${MAX_BYTES} bytes`));
      });
      response.on('end', () => resolve(Buffer.concat(parts)));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

module.exports = { Blocks, fetchBlock, originOf };
