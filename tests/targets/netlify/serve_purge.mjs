// Serves the function that purges, on a port that it prints.
// usage: node serve_purge.mjs FUNCTION.mjs

import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const { default: purge, config } = await import(pathToFileURL(process.argv[2]));

const server = createServer(async (incoming, outgoing) => {
  const isThere = incoming.url === config.path && incoming.method === config.method;
  const request = new Request(`https://example.org${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers,
    body: incoming.method === 'POST' ? Readable.toWeb(incoming) : undefined,
    duplex: 'half',
  });
  const response = isThere ? await purge(request, {}) : new Response('', { status: 404 });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
});
server.listen(0, '127.0.0.1', () => process.stderr.write(`${server.address().port}\n`));
