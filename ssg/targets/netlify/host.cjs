'use strict';

// Calls an emitted function as the platform does, for requests that come as lines of JSON.
// usage: node host.cjs FUNCTION.js
// in:  {"id", "method", "path", "kind"}
// out: {"id", "status", "headers", "ttl", "body"} or {"id", "error"}

const path = require('node:path');
const readline = require('node:readline');

// Standard output is the protocol's alone; what the function logs goes to standard error.
const writeLine = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const { handler } = require(path.resolve(process.argv[2]));

async function answer({ id, method, path: requested, kind }) {
  try {
    const response = await handler(eventFor(method, requested, kind), {});
    const { statusCode: status, headers = {}, body = '', metadata = {} } = response;
    send({ id, status, headers, ttl: metadata.ttl ?? 0, body });
  } catch (error) {
    send({ id, error: String(error?.stack ?? error) });
  }
}

function eventFor(method, requested, kind) {
  return {
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
