'use strict';

// Answers requests that come as lines of JSON (local_function.py), for the invoker of a host:
// node INVOKER FUNCTION [FOLDER_OF_TEXTS | ORIGIN]

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const readline = require('node:readline');

// Standard output belongs to the protocol; what the function logs goes to standard error.
const writeLine = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

/**
 * Answer all requests. `callOf(script)` loads a function, and returns one that calls it as its host
 * does: (origin of the deploy, method, path, kind) => { status, headers, body, caching }.
 */
function answerLines(callOf) {
  const [script, texts] = process.argv.slice(2);
  const call = callOf(path.resolve(script));
  const deploy = !texts || /^https?:/.test(texts) ? Promise.resolve(texts) : serve(texts);
  readline.createInterface({ input: process.stdin }).on('line', (line) => answer(call, deploy, JSON.parse(line)));
}

async function answer(call, deploy, { id, method, path: requested, kind }) {
  try {
    send({ id, ...(await call(await deploy, method, requested, kind)) });
  } catch (error) {
    send({ id, error: String(error?.stack ?? error) });
  }
}

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

function send(message) {
  writeLine(JSON.stringify(message) + '\n');
}

module.exports = { answerLines };
