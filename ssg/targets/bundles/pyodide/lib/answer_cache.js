'use strict';

// Answers with an ETag or a date, to ask whether they have changed (ssg/sources/http/answer_cache.py).
// The least recently used are dropped: a Map keeps the order in which its keys were set.

const MAX_CACHE_BYTES = 16_000_000;
const LARGEST_SHARE = 4;
const LEAST_AGE_MS = 2000;

class AnswerCache {
  constructor(maxBytes = MAX_CACHE_BYTES) {
    this.maxBytes = maxBytes;
    this.bytes = 0;
    this.answers = new Map();
  }

  /** The last answer for a target: { body, conditions }. */
  get(target) {
    const answer = this.answers.get(target);
    if (answer) this.answers.delete(target);
    if (answer) this.answers.set(target, answer);
    return answer;
  }

  /** Keep a body in place of the last one if its headers allow it; without a body only forget that. */
  put(target, body, headers = {}) {
    this.remove(target);
    const conditions = body && conditionsOf(headers);
    if (!conditions || body.length * LARGEST_SHARE > this.maxBytes) return;
    const size = target.length + body.length + (headers.etag ?? '').length + 500;
    this.answers.set(target, { body, conditions, size });
    this.bytes += size;
    while (this.bytes > this.maxBytes) this.remove(this.answers.keys().next().value);
  }

  remove(target) {
    this.bytes -= this.answers.get(target)?.size ?? 0;
    this.answers.delete(target);
  }
}

/** The headers that ask for a body only if it has changed; null if nobody may keep it. */
function conditionsOf({ etag, 'last-modified': date, date: sent, 'cache-control': control = '' }) {
  if ((!etag && !isOlder(date, sent)) || control.toLowerCase().includes('no-store')) return null;
  return { ...(etag && { 'If-None-Match': etag }), ...(date && { 'If-Modified-Since': date }) };
}

/** Whether a change after an answer was sent gets another date, which counts whole seconds. */
function isOlder(modified, sent) {
  return Date.parse(sent) - Date.parse(modified) >= LEAST_AGE_MS;
}

module.exports = { AnswerCache };
