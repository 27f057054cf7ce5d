'use strict';

// One Python for the life of the process: started once, and anew where a start failed or it died.

const path = require('node:path');
const { BUNDLE, load, loadPlain, readWhole } = require('./python.js');

// The platform gives a request 10 seconds (Netlify docs, On-demand Builders). Waiting for Python
// ends before, so that the visitor gets a page and the log a reason.
const MAX_WAIT_MS = 9000;

class Runtime {
  constructor(root, log) {
    this.root = root;
    this.log = log;
    this.starting = null;
  }

  /** Start Python if it is not up; a promise of it, which a failure rejects. */
  start() {
    if (this.starting === null) {
      const attempt = boot(this.root, this.log);
      attempt.catch(() => this.forget(attempt)); // also keeps it from ending the process unhandled
      this.starting = attempt;
    }
    return this.starting;
  }

  forget(attempt) {
    if (this.starting === attempt) this.starting = null;
  }

  /** The response for a page's path, as it came, with what the log says of it. */
  async answer(page) {
    const attempt = this.start();
    const python = await this.waitFor(attempt);
    const started = performance.now();
    try {
      const answer = respond(python, page);
      return { ...answer, bootMs: python.takeBootMs(), renderMs: performance.now() - started };
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
  return { answer: door.answer, PythonError: pyodide.ffi.PythonError, takeBootMs };
}

/** From the snapshot; without it where that fails, which is slower and is said in the log. */
async function loadWithin(root, log) {
  const pyodideFolder = path.join(root, 'node_modules', 'pyodide');
  const snapshot = readSnapshot(root);
  snapshot.catch(() => {}); // it may fail before Pyodide asks for it
  try {
    return await load(pyodideFolder, root, snapshot);
  } catch (error) {
    log({ event: 'snapshot-unusable', message: String(error?.message ?? error) });
    return loadPlain(pyodideFolder, root);
  }
}

async function readSnapshot(root) {
  const { snapshot_bytes: bytes } = require(path.join(root, 'bundle.json'));
  return readWhole(path.join(root, 'snapshot.bin'), bytes);
}

function respond(python, page) {
  // Always GET: the edge keeps what a HEAD brings, and gives it to those who GET.
  const answered = python.answer('GET', page);
  const [statusCode, headers, content, ttl, failure] = answered.toJs();
  answered.destroy();
  const body = Buffer.from(content).toString('utf8');
  const response = { statusCode, headers: JSON.parse(headers), body };
  if (ttl > 0) response.ttl = ttl;
  return { response, error: failure ? JSON.parse(failure) : undefined };
}

module.exports = { Runtime };
