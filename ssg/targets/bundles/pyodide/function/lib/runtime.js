'use strict';

// One Python for the life of the process: started once, and anew where a start failed or it died.

const path = require('node:path');
const { BUNDLE, load, loadPlain } = require('./python.js');
const { fetchBlock } = require('./texts.js');

// The platform gives a request 10 seconds (Netlify docs, On-demand Builders). Waiting for Python
// ends before, so that the visitor gets a page and the log a reason.
const MAX_WAIT_MS = 9000;

// A page needs its own text; a list needs those of its pages, which are fetched together. There may
// be several lists, and a shortcode that asks for the text of another page, which asks for one more.
const MAX_ROUNDS = 32;
const MAX_FETCH_MS = 5000;

class Runtime {
  constructor(root, log) {
    this.root = root;
    this.log = log;
    this.starting = null;
    this.isUp = false;
  }

  /** Start Python if it is not up; a promise of it, which a failure rejects. */
  start() {
    if (this.starting === null) {
      const attempt = boot(this.root, this.log);
      const done = () => { this.isUp = this.starting === attempt; };
      attempt.then(done, () => this.forget(attempt)); // a failure is no end of the process
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
   * The response for a page's path, as it came, with what the log says of it. `text` is where the
   * page's own text is, if not in the function: it comes while Python starts, if that is to start.
   */
  async answer(page, text) {
    const attempt = this.start();
    const bring = (block) => [block, fetchBlock(text.origin, block)];
    const own = text?.blocks ?? [];
    let coming = this.isUp ? [] : own.map(bring);
    coming.forEach(([, content]) => content.catch(() => {})); // it may fail before Python is there
    const python = await this.waitFor(attempt);
    if (coming.length === 0) coming = own.filter((block) => !python.has(block)).map(bring);
    const times = { bootMs: python.takeBootMs(), fetchMs: 0, renderMs: 0 };
    const lap = stopwatch();
    for (let round = 0; ; round += 1) {
      if (coming.length > 0) {
        await give(python, coming);
        times.fetchMs += lap();
      }
      const answer = this.ask(attempt, python, page);
      times.renderMs += lap();
      if (!answer.missing) return { ...answer, ...times };
      if (!text || round === MAX_ROUNDS || times.fetchMs > MAX_FETCH_MS) {
        throw new Error(`the site lacks blocks of texts: ${answer.missing}`);
      }
      coming = answer.missing.map(bring);
    }
  }

  ask(attempt, python, page) {
    try {
      return respond(python, page);
    } catch (error) {
      // An exception leaves Python as it was. Anything else is its end.
      if (!(error instanceof python.PythonError)) this.forget(attempt);
      throw error;
    }
  }

  async waitFor(attempt) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('Python did not start in time')), MAX_WAIT_MS);
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

async function boot(root, log) {
  const started = performance.now();
  const pyodide = await loadWithin(root, log);
  const door = pyodide.pyimport('ssg.runtime.pyodide');
  door.boot(`${BUNDLE}/site.db`);
  let bootMs = performance.now() - started;
  const takeBootMs = () => {
    const taken = bootMs;
    bootMs = 0; // the first answer alone reports it
    return taken;
  };
  const { answer, give: take, has } = door;
  return { answer, give: take, has, PythonError: pyodide.ffi.PythonError, takeBootMs };
}

/** Hand over blocks that are on their way. Python knows plain arrays alone. */
async function give(python, coming) {
  const blocks = coming.map(async ([block, content]) => [block, new Uint8Array(await content)]);
  for (const [block, content] of await Promise.all(blocks)) python.give(block, content);
}

/** A function that tells the milliseconds since it was called last. */
function stopwatch() {
  let since = performance.now();
  return () => {
    const spent = performance.now() - since;
    since += spent;
    return spent;
  };
}

/** From the snapshot; without it where that fails, which is slower and is said in the log. */
async function loadWithin(root, log) {
  const pyodideFolder = path.join(root, 'node_modules', 'pyodide');
  try {
    return await load(pyodideFolder, root);
  } catch (error) {
    log({ event: 'snapshot-unusable', message: String(error?.message ?? error) });
    return loadPlain(pyodideFolder, root);
  }
}

function respond(python, page) {
  // Always GET: the edge keeps what a HEAD brings, and gives it to those who GET.
  const answered = python.answer('GET', page);
  const [statusCode, headers, content, ttl, failure, missing] = answered.toJs();
  answered.destroy();
  if (missing) return { missing: JSON.parse(missing) };
  const body = Buffer.from(content).toString('utf8');
  const response = { statusCode, headers: JSON.parse(headers), body };
  if (ttl > 0) response.ttl = ttl;
  return { response, error: failure ? JSON.parse(failure) : undefined };
}

module.exports = { Runtime };
