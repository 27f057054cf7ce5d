'use strict';

// Removes secrets from texts: as they are, and in the encodings that headers, URLs and JSON use
// (ssg/sources/redaction.py).

const REDACTED = '[secret]';
const MIN_SECRET_LENGTH = 4; // shorter values are in many texts by chance
const BITS_OF_A_BYTE = 8;
const BITS_OF_A_LETTER = 6;

class Redaction {
  constructor(secrets) {
    const found = new Set(secrets.flatMap((secret) => [...spellings(secret)]));
    this.spellings = [...found].sort((one, other) => other.length - one.length);
    this.encoded = this.spellings.map((spelling) => Buffer.from(spelling));
  }

  /** A text without secrets. */
  text(text) {
    return this.spellings.reduce((shown, spelling) => shown.replaceAll(spelling, REDACTED), text);
  }

  /** Bytes of UTF-8 without secrets. */
  body(body) {
    if (!this.encoded.some((spelling) => body.includes(spelling))) return body;
    const bytes = this.encoded.reduce(
      (shown, spelling) => shown.replaceAll(spelling.toString('latin1'), REDACTED),
      body.toString('latin1'),
    );
    return Buffer.from(bytes, 'latin1');
  }
}

function* spellings(secret) {
  for (const value of new Set([secret, secret.trim(), ...passwords(secret)])) {
    if (value.length < MIN_SECRET_LENGTH) continue;
    yield value;
    yield* inUrls(value);
    yield* inJson(value);
    yield* inBase64(Buffer.from(value));
  }
}

function* inUrls(value) {
  const plain = encodeURIComponent(value.toWellFormed?.() ?? value.replace(/\p{Surrogate}/gu, '?'));
  const strict = plain.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  for (const encoded of [plain, strict]) {
    for (const one of [encoded, encoded.replaceAll('%2F', '/')]) {
      yield one;
      yield one.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
    }
    yield encoded.replaceAll('%20', '+');
  }
}

function* inJson(value) {
  const plain = JSON.stringify(value).slice(1, -1);
  const ascii = plain.replace(/[\x7f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  for (const escaped of [plain, ascii]) yield* [escaped, escaped.replaceAll('/', '\\/')];
}

/** The password of a URL, as it is written and decoded. */
function passwords(secret) {
  if (!URL.canParse(secret)) return [];
  const { password } = new URL(secret);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** What Base64 makes of a value, wherever in a longer text it is: there are three ways to begin. */
function* inBase64(value) {
  for (let before = 0; before < 3; before += 1) {
    const first = Math.ceil((before * BITS_OF_A_BYTE) / BITS_OF_A_LETTER);
    const end = Math.floor(((before + value.length) * BITS_OF_A_BYTE) / BITS_OF_A_LETTER);
    const bytes = Buffer.concat([Buffer.alloc(before), value]);
    for (const alphabet of ['base64', 'base64url']) {
      const letters = bytes.toString(alphabet).slice(first, end);
      if (letters.length >= MIN_SECRET_LENGTH) yield letters;
    }
  }
}

module.exports = { Redaction };
