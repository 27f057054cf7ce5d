'use strict';

// The entry of the function: an On-demand Builder that answers with variants of pictures. Without a
// time to live Netlify keeps them until the next deploy.

const path = require('node:path');
const { builder } = require('@netlify/functions');
const { Images } = require('./lib/images.js');
const { originsFor } = require('./lib/origins.js');

// Netlify gives a request 10 seconds (Netlify docs, On-demand Builders).
const images = new Images(__dirname, { name: path.basename(__filename, '.js'), seconds: 8 });

exports.handler = builder(async ({ httpMethod, path: requested, rawUrl }) => {
  const { status, headers, body } = await images.answer(httpMethod, requested, originsFor(rawUrl));
  return { statusCode: status, headers, body: body.toString('base64'), isBase64Encoded: true };
});
