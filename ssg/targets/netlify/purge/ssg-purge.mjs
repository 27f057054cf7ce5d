// The function that answers `POST /_ssg/purge`: it checks the signature, and purges this site with
// the token that Netlify gives to each of its functions. It waits for no busy API: the client
// gets 429 or 502, and tries again with a new signature.

import {
  MAX_BODY_BYTES,
  SeenNonces,
  isSigned,
  isTimely,
  requestedTags,
  usableSecret,
} from './signed_request.mjs';

const API = 'https://api.netlify.com';
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];
const TIMEOUT_MS = 20_000; // below the 60 seconds of a function, and of ssg's client

const seen = new SeenNonces();

export default async function purge(request) {
  const started = Date.now();
  const { status, body, headers } = await answer(request);
  console.log(JSON.stringify({ purge: body.purged ?? body.error, status, ms: Date.now() - started }));
  return Response.json(body, { status, headers: { ...headers, 'Cache-Control': 'no-store' } });
}

export const config = { path: '/_ssg/purge', method: 'POST' };

/** Without a secret there is no endpoint: the answer is that of an unknown path. */
async function answer(request) {
  const secret = usableSecret(process.env.SSG_PURGE_SECRET);
  if (secret === null) return failure(404, 'not found');
  if (request.method !== 'POST') return failure(405, 'only POST', { Allow: 'POST' });
  const header = (name) => request.headers.get(name) ?? '';
  const [timestamp, nonce] = [header('Ssg-Timestamp'), header('Ssg-Nonce')];
  const now = Date.now() / 1000;
  if (!isTimely(timestamp, nonce, now)) return failure(401, 'the time or the nonce is not valid');
  const body = await limitedBody(request);
  if (body === null) return failure(413, `the body has more than ${MAX_BODY_BYTES} bytes`);
  if (!isSigned(header('Ssg-Signature'), secret, timestamp, nonce, body)) {
    return failure(401, 'the signature is not valid');
  }
  if (!seen.add(nonce, timestamp, now)) return failure(401, 'the request is a repetition');
  return purgeTags(body);
}

async function purgeTags(body) {
  let tags;
  try {
    tags = requestedTags(body);
  } catch (error) {
    return failure(400, error.message);
  }
  const token = process.env.NETLIFY_PURGE_API_TOKEN;
  const [site, url] = [process.env.SITE_ID, apiAddress()];
  if (!token || !site || !url) return failure(501, 'the host gives no token to purge with');
  const values = { site_id: site, ...(tags && { cache_tags: tags }) };
  return forwarded(await askApi(url, token, values), tags);
}

/** The address of the API, as Netlify's CLI reads it; null if a token must not be sent there. */
function apiAddress() {
  const text = (process.env.NETLIFY_API_URL || API).replace(/\/+$/, '');
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, pathname } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.includes(hostname))) return null;
  return `${text}${pathname === '/' ? '/api/v1' : ''}/purge`;
}

/** The answer of the API, or null if there was none. Its body is not passed on. */
async function askApi(url, token, values) {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(values),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return null;
  }
}

function forwarded(response, tags) {
  if (response?.ok) return { status: 202, body: { purged: tags ? tags.length : 'everything' } };
  if (response?.status !== 429) return failure(502, `the API answered ${response?.status ?? 'nothing'}`);
  const wait = response.headers.get('Retry-After');
  return failure(429, 'the API is busy', wait === null ? {} : { 'Retry-After': wait });
}

/** The body's bytes, or null if there are too many. */
async function limitedBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failure(status, error, headers = {}) {
  return { status, body: { error }, headers };
}
