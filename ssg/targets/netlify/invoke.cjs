'use strict';

// Calls an emitted function as Netlify does, for requests that come as lines of JSON
// (bundles/pyodide/local_function.py).
// usage: node invoke.cjs FUNCTION [FOLDER_OF_TEXTS | ORIGIN]
// FUNCTION is a builder, NAME.js, or a function, NAME.mjs.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const readline = require('node:readline');
const { pathToFileURL } = require('node:url');

// Standard output belongs to the protocol; what the function logs goes to standard error.
const writeLine = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const [script, texts] = process.argv.slice(2);
const call = script.endsWith('.mjs') ? callFunction(path.resolve(script)) : callBuilder(path.resolve(script));
const NOWHERE = 'https://example.invalid'; // for a function that fetches nothing
const deploy = !texts || /^https?:/.test(texts) ? Promise.resolve(texts) : serve(texts);

/** Serve the part of a deploy that its function asks for: blocks of texts, by name. */
function serve(folder) {
  const server = http.createServer((request, response) => {
    fs.readFile(path.join(folder, path.basename(request.url)), (error, content) => {
      response.writeHead(error ? 404 : 200).end(content);
    });
  });
  server.unref(); // the process ends with its input
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

async function answer({ id, method, path: requested, kind }) {
  try {
    send({ id, ...(await call(await deploy, method, requested, kind)) });
  } catch (error) {
    send({ id, error: String(error?.stack ?? error) });
  }
}

/** A builder tells its time to live beside its response; the wrapper says 0 where there is none. */
function callBuilder(file) {
  const { handler } = require(file);
  return async (origin, method, requested, kind) => {
    const response = await handler(eventFor(origin, method, requested, kind), {});
    const { statusCode: status, headers = {}, body = '', metadata = {} } = response;
    return { status, headers, caching: [metadata.ttl || null, null, []], body };
  };
}

/** A function says in its headers how long caches may keep the answer. */
function callFunction(file) {
  const loaded = import(pathToFileURL(file));
  loaded.catch(() => {}); // told with the answer
  return async (origin, method, requested) => {
    const { default: handler } = await loaded;
    const response = await handler(new Request((origin ?? NOWHERE) + requested, { method }), {});
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, body: await response.text() };
  };
}

function eventFor(origin, method, requested, kind) {
  return {
    ...(origin && { rawUrl: origin + requested }),
    httpMethod: method,
    path: requested,
    headers: { 'x-nf-builder-cache': kind },
    queryStringParameters: {},
    multiValueQueryStringParameters: {},
    body: null,
    isBase64Encoded: false,
  };
}

function send(message) {
  writeLine(JSON.stringify(message) + '\n');
}

readline.createInterface({ input: process.stdin }).on('line', (line) => answer(JSON.parse(line)));
