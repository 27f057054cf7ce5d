'use strict';

// Finds the file of a picture: in the folder `pictures/` of this function, or else in its deploy. Its
// bytes are checked against the digest in the table, so a variant depends on this build alone.

const { createHash } = require('node:crypto');
const fs = require('node:fs/promises');
const path = require('node:path');

const FOLDER = 'pictures';
// Characters that stay in a path (RFC 3986, section 3.3), as `quote_path` of ssg/model/urls.py has them.
const KEPT = /%(?:2F|24|26|2B|2C|3B|3D|3A|40)/g;
const MAX_BYTES = 64 * 1024 * 1024;

class Originals {
  /** `folder` is that of the function. */
  constructor(folder, timeoutMs) {
    this.folder = path.join(folder, FOLDER);
    this.timeoutMs = timeoutMs;
  }

  /**
   * The bytes of a picture. `origins` are where the deploy may be, the likeliest first. Throws an error
   * that says where it was looked for.
   */
  async read(picture, origins) {
    const included = await this.#included(picture);
    if (included) return included;
    const signal = AbortSignal.timeout(this.timeoutMs);
    const reasons = [];
    for (const origin of new Set(origins)) {
      const url = new URL(originalPath(picture), origin);
      try {
        return checked(await download(url, signal), picture);
      } catch (error) {
        reasons.push(`${url}: ${error.message}`);
      }
    }
    throw new Error(`the picture ${picture.path || picture.digest} cannot be read: ${reasons.join('; ') || NO_ORIGIN}`);
  }

  async #included(picture) {
    try {
      return checked(await fs.readFile(path.join(this.folder, picture.sha256)), picture);
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw error;
    }
  }
}

const NO_ORIGIN = 'the environment variable URL is not set';

/** Where the deploy has the file of a picture. */
function originalPath({ path: own, isOwn, digest, format }) {
  if (!isOwn) return `/_img/${digest}-original.${format === 'jpeg' ? 'jpg' : format}`;
  return encodeURIComponent(own).replace(KEPT, decodeURIComponent);
}

function checked(bytes, picture) {
  if (createHash('sha256').update(bytes).digest('base64url') === picture.sha256) return bytes;
  throw new Error('its digest is another');
}

async function download(url, signal) {
  const response = await fetch(url, { redirect: 'error', signal });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the answer has status ${response.status}`);
  }
  const parts = [];
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

module.exports = { Originals };
