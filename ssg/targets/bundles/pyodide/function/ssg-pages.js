'use strict';

// An On-demand Builder that renders the deferred pages of a site with the same Python as the build.
// It reads the path of a request and nothing else: that is all an edge cache keys a response by. Where
// the texts are files of its deploy, it asks the host that it was itself asked at for them.
// Python starts with the first request for a page that there is; strangers' paths never start it.

const fs = require('node:fs');
const path = require('node:path');
const { builder } = require('@netlify/functions');
const { Membership, decodePath, pagePath } = require('./lib/paths.js');
const { Runtime } = require('./lib/runtime.js');
const { Blocks, originOf } = require('./lib/texts.js');

const NAME = path.basename(__filename, '.js');
const HTML = { 'Content-Type': 'text/html; charset=UTF-8' };
const FAILURE_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Error</title></head>
<body><h1>This page cannot be shown right now</h1>
<p>Please try again in a moment.</p></body></html>
`;

const known = new Membership(read('paths.bin'));
const notFoundPage = read('404.html').toString('utf8');
// Those of languages, by their folders; the innermost comes first.
const errorPages = Object.entries(JSON.parse(read('errors.json').toString('utf8')))
  .sort(([one], [other]) => other.length - one.length);
// Without this file the texts are in this folder.
const blocks = fs.existsSync(path.join(__dirname, 'blocks.bin'))
  ? new Blocks(read('blocks.bin'), known.count)
  : null;
const runtime = new Runtime(__dirname, log);

exports.handler = builder(async (event) => {
  const page = pagePath(event.path, NAME);
  const decoded = decodePath(page);
  const number = decoded === null ? -1 : known.find(decoded);
  const answer =
    number < 0 ? { response: notFound(decoded) } : await rendered(page, textOf(number, event));
  report(page, event.headers, answer);
  return answer.response;
});

/** Where the text of a page is to be fetched; null if all are in this folder. */
function textOf(number, event) {
  return blocks && { origin: originOf(event), blocks: blocks.of(number) };
}

/** Ask Python for a page. Whatever goes wrong there is an answer with status 500. */
async function rendered(page, text) {
  try {
    return await runtime.answer(page, text);
  } catch (error) {
    return { response: failed(), error: { message: lastLine(error) } };
  }
}

function read(name) {
  return fs.readFileSync(path.join(__dirname, name));
}

/** The error page, in the language of the folder that a path is in. */
function notFound(decoded) {
  const own = errorPages.find(([folder]) => decoded?.startsWith(folder));
  return { statusCode: 404, headers: HTML, body: own ? own[1] : notFoundPage };
}

function failed() {
  return { statusCode: 500, headers: HTML, body: FAILURE_PAGE };
}

/** The last line of a Python traceback says what happened; so does the only line of others. */
function lastLine(error) {
  return String(error?.message ?? error).trim().split('\n').at(-1);
}

/** One line for each answer. `boot_ms` is 0 where Python was up already, or was not asked. */
function report(page, headers, { response, bootMs = 0, renderMs = 0, fetchMs = 0, error }) {
  log({
    path: page,
    status: response.statusCode,
    kind: headers?.['x-nf-builder-cache'] === 'revalidate' ? 'revalidate' : 'miss',
    boot_ms: Math.round(bootMs),
    render_ms: Math.round(renderMs * 10) / 10,
    ...(fetchMs && { fetch_ms: Math.round(fetchMs) }),
    bytes: Buffer.byteLength(response.body),
    ...(error && { error }),
  });
}

function log(entry) {
  console.log(JSON.stringify(entry));
}
