// Calls an unpacked bundle as Netlify's machine does, with a token of its own for each request.
// usage: node call_deployed_purge.mjs FOLDER TOKEN < REQUEST.json

import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

globalThis.awslambda = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: { from: (stream, meta) => Object.assign(stream, { meta }) },
};

const [folder, token] = process.argv.slice(2);
const { headers, body } = JSON.parse(readFileSync(0));
const { handler } = await import(pathToFileURL(`${folder}/___netlify-entry-point.mjs`));

const event = {
  httpMethod: 'POST',
  rawUrl: 'https://example.org/_ssg/purge',
  route: '/_ssg/purge',
  headers: { host: 'example.org', ...headers },
  body,
  isBase64Encoded: false,
  flags: {},
};
const context = {
  awsRequestId: '1',
  clientContext: { custom: { purge_api_token: token } },
  getRemainingTimeInMillis: () => 10_000,
};
const stream = new PassThrough();
const chunks = [];
stream.on('data', (chunk) => chunks.push(chunk));
const ended = new Promise((resolve) => stream.on('end', resolve));
await (await handler)(event, stream, context);
await ended;
console.error(JSON.stringify({ status: stream.meta.statusCode, body: JSON.parse(Buffer.concat(chunks)) }));
process.exit(0);
