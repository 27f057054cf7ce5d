// Compares paths of functions with paths of requests as Netlify's bundler and CLI do, and as a plain
// URLPattern does.
// usage: node match_paths.mjs NODE_MODULES < [{paths, requests}, ...] > [{cli, pattern}, ...]

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules] = process.argv.slice(2);
const { URLPattern } = createRequire(`${modules}/`)('urlpattern-polyfill');
const bundler = `${modules}/@netlify/zip-it-and-ship-it/dist/utils/routes.js`;
const { getRoutes } = await import(pathToFileURL(bundler));
const { default: NetlifyFunction } = await import(
  pathToFileURL(`${modules}/netlify-cli/dist/lib/functions/netlify-function.js`)
);

const answers = [];
for (const { paths, requests } of JSON.parse(readFileSync(0))) {
  const routes = getRoutes('pages', paths);
  const deployed = { buildData: { routes }, buildQueue: Promise.resolve() };
  const patterns = paths.map((pathname) => new URLPattern({ pathname }));
  const cli = [];
  const pattern = [];
  for (const request of requests) {
    const { pathname } = new URL(request, 'https://example.org');
    const match = NetlifyFunction.prototype.matchURLPath;
    cli.push(Boolean(await match.call(deployed, pathname, 'GET', async () => false)));
    pattern.push(patterns.some((one) => one.test({ pathname })));
  }
  answers.push({ cli, pattern });
}
process.stdout.write(JSON.stringify(answers));
process.exit(0);
