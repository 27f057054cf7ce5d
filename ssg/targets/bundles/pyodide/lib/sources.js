'use strict';

// Asks the sources of live pages: JSON over HTTP, as ssg/sources/http does in Python; one table of
// cases in the tests is for both. Only this file knows secrets: it reads `${NAME}` in the environment
// and puts values into headers. What leaves it, answers and messages, is redacted.

const http = require('node:http');
const https = require('node:https');
const zlib = require('node:zlib');
const { AnswerCache } = require('./answer_cache.js');
const { Redaction } = require('./redaction.js');
const { SourceError, SourceUrl } = require('./source_url.js');

const VARIABLE = /\$\{([^{}]*)\}/g;
const MISSING = new Set([204, 404, 410]);
const DRAFT_HEADER = 'X-Ssg-Draft';
const RESERVED_HEADERS = new Set([
  'accept-encoding', 'connection', 'content-length', 'host', 'if-modified-since', 'if-none-match',
  'te', 'transfer-encoding', 'upgrade', DRAFT_HEADER.toLowerCase(),
]);
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const AGENT = { keepAlive: true, keepAliveMsecs: 1000, maxSockets: 64, maxFreeSockets: 16, timeout: 30_000 };
const DRAINED_BYTES = 64_000;
const NOTHING = Buffer.alloc(0);

/**
 * All sources of a site. `declared` is the content of sources.json: { env, user_agent, sources }, and
 * `variables` is the environment. Throws nothing: a source that cannot be asked says so in its answers.
 */
class Sources {
  constructor(declared, variables) {
    const { env = [], sources = {} } = declared;
    const shown = new Set(env);
    const texts = Object.values(sources).flatMap(({ url, headers }) => [url, ...Object.values(headers)]);
    const secrets = variablesIn(texts.join(' ')).filter((name) => !shown.has(name) && variables[name]);
    this.redaction = new Redaction(secrets.map((name) => variables[name]));
    this.visible = Object.fromEntries(env.filter((name) => name in variables).map((name) => [name, variables[name]]));
    this.clients = new Map(Object.entries(sources).map(([name, source]) => [name, clientOf(name, source, declared, variables)]));
  }

  /**
   * The answer to a request, { status, body, problem, ms }. `problem` is empty unless the source
   * failed. It takes `limitMs` at most.
   */
  async ask({ source, path, isDraft = false }, limitMs = Infinity) {
    const started = performance.now();
    const answer = await this.answer(source, path, isDraft, limitMs);
    const { status, body = NOTHING, problem = '' } = answer;
    const ms = performance.now() - started;
    return { status, body: this.redaction.body(body), problem: this.redaction.text(problem), ms };
  }

  async answer(name, path, isDraft, limitMs) {
    const client = this.clients.get(name);
    if (!client) return { status: 0, problem: `${name}: there is no such source` };
    try {
      if (client instanceof Error) throw client;
      return await client.ask(path, isDraft, limitMs);
    } catch (error) {
      const reason = error instanceof SourceError ? error.message : `it cannot be asked: ${error.message}`;
      return { status: error.status ?? 0, problem: `${name}: ${reason}` };
    }
  }
}

/** A client, or the error that says why there is none. */
function clientOf(name, source, declared, variables) {
  try {
    return new HttpSource(source, declared.user_agent, variables);
  } catch (error) {
    return error;
  }
}

class HttpSource {
  constructor({ url, headers, timeout, max_bytes: maxBytes }, userAgent, variables) {
    this.url = new SourceUrl(filled(url, 'its url', variables));
    this.headers = requestHeaders(headers, userAgent, variables);
    this.timeoutSeconds = timeout;
    this.maxBytes = maxBytes;
    this.answers = new AnswerCache();
    const isSecure = this.url.scheme === 'https:';
    this.send = isSecure ? https.request : http.request;
    this.agent = isSecure ? new https.Agent(AGENT) : new http.Agent(AGENT);
  }

  async ask(path, isDraft, limitMs) {
    const target = this.url.target(path);
    if (target === null) return { status: 404 };
    if (isDraft) return this.reply(target, { [DRAFT_HEADER]: '1' }, limitMs);
    const kept = this.answers.get(target);
    const reply = await this.reply(target, kept?.conditions ?? {}, limitMs);
    if (kept && reply.status === 304) return { status: 200, body: kept.body };
    this.answers.put(target, reply.status === 200 ? reply.body : null, reply.headers);
    return reply;
  }

  /**
   * The reply. Once more, over a new connection, if the connection broke before the first byte of it:
   * a host may stop a function for a while, and sources close their connections meanwhile.
   */
  async reply(target, headers, limitMs) {
    const endsAt = performance.now() + Math.min(this.timeoutSeconds * 1000, limitMs);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.exchange(target, headers, endsAt, attempt === 1 ? this.agent : false);
      } catch (error) {
        if (!(error instanceof BrokenConnection)) throw error;
        if (error.hasBytes) throw new SourceError('the answer broke off, or is not HTTP');
        if (attempt === 2) throw new SourceError('the connection broke twice');
      }
    }
  }

  exchange(target, headers, endsAt, agent) {
    return new Promise((resolve, reject) => {
      const connection = { socket: null, isConnected: false, bytesBefore: 0, isLate: false };
      const request = this.send({
        agent, host: this.url.host, port: this.url.port, path: target, insecureHTTPParser: false,
        headers: { Host: this.url.authority, ...this.headers, ...headers },
      });
      const stop = () => {
        connection.isLate = true;
        request.destroy(new Error('late'));
      };
      const timer = setTimeout(stop, Math.max(0, endsAt - performance.now()));
      const fail = (error) => reject(
        connection.isLate ? new SourceError(`no answer within ${this.timeoutSeconds} s`) : failureOf(error, connection),
      );
      request.once('close', () => clearTimeout(timer));
      request.on('socket', (socket) => watch(socket, connection));
      request.on('error', fail);
      request.on('response', (response) => {
        receive(response, this.maxBytes, headers).then(resolve, (error) => {
          request.destroy();
          fail(error);
        });
      });
      request.end();
    });
  }
}

/** The connection broke, or what came is not HTTP. */
class BrokenConnection extends Error {
  constructor(hasBytes) {
    super('the connection broke');
    this.hasBytes = hasBytes;
  }
}

function watch(socket, connection) {
  connection.socket = socket;
  connection.bytesBefore = socket.bytesRead;
  connection.isConnected = !socket.connecting;
  const event = socket.encrypted ? 'secureConnect' : 'connect';
  if (socket.connecting) socket.once(event, () => { connection.isConnected = true; });
}

function failureOf(error, { socket, isConnected, bytesBefore }) {
  if (error instanceof SourceError) return error;
  if (!isConnected) return new SourceError(`the source cannot be reached: ${error.message || error.code}`);
  return new BrokenConnection(socket.bytesRead > bytesBefore);
}

async function receive(response, maxBytes, asked) {
  const { statusCode: status, headers } = response;
  if (status >= 200 && status < 300 && !MISSING.has(status)) {
    return { status, headers, body: await bodyOf(response, headers['content-encoding'] ?? '', maxBytes) };
  }
  await drain(response);
  if (MISSING.has(status) || (status === 304 && Object.keys(asked).length > 0)) return { status, headers };
  const hint = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  throw new SourceError(`the source answered ${status}${hint}`, status);
}

/** The decoded body. Throws SourceError if it is longer than the limit, or damaged. */
async function bodyOf(response, encoding, maxBytes) {
  const name = encoding.trim().toLowerCase();
  const isPacked = ['gzip', 'x-gzip'].includes(name);
  if (!isPacked && !['', 'identity'].includes(name)) {
    throw new SourceError('the answer has an encoding that was not asked for');
  }
  const received = await bytesOf(response, isPacked ? maxBytes + maxBytes / 8 + 1000 : maxBytes, maxBytes);
  if (!isPacked) return received;
  try {
    return zlib.gunzipSync(received, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(maxBytes);
    throw new SourceError('the answer is not the gzip that it says it is');
  }
}

async function bytesOf(response, limit, maxBytes) {
  const parts = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > limit) throw tooLong(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLong(maxBytes) {
  return new SourceError(`the answer is longer than ${maxBytes.toLocaleString('en-US')} bytes (\`max_bytes\`)`);
}

/** Read a short body that nobody needs, so that the connection can be used again. */
async function drain(response) {
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > DRAINED_BYTES) return;
  }
}

/** The headers of every request. Throws SourceError, which contains no value. */
function requestHeaders(given, userAgent, variables) {
  const headers = {};
  for (const [name, text] of Object.entries(given)) {
    const value = filled(text, `the header ${name}`, variables).replace(/^[ \t]+|[ \t]+$/g, '');
    if (!HEADER_NAME.test(name) || RESERVED_HEADERS.has(name.toLowerCase())) {
      throw new SourceError(`the header ${name} cannot be set`);
    }
    if (!HEADER_VALUE.test(value)) {
      const names = variablesIn(text).join(', ') || 'its value';
      throw new SourceError(`the header ${name} may contain ASCII in one line only: look at ${names}`);
    }
    headers[name] = value;
  }
  const own = { Accept: 'application/json', 'Accept-Encoding': 'gzip', 'User-Agent': userAgent };
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(own).filter(([name]) => !names.has(name.toLowerCase()))), ...headers };
}

/** A text with values in place of `${NAME}`. Throws SourceError for one without a value. */
function filled(text, where, variables) {
  const missing = variablesIn(text).filter((name) => variables[name] === undefined);
  if (missing.length > 0) {
    const names = [...new Set(missing)].join(', ');
    throw new SourceError(`${where} needs a value of the variable ${names}, which is not set`);
  }
  return text.replace(VARIABLE, (_, name) => variables[name]);
}

function variablesIn(text) {
  return [...text.matchAll(VARIABLE)].map(([, name]) => name);
}

module.exports = { Sources };
