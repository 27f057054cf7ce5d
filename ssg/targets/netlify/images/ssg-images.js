'use strict';

// The entry of the function: an On-demand Builder that answers with variants of pictures. Without a
// time to live Netlify keeps them until the next deploy.

const path = require('node:path');
const { builder } = require('@netlify/functions');
const { Images } = require('./lib/images.js');

const { DEPLOY_URL, NETLIFY_DEV } = process.env;
const name = path.basename(__filename, '.js');
let images;

exports.handler = builder(async (event) => {
  // Only on the machine of a developer a request says where the site is.
  const origins = [DEPLOY_URL, ...(NETLIFY_DEV === 'true' ? [new URL(event.rawUrl).origin] : [])];
  images ??= new Images(__dirname, { name, seconds: 8, origins }); // Netlify gives a request 10 seconds
  const { status, headers, body } = await images.answer(event.httpMethod, event.path);
  return { statusCode: status, headers, body: body.toString('base64'), isBase64Encoded: true };
});
