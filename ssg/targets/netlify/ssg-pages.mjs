// The entry of the function: it answers with the pages of the bundle, as Netlify's functions do.

import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { Pages } = require('./lib/pages.js');

const FILE = fileURLToPath(import.meta.url);
const OWN_PATH = `/.netlify/functions/${path.basename(FILE, '.mjs')}`;
const METHODS = ['GET', 'HEAD'];

// Netlify gives a request 60 seconds (Netlify docs, Functions, "Default deployment options").
const pages = new Pages(path.dirname(FILE), { maxStartMs: 50_000 });

export default async (request) => {
  if (!METHODS.includes(request.method)) return refusal();
  const { pathname } = new URL(request.url);
  const { status, headers, body } = await pages.answer(pagePath(pathname), { url: request.url });
  return new Response(request.method === 'HEAD' ? null : body || null, { status, headers });
};

// Netlify's bundler reads this without running the file; a build fills it.
export const config = {};

/** The page's path, also where the function is asked at its own address. */
function pagePath(requested) {
  if (requested === OWN_PATH) return '/';
  return requested.startsWith(OWN_PATH + '/') ? requested.slice(OWN_PATH.length) : requested;
}

function refusal() {
  const headers = { Allow: METHODS.join(', '), 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' };
  return new Response('Method Not Allowed', { status: 405, headers });
}
