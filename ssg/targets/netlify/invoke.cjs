'use strict';

// Calls an emitted function as Netlify does: a builder, NAME.js, or a function, NAME.mjs.

const { pathToFileURL } = require('node:url');
const { answerLines } = require('../bundles/pyodide/request_lines.cjs');

const NOWHERE = 'https://example.invalid'; // for a function that fetches nothing

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

answerLines((file) => (file.endsWith('.mjs') ? callFunction(file) : callBuilder(file)));
