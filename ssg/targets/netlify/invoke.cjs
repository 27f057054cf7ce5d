'use strict';

// Calls an emitted function as Netlify does, for requests that come as lines of JSON
// (bundles/pyodide/local_function.py).
// usage: node invoke.cjs FUNCTION.js [FOLDER_OF_TEXTS | ORIGIN]

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const readline = require('node:readline');

// Standard output belongs to the protocol; what the function logs goes to standard error.
const writeLine = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const [script, texts] = process.argv.slice(2);
const { handler } = require(path.resolve(script));
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
    const response = await handler(eventFor(await deploy, method, requested, kind), {});
    const { statusCode: status, headers = {}, body = '', metadata = {} } = response;
    // The wrapper says 0 where there is no time to live.
    const caching = [metadata.ttl || null, null, []];
    send({ id, status, headers, caching, body });
  } catch (error) {
    send({ id, error: String(error?.stack ?? error) });
  }
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
