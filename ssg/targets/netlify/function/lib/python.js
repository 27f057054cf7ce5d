'use strict';

// Python in this process: Pyodide with the bundle's code, from a memory snapshot or without one.

const fs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const { pathToFileURL } = require('node:url');

// Where Python sees the bundle's folder. A snapshot remembers it, so it is the same everywhere.
const BUNDLE = '/bundle';
const CODE = BUNDLE + '/code.zip';

// What Python sees of its surroundings, which a snapshot freezes, is the same on every machine.
const SURROUNDINGS = {
  env: { PYTHONHASHSEED: '0', LANG: 'C.UTF-8' },
  _sysExecutable: '/usr/bin/python3',
};
const TIME_ZONE = 'UTC';

// A builder is mostly cold: it renders a page once, and the edge keeps it. V8's optimising compiler
// costs more than it gives here (on one processor a first page takes 0.35 s without it and 0.6 s
// with it, a warm one 5 ms and 4 ms).
const V8_FLAGS = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/** Load Python over the bundle in `root`, from the bytes of a snapshot (or a promise of them). */
async function load(pyodideFolder, root, snapshot) {
  const options = { _loadSnapshot: snapshot, createPyodideModule: roomFor(pyodideFolder, snapshot) };
  return open(pyodideFolder, root, options);
}

/** Load Python over the bundle in `root`, without a snapshot or to make one. */
async function loadPlain(pyodideFolder, root, { makeSnapshot = false } = {}) {
  const pyodide = await open(pyodideFolder, root, { _makeSnapshot: makeSnapshot });
  pyodide.runPython(`import sys; sys.path.insert(0, ${JSON.stringify(CODE)})`);
  return pyodide;
}

async function open(pyodideFolder, root, options) {
  // Pyodide reads these beside other work; that one is missing would end the process, unhandled.
  for (const file of ['pyodide.asm.wasm', 'python_stdlib.zip']) {
    fs.accessSync(path.join(pyodideFolder, file));
  }
  V8_FLAGS.forEach((flag) => v8.setFlagsFromString(flag));
  const { loadPyodide } = require(path.join(pyodideFolder, 'pyodide.js'));
  process.env.TZ = TIME_ZONE; // Python asks JavaScript
  const pyodide = await loadPyodide({
    ...structuredClone(SURROUNDINGS), // Pyodide adds to it
    stdout: told,
    stderr: told,
    ...options,
  });
  pyodide.mountNodeFS(BUNDLE, root);
  return pyodide;
}

// What Python prints is for people: standard output belongs to the log's JSON lines.
function told(text) {
  process.stderr.write(text + '\n');
}

// Pyodide copies a snapshot into memory as large as a fresh Python's, and fails where it does not
// fit (pyodide/pyodide#6254). So memory grows first.
function roomFor(pyodideFolder, snapshot) {
  return async (settings) => {
    const script = pathToFileURL(path.join(pyodideFolder, 'pyodide.asm.mjs'));
    const { default: createModule } = await import(script.href);
    const module = await createModule(settings);
    module.growMemory(Math.max((await snapshot).length, module.HEAP8.length));
    return module;
  };
}

/**
 * Read a file in one piece, beside other work: `readFile` takes half a megabyte at a time.
 * Its length is checked, because Pyodide does not notice that a snapshot is cut short.
 */
async function readWhole(file, bytes) {
  const handle = await fs.promises.open(file);
  try {
    const content = new Uint8Array(bytes);
    const { bytesRead } = await handle.read(content, 0, bytes, 0);
    if (bytesRead === bytes && (await handle.stat()).size === bytes) return content;
    throw new Error(`${path.basename(file)} does not have ${bytes} bytes`);
  } finally {
    await handle.close();
  }
}

module.exports = { BUNDLE, load, loadPlain, readWhole };
