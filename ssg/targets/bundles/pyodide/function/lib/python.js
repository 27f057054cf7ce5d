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

// Of 17,000 functions a page needs 2,000: each is checked when it is first called, and not before.
// For that one module alone; of others Pyodide finds out by a check what this Node can do.
const CHECK_LATE = '--wasm-lazy-validation';
const CHECK_FIRST = '--no-wasm-lazy-validation';

// A file of a snapshot begins with its table of contents (make-snapshot.cjs).
const TABLE_BYTES = 4096;

/** Load Python over the bundle in `root`, from its snapshot. */
async function load(pyodideFolder, root) {
  const file = fs.openSync(path.join(root, 'snapshot.bin'));
  try {
    const table = readTable(file);
    const restore = (heap) => {
      const places = table.runs.map(([start, bytes]) => heap.subarray(start, start + bytes));
      fs.readvSync(file, places, TABLE_BYTES);
      return table.config;
    };
    return await loadOver(pyodideFolder, root, table.memory_bytes, restore);
  } finally {
    fs.closeSync(file);
  }
}

/**
 * Load Python with memory that `restore` fills: it is given all of it, fresh, and returns what
 * Pyodide's own snapshots have for a head.
 */
async function loadOver(pyodideFolder, root, memoryBytes, restore) {
  const compiling = compile(path.join(pyodideFolder, 'pyodide.asm.wasm'));
  compiling.catch(() => {}); // it may fail before somebody waits for it
  const createPyodideModule = async (settings) => {
    const script = import(pathToFileURL(path.join(pyodideFolder, 'pyodide.asm.mjs')).href);
    const [{ default: create }, wasm] = await Promise.all([script, compiling]);
    settings.instantiateWasm = (imports, receive) => instantiate(wasm, imports, receive);
    const module = await create(settings);
    module.growMemory(Math.max(memoryBytes, module.HEAP8.length));
    settings.API.restoreSnapshot = () => restore(module.HEAPU8);
    return module;
  };
  return open(pyodideFolder, root, { createPyodideModule, _loadSnapshot: new Uint8Array(1) });
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

/** Compile beside other work, from now on. */
async function compile(file) {
  const bytes = fs.readFileSync(file); // in one piece; reading beside other work takes longer
  v8.setFlagsFromString(CHECK_LATE);
  try {
    return await WebAssembly.compile(bytes);
  } finally {
    v8.setFlagsFromString(CHECK_FIRST);
  }
}

/** As Pyodide does it where WebAssembly has no garbage collector, but with a compiled module. */
function instantiate(wasm, imports, receive) {
  const error = Symbol('error marker');
  imports.env.Jsv_GetError_import = () => error;
  imports.env.JsvError_Check = (value) => Number(value === error);
  receive(new WebAssembly.Instance(wasm, imports), wasm);
  return {};
}

/** Where in memory which parts of a snapshot go: all else is zero. */
function readTable(file) {
  const bytes = Buffer.alloc(TABLE_BYTES);
  fs.readSync(file, bytes, 0, TABLE_BYTES, 0);
  const table = JSON.parse(bytes.toString('latin1'));
  const length = table.runs.reduce((sum, [, part]) => sum + part, TABLE_BYTES);
  if (fs.fstatSync(file).size !== length) throw new Error(`snapshot.bin does not have ${length} bytes`);
  return table;
}

module.exports = { BUNDLE, TABLE_BYTES, load, loadOver, loadPlain };
