'use strict';

// Answers requests for the deferred and live pages of a site with the same Python as the build. The entry of
// a host translates: its request to a path and a URL, and the answer to its response.
//
// An answer depends on the path, on data of sources and on nothing else, because the path is all that an
// edge cache keys a response by. Where the texts are files of the deploy, they are fetched from the host of the URL.
// Python starts with the first request for a page that exists; unknown paths never start it. The
// headers of answers that are given without Python were made by the same Python at build time.

const fs = require('node:fs');
const path = require('node:path');
const { SiteHeaders } = require('./headers.js');
const { LivePaths, Membership, decodePath, tagOf } = require('./paths.js');
const { Runtime } = require('./runtime.js');
const { Blocks, originOf } = require('./texts.js');

const HTML = { 'Content-Type': 'text/html; charset=UTF-8' };
const REFRESH = 'revalidate';
const TAG_OF_PATH = '{page}'; // stands for the tag of the path in the headers of a 404
const FAILURE_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Error</title></head>
<body><h1>This page cannot be shown right now</h1>
<p>Please try again in a moment.</p></body></html>
`;

class Pages {
  /**
   * `root` is the folder of the function. `maxStartMs` is how long a request waits for Python: less
   * than the host gives it, so that the visitor gets a page and the log a reason.
   */
  constructor(root, { maxStartMs }) {
    this.root = root;
    this.host = JSON.parse(this.read('host.json').toString('utf8'));
    this.known = new Membership(this.read('paths.bin'));
    this.notFoundPage = this.read('404.html').toString('utf8');
    // The error pages of languages, by their folders; the innermost folder comes first.
    this.errorPages = Object.entries(JSON.parse(this.read('errors.json').toString('utf8')))
      .sort(([one], [other]) => other.length - one.length);
    this.headers = new SiteHeaders(JSON.parse(this.read('headers.json').toString('utf8')));
    // Without this file the texts are in the function's folder.
    this.blocks = fs.existsSync(path.join(root, 'blocks.bin'))
      ? new Blocks(this.read('blocks.bin'), this.known.count)
      : null;
    this.live = new LivePaths(this.optional('routes.json') ?? []);
    const declared = this.optional('sources.json');
    this.runtime = new Runtime(root, this.host.runtime, log, maxStartMs, declared && sourcesOf(declared));
  }

  /**
   * Answer a request: { status, headers, body, freshSeconds }. The headers say how long caches may
   * keep it; `freshSeconds` says so for a host that wants a number: null until the next deploy, 0
   * never. `requested` is the URL path, still encoded, `url` the whole URL where the host tells it,
   * and `kind` says who asks: a visitor, `miss`, or a cache that has the page, `revalidate`.
   */
  async answer(requested, { url, kind = 'miss' } = {}) {
    const decoded = decodePath(requested);
    const number = decoded === null ? -1 : this.known.find(decoded);
    const mayBePage = number >= 0 || (decoded !== null && this.live.mayMatch(decoded));
    const answered = mayBePage
      ? await this.rendered(requested, this.textOf(number, url), kind === REFRESH)
      : { response: this.notFound(decoded) };
    report(requested, kind, answered);
    return this.headers.addTo(answered.response, decoded);
  }

  /** Where the text of a page is fetched from; null if all texts are in the function's folder. */
  textOf(number, url) {
    const own = number >= 0 ? this.blocks?.of(number) : []; // a live page has no text here
    return this.blocks && { origin: originOf(url), blocks: own };
  }

  /** Ask Python for a page. Any failure there is an answer with status 500. */
  async rendered(requested, text, isRefresh) {
    try {
      return await this.runtime.answer(requested, text, isRefresh);
    } catch (error) {
      return { response: this.failed(), error: { message: lastLine(error) } };
    }
  }

  /** The error page, in the language of the folder that a path is in. */
  notFound(decoded) {
    const own = this.errorPages.find(([folder]) => decoded?.startsWith(folder));
    const { headers, freshSeconds } = this.host.missing;
    return {
      status: 404,
      headers: { ...HTML, ...withTag(headers, decoded ?? '/') },
      body: own ? own[1] : this.notFoundPage,
      freshSeconds,
    };
  }

  failed() {
    const { headers } = this.host.failed;
    return { status: 500, headers: { ...HTML, ...headers }, body: FAILURE_PAGE, freshSeconds: 0 };
  }

  /** The content of a file of JSON that only some functions have. */
  optional(name) {
    return fs.existsSync(path.join(this.root, name)) ? JSON.parse(this.read(name).toString('utf8')) : null;
  }

  read(name) {
    return fs.readFileSync(path.join(this.root, name));
  }
}

function sourcesOf(declared) {
  const { Sources } = require('./sources.js'); // few sites have sources
  return new Sources(declared, process.env);
}

/** Headers of a 404 with the tag of its path. */
function withTag(headers, decoded) {
  const filled = Object.entries(headers).map(([name, value]) => [
    name,
    value.includes(TAG_OF_PATH) ? value.replace(TAG_OF_PATH, tagOf(decoded)) : value,
  ]);
  return Object.fromEntries(filled);
}

/** The last line of a Python traceback says what happened; so does the only line of others. */
function lastLine(error) {
  return String(error?.message ?? error).trim().split('\n').at(-1);
}

/** Log one line for each answer. `boot_ms` is 0 where Python was running already or not needed. */
function report(requested, kind, { response, bootMs = 0, renderMs = 0, fetchMs = 0, asked = [], error }) {
  log({
    path: requested,
    status: response.status,
    kind,
    boot_ms: Math.round(bootMs),
    render_ms: Math.round(renderMs * 10) / 10,
    ...(fetchMs && { fetch_ms: Math.round(fetchMs) }),
    ...(asked.length > 0 && { sources: asked.map(({ source, status, ms }) => ({ name: source, status, ms: Math.round(ms) })) }),
    bytes: Buffer.byteLength(response.body),
    ...(error && { error }),
  });
}

function log(entry) {
  console.log(JSON.stringify(entry));
}

module.exports = { Pages };
