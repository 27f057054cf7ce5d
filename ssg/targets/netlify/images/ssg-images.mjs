// The entry of the function: it answers with variants of pictures, as Netlify's functions do.

import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { Images } = require('./lib/images.js');

const FILE = fileURLToPath(import.meta.url);
const { DEPLOY_URL, NETLIFY_DEV } = process.env;
let images;

const LONGEST = 'public, durable, s-maxage=31536000';
const SHORT = 'public, s-maxage=60'; // what is not listed in this deploy

export default async (request, context) => {
  const { origin, pathname } = new URL(request.url);
  images ??= new Images(path.dirname(FILE), {
    name: path.basename(FILE, '.mjs'),
    seconds: 25,
    // Only on the machine of a developer a request says where the site is.
    origins: [permalink(context), DEPLOY_URL, ...(NETLIFY_DEV === 'true' ? [origin] : [])],
  });
  const { status, headers, body } = await images.answer(request.method, pathname);
  const isBare = request.method === 'HEAD' || body.length === 0;
  return new Response(isBare ? null : body, { status, headers: { ...headers, ...forCaches(status, headers) } });
};

// Netlify's bundler reads this without running the file; a build fills it.
export const config = {};

/** The address of this deploy, which stays when another is published. */
function permalink(context) {
  const { deploy, site } = context ?? {};
  return deploy?.id && site?.name ? `https://${deploy.id}--${site.name}.netlify.app` : undefined;
}

/** For Netlify's cache. `Netlify-Vary` takes the query out of its key. */
function forCaches(status, { 'Cache-Control': caching }) {
  if (caching === 'no-store') return { 'Netlify-CDN-Cache-Control': 'no-store' };
  return { 'Netlify-CDN-Cache-Control': status === 404 ? SHORT : LONGEST, 'Netlify-Vary': 'query=_ssg' };
}
