// The entry of the function: it answers with variants of pictures, as Netlify's functions do.

import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { Images } = require('./lib/images.js');
const { originsFor } = require('./lib/origins.js');

const FILE = fileURLToPath(import.meta.url);

// Netlify gives a request 60 seconds (Netlify docs, Functions, "Default deployment options").
const images = new Images(path.dirname(FILE), { name: path.basename(FILE, '.mjs'), seconds: 25 });

const LONGEST = 'public, durable, s-maxage=31536000';
const SHORT = 'public, s-maxage=60'; // what is not listed in this deploy

export default async (request, context) => {
  const { pathname } = new URL(request.url);
  const origins = originsFor(request.url, context?.deploy?.id);
  const { status, headers, body } = await images.answer(request.method, pathname, origins);
  const isBare = request.method === 'HEAD' || body.length === 0;
  return new Response(isBare ? null : body, { status, headers: { ...headers, ...forCaches(status, headers) } });
};

// Netlify's bundler reads this without running the file; a build fills it.
export const config = {};

/** For Netlify's cache. `Netlify-Vary` takes the query out of its key. */
function forCaches(status, { 'Cache-Control': caching }) {
  if (caching === 'no-store') return { 'Netlify-CDN-Cache-Control': 'no-store' };
  return { 'Netlify-CDN-Cache-Control': status === 404 ? SHORT : LONGEST, 'Netlify-Vary': 'query=_ssg' };
}
