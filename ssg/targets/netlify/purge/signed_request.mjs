// Checks signed requests to purge, as ssg/runtime/signed_purge.py does, which has the theory.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { purgedTag } from './cache_tag.mjs';

export const MIN_SECRET_BYTES = 32;
export const WINDOW_SECONDS = 300;
export const MAX_TAGS = 500;
export const MAX_BODY_BYTES = 64 * 1024;

const TIMESTAMP = /^[0-9]{1,12}$/;
const NONCE = /^[0-9a-f]{32}$/;
const SIGNATURE = /^[0-9a-f]{64}$/;

/** The secret without white space around it; null if it is missing or too short. */
export function usableSecret(text) {
  const secret = (text ?? '').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  return Buffer.byteLength(secret) >= MIN_SECRET_BYTES ? secret : null;
}

/** The signature of a request, in hexadecimal digits. `body` is bytes. */
export function signatureOf(secret, timestamp, nonce, body) {
  const digest = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', secret).update(`v1\n${timestamp}\n${nonce}\n${digest}`).digest('hex');
}

/** Whether time and nonce are well formed, and the time is within the window. */
export function isTimely(timestamp, nonce, now) {
  if (!TIMESTAMP.test(timestamp) || !NONCE.test(nonce)) return false;
  return Math.abs(now - Number(timestamp)) <= WINDOW_SECONDS;
}

/** Whether a request is signed with the secret. Compares in constant time. */
export function isSigned(signature, secret, timestamp, nonce, body) {
  if (!SIGNATURE.test(signature)) return false;
  const expected = signatureOf(secret, timestamp, nonce, body);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
}

/** The nonces of the window, so that a request counts once in this process. */
export class SeenNonces {
  #ends = new Map();

  /** Note the nonce of a valid request; false if it was noted before. */
  add(nonce, timestamp, now) {
    for (const [old, end] of this.#ends) if (end < now) this.#ends.delete(old);
    if (this.#ends.has(nonce)) return false;
    this.#ends.set(nonce, Number(timestamp) + WINDOW_SECONDS);
    return true;
  }
}

/** What a body asks for: a list of tags, or null for everything. Throws an Error with a reason. */
export function requestedTags(body) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Error('the body is not JSON');
  }
  const keys = value && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  if (keys.length !== 1 || !(keys[0] === 'tags' || value.all === true)) {
    throw new Error('the body is neither {"tags": [...]} nor {"all": true}');
  }
  return value.all === true ? null : checkedTags(value.tags);
}

function checkedTags(tags) {
  if (!Array.isArray(tags) || tags.length === 0) throw new Error('the list of tags is empty');
  if (tags.length > MAX_TAGS) throw new Error(`more than ${MAX_TAGS} tags`);
  const meant = tags.map(purgedTag);
  if (meant.includes(null)) {
    throw new Error('a tag is not a text of 1 to 1000 characters without control characters');
  }
  return [...new Set(meant)];
}
