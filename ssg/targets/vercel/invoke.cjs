'use strict';

// Calls an emitted function as Vercel does. Its launcher listens with the handler on a port of its
// own and sends each request there. The routes of the deploy say whether a Prerender function
// answers: then the URL is that of its route, and its configuration says how long caches keep the
// answer.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { answerLines } = require('../bundles/pyodide/request_lines.cjs');

const STORED = [200, 301, 302, 307, 308, 404, 410]; // statuses that a Prerender function keeps
const FUNCTIONS = '/_ssg/functions/';

function callFunction(file) {
  const output = path.resolve(path.dirname(file), '../../../..');
  const prerenders = prerendersOf(output);
  const listening = listen(require(file));
  return async (origin, method, requested) => {
    if (origin) process.env.VERCEL_URL = origin;
    const { pathname } = new URL(requested, 'https://example.invalid');
    const prerender = prerenders.map((one) => one(pathname)).find(Boolean);
    const answer = await ask(await listening, method, prerender?.url ?? requested);
    if (!prerender) return answer;
    const isStored = STORED.includes(answer.status) && answer.headers['cache-control'] !== 'no-store';
    return { ...answer, caching: isStored ? prerender.caching : [0, 0, []] };
  };
}

/** For each route to a Prerender function: from a path to its URL and its caching, or null. */
function prerendersOf(output) {
  const file = path.join(output, 'config.json');
  const { routes } = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { routes: [] };
  return routes
    .filter(({ dest }) => dest?.startsWith(FUNCTIONS) && dest.includes('?'))
    .map(({ src, dest }) => {
      const expression = new RegExp(src);
      const caching = cachingOf(path.join(output, 'functions', dest.split('?')[0] + '.prerender-config.json'));
      return (pathname) => {
        const { groups } = expression.exec(pathname) ?? {};
        return groups && { url: dest.replace(/\$(\w+)/g, (_, name) => groups[name]), caching };
      };
    });
}

function cachingOf(file) {
  const { expiration, staleExpiration } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const fresh = expiration === false ? null : expiration;
  return [fresh, staleExpiration === undefined ? null : staleExpiration - expiration, []];
}

function listen(handler) {
  const server = http.createServer(handler);
  server.unref(); // the process ends with its input
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

function ask(port, method, url) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path: url, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const headers = { ...response.headers };
        ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'].forEach((name) => delete headers[name]);
        resolve({ status: response.statusCode, headers, body: Buffer.concat(parts).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

answerLines(callFunction);
