'use strict';

// Owns the one Python of the process, and brings it what it needs for an answer.
//
// Python starts with the first request and stays for the life of the process. A start that fails, or
// an error that is not a Python exception, discards it; the next request starts another.
//
// Python does no I/O. `answer` in ssg/runtime/pyodide.py returns either a response or what the page
// needs: the digests of blocks of texts that are not here, and requests to sources of data. Then this
// file brings all of it at once, hands it over and asks again: one round for a page's own text, and one
// for each list whose pages' texts it shows. On a cold start, a page's own blocks are fetched while
// Python starts. Requests take turns in Python between their rounds; each has its own data.

const path = require('node:path');
const { BUNDLE, load, loadPlain } = require('./load_python.js');
const { fetchBlock } = require('./texts.js');

// A page may show several lists, and a shortcode may ask for the text of a page whose shortcodes ask
// for another one.
const MAX_ROUNDS = 32;
const MAX_FETCH_MS = 5000;

class Runtime {
  /**
   * `host` is the host of the bundle, as ssg/runtime/host.py reads it. `sources` asks for the data of
   * live pages (sources.js); null for a site without.
   */
  constructor(root, host, log, maxStartMs, sources = null) {
    this.root = root;
    this.host = host;
    this.log = log;
    this.maxStartMs = maxStartMs;
    this.sources = sources;
    this.starting = null;
    this.isUp = false;
  }

  /** Start Python unless it runs; a promise of it, which a failure rejects. */
  start() {
    if (this.starting === null) {
      const attempt = boot(this.root, this.host, this.sources?.visible ?? {}, this.log);
      const done = () => { this.isUp = this.starting === attempt; };
      attempt.then(done, () => this.forget(attempt)); // the process goes on
      this.starting = attempt;
    }
    return this.starting;
  }

  forget(attempt) {
    if (this.starting !== attempt) return;
    this.starting = null;
    this.isUp = false;
  }

  /**
   * The response for a page's path, still encoded, with times for the log. `text` says where the
   * blocks of the page are, if they are not in the function; `isRefresh` is told to loaders.
   */
  async answer(page, text, isRefresh = false) {
    const endsAt = performance.now() + this.maxStartMs;
    const attempt = this.start();
    const bring = (block) => [block, fetchBlock(text.origin, block)];
    const own = text?.blocks ?? [];
    let coming = this.isUp ? [] : own.map(bring);
    coming.forEach(([, content]) => content.catch(() => {})); // it may fail before Python has started
    const python = await this.waitFor(attempt);
    if (coming.length === 0) coming = own.filter((block) => !python.has(block)).map(bring);
    const times = { bootMs: python.takeBootMs(), fetchMs: 0, renderMs: 0 };
    const brought = []; // of this request alone
    const lap = stopwatch();
    for (let round = 0; ; round += 1) {
      if (coming.length > 0) await give(python, coming);
      if (coming.length > 0 || brought.length > 0) times.fetchMs += lap();
      const answer = this.ask(attempt, python, page, isRefresh, brought);
      times.renderMs += lap();
      if (!answer.needs) return { ...answer, ...times, asked: brought };
      const { blocks, requests } = answer.needs;
      if (blocks.length > 0 && (!text || times.fetchMs > MAX_FETCH_MS)) {
        throw new Error(`the site lacks blocks of texts: ${blocks}`);
      }
      if (round === MAX_ROUNDS) throw new Error(`the page needs more than ${MAX_ROUNDS} rounds`);
      coming = blocks.map(bring);
      coming.forEach(([, content]) => content.catch(() => {})); // it may fail before the data is here
      brought.push(...(await this.data(requests, endsAt - performance.now())));
    }
  }

  /** The answers to requests for data, all asked at once. */
  data(requests, limitMs) {
    const bring = async ([source, path, isDraft]) => ({
      source, path, isDraft, ...(await this.sources.ask({ source, path, isDraft }, limitMs)),
    });
    return Promise.all(requests.map(bring));
  }

  ask(attempt, python, page, isRefresh, brought) {
    try {
      return respond(python, page, isRefresh, brought);
    } catch (error) {
      // A Python exception leaves Python intact. Any other error does not.
      if (!(error instanceof python.PythonError)) this.forget(attempt);
      throw error;
    }
  }

  async waitFor(attempt) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('Python did not start in time')), this.maxStartMs);
    });
    try {
      return await Promise.race([attempt, late]);
    } catch (error) {
      this.forget(attempt);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function boot(root, host, env, log) {
  const started = performance.now();
  const pyodide = await loadPython(root, log);
  const entry = pyodide.pyimport('ssg.runtime.pyodide');
  entry.boot(`${BUNDLE}/site.db`, JSON.stringify(host), JSON.stringify(env));
  let bootMs = performance.now() - started;
  const takeBootMs = () => {
    const taken = bootMs;
    bootMs = 0; // only the first answer reports it
    return taken;
  };
  const { answer, give: take, has } = entry;
  return { answer, give: take, has, PythonError: pyodide.ffi.PythonError, takeBootMs };
}

/** Hand over blocks when they have arrived. Python takes plain arrays only. */
async function give(python, coming) {
  const blocks = coming.map(async ([block, content]) => [block, new Uint8Array(await content)]);
  for (const [block, content] of await Promise.all(blocks)) python.give(block, content);
}

/** A function that returns the milliseconds since its last call. */
function stopwatch() {
  let since = performance.now();
  return () => {
    const spent = performance.now() - since;
    since += spent;
    return spent;
  };
}

/** Load Python from the snapshot, or without it if that fails, which is slower and is logged. */
async function loadPython(root, log) {
  const pyodideFolder = path.join(root, 'node_modules', 'pyodide');
  try {
    return await load(pyodideFolder, root);
  } catch (error) {
    log({ event: 'snapshot-unusable', message: String(error?.message ?? error) });
    return loadPlain(pyodideFolder, root);
  }
}

function respond(python, page, isRefresh, brought) {
  // Python takes plain arrays of bytes only.
  const data = brought.map(({ source, path: asked, isDraft, status, body, problem }) => [
    source, asked, isDraft, status, new Uint8Array(body), problem,
  ]);
  // Always GET: the edge may keep the response to a HEAD and give it to a GET.
  const answered = python.answer('GET', page, isRefresh, data);
  const [status, headers, content, freshness, failure, needs] = answered.toJs();
  answered.destroy();
  if (needs) return { needs: JSON.parse(needs) };
  const body = Buffer.from(content).toString('utf8');
  const freshSeconds = freshness < 0 ? null : freshness;
  const response = { status, headers: JSON.parse(headers), body, freshSeconds };
  return { response, error: failure ? JSON.parse(failure) : undefined };
}

module.exports = { Runtime };
