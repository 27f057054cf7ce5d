'use strict';

// The entry of the function: an On-demand Builder that answers with the pages of the bundle.

const path = require('node:path');
const { builder } = require('@netlify/functions');
const { Pages } = require('./lib/pages.js');

const OWN_PATH = `/.netlify/builders/${path.basename(__filename, '.js')}`;

// Netlify gives a request 10 seconds (Netlify docs, On-demand Builders).
const pages = new Pages(__dirname, { maxStartMs: 9000 });

exports.handler = builder(async (event) => {
  const isRefresh = event.headers?.['x-nf-builder-cache'] === 'revalidate';
  const { status, headers, body, freshSeconds } = await pages.answer(pagePath(event.path), {
    url: event.rawUrl,
    kind: isRefresh ? 'revalidate' : 'miss',
  });
  return { statusCode: status, headers, body, ...(freshSeconds > 0 && { ttl: freshSeconds }) };
});

/** The page's path, also where the builder is asked at its own address. */
function pagePath(requested) {
  if (requested === OWN_PATH) return '/';
  return requested.startsWith(OWN_PATH + '/') ? requested.slice(OWN_PATH.length) : requested;
}
