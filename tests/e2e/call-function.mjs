// Calls the entry point of an unpacked function as Netlify's machine does: one JSON line for each
// request on standard error.
// usage: node call-function.mjs FOLDER METHOD PATH...

import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

globalThis.awslambda = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: { from: (stream, meta) => Object.assign(stream, { meta }) },
};

const [folder, method, ...paths] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(`${folder}/___netlify-entry-point.mjs`));

for (const path of paths) {
  const event = {
    httpMethod: method,
    rawUrl: `https://example.org${path}`,
    headers: { host: 'example.org' },
    body: null,
    isBase64Encoded: false,
    flags: {},
  };
  const context = { awsRequestId: '1', clientContext: {}, getRemainingTimeInMillis: () => 60_000 };
  const stream = new PassThrough();
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve) => stream.on('end', resolve));
  await (await handler)(event, stream, context);
  await ended;
  const { statusCode: status, multiValueHeaders: headers } = stream.meta;
  const body = Buffer.concat(chunks).toString('base64');
  process.stderr.write(JSON.stringify({ status, headers, body }) + '\n');
}
process.exit(0);
