'use strict';

// The entry of the function, for Vercel's launcher `Nodejs`: a plain function, and the Prerender
// functions that are links to it.

const { Pages } = require('./lib/pages.js');

// The functions have these paths, which no visitor reaches.
const OWN_PATHS = '/_ssg/functions/';
const PATH_PARAMETER = 'ssgpath';
const METHODS = ['GET', 'HEAD'];

// .vc-config.json gives a request 60 seconds.
const pages = new Pages(__dirname, { maxStartMs: 50_000 });

module.exports = async (request, response) => {
  const { status, headers, body } = METHODS.includes(request.method)
    ? await pages.answer(pagePath(request), { url: deployUrl() })
    : refusal();
  response.writeHead(status, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
};

/**
 * The path that was asked for, still encoded. A plain function gets it in the URL. A Prerender
 * function gets its own path there, and what the route put into the query: either in the URL, or
 * in a header with the matches of the route.
 */
function pagePath({ url, headers }) {
  const [path, query = ''] = url.split(/\?(.*)/s);
  if (!path.startsWith(OWN_PATHS)) return path;
  return parameter(query) ?? parameter(headers['x-now-route-matches'] ?? '') ?? path;
}

/** The path in a query. It is encoded once more, or it begins with a slash. */
function parameter(query) {
  const found = query.split('&').find((part) => part.startsWith(`${PATH_PARAMETER}=`));
  const value = found?.slice(PATH_PARAMETER.length + 1);
  return value?.startsWith('%2F') ? decoded(value) : value;
}

function decoded(value) {
  try {
    return decodeURIComponent(value.replaceAll('+', '%20'));
  } catch {
    return value;
  }
}

/** Where the files of this deploy are, for a site whose texts are not in the function. */
function deployUrl() {
  const host = process.env.VERCEL_URL;
  return host && (/^https?:/.test(host) ? host : `https://${host}`);
}

function refusal() {
  const headers = { Allow: METHODS.join(', '), 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' };
  return { status: 405, headers, body: 'Method Not Allowed' };
}
