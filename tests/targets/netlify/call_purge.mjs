// Calls the function that purges, for requests that come as lines of JSON, one after the other.
// usage: node call_purge.mjs FUNCTION.mjs

import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { default: purge, config } = await import(pathToFileURL(process.argv[2]));

for await (const line of createInterface({ input: process.stdin })) {
  const { method = 'POST', headers = {}, body = '' } = JSON.parse(line);
  const sent = method === 'GET' ? undefined : Buffer.from(body, 'latin1');
  const request = new Request('https://example.org' + config.path, { method, headers, body: sent });
  const response = await purge(request, {});
  const answer = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.json(),
  };
  console.error(JSON.stringify(answer));
}
