'use strict';

// Loads Python into this process: Pyodide with the bundle's code, from a memory snapshot or without.

const fs = require('node:fs');
const path = require('node:path');
const v8 = require('node:v8');
const zlib = require('node:zlib');
const { pathToFileURL } = require('node:url');

// Where Python sees the bundle's folder. A snapshot contains the path, so it is the same everywhere.
const BUNDLE = '/bundle';
const CODE = BUNDLE + '/code.zip';

// The environment that Python sees. A snapshot contains it, so it is the same on every machine.
const PYTHON_ENV = {
  env: { PYTHONHASHSEED: '0', LANG: 'C.UTF-8' },
  _sysExecutable: '/usr/bin/python3',
};
const TIME_ZONE = 'UTC';

// A function mostly starts cold: it renders a page once, and the edge keeps it. V8's optimising
// compiler costs more than it gives here (on one processor a first page takes 0.35 s without it and 0.6 s
// with it, a warm one 5 ms and 4 ms).
const V8_FLAGS = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

// Of 17,000 functions a page needs 2,000: each is validated at its first call. This applies to that one
// module alone, because Pyodide validates small modules to find out what this Node supports.
const LAZY_VALIDATION = '--wasm-lazy-validation';
const EAGER_VALIDATION = '--no-wasm-lazy-validation';

// A snapshot file begins with a table of this size (make-snapshot.cjs).
const TABLE_BYTES = 4096;

/** Load Python over the bundle in `root`, from its snapshot. */
async function load(pyodideFolder, root) {
  const file = fs.openSync(path.join(root, 'snapshot.bin'));
  try {
    const { crc32, ...table } = readTable(file);
    const restore = (heap) => {
      const places = table.runs.map(([start, bytes]) => heap.subarray(start, start + bytes));
      fs.readvSync(file, places, TABLE_BYTES);
      if (![null, crc32].includes(crc32 && checksum(table, places))) throw new Error('snapshot.bin is damaged');
      return table.config;
    };
    return await loadOver(pyodideFolder, root, table.memory_bytes, restore);
  } finally {
    fs.closeSync(file);
  }
}

/**
 * Load Python with memory that `restore` fills: it is given the fresh memory, and returns the
 * configuration that Pyodide reads from the header of its own snapshots.
 */
async function loadOver(pyodideFolder, root, memoryBytes, restore) {
  const compiling = compile(path.join(pyodideFolder, 'pyodide.asm.wasm'));
  compiling.catch(() => {}); // it may fail before it is awaited
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

/** Load Python over the bundle in `root` without a snapshot, or to make one. */
async function loadPlain(pyodideFolder, root, { makeSnapshot = false } = {}) {
  const pyodide = await open(pyodideFolder, root, { _makeSnapshot: makeSnapshot });
  pyodide.runPython(`import sys; sys.path.insert(0, ${JSON.stringify(CODE)})`);
  return pyodide;
}

async function open(pyodideFolder, root, options) {
  // Pyodide reads these asynchronously; a missing one would be an unhandled rejection and end the process.
  for (const file of ['pyodide.asm.wasm', 'python_stdlib.zip']) {
    fs.accessSync(path.join(pyodideFolder, file));
  }
  V8_FLAGS.forEach((flag) => v8.setFlagsFromString(flag));
  const { loadPyodide } = require(path.join(pyodideFolder, 'pyodide.js'));
  process.env.TZ = TIME_ZONE; // Python asks JavaScript
  const pyodide = await loadPyodide({
    ...structuredClone(PYTHON_ENV), // Pyodide adds to it
    stdout: toStandardError,
    stderr: toStandardError,
    ...options,
  });
  pyodide.mountNodeFS(BUNDLE, root);
  return pyodide;
}

// What Python prints is for people: standard output belongs to the log's JSON lines.
function toStandardError(text) {
  process.stderr.write(text + '\n');
}

/** Start to compile, while other work goes on. */
async function compile(file) {
  const bytes = fs.readFileSync(file); // synchronously, which is faster than asynchronous reads
  v8.setFlagsFromString(LAZY_VALIDATION);
  try {
    return await WebAssembly.compile(bytes);
  } finally {
    v8.setFlagsFromString(EAGER_VALIDATION);
  }
}

/** Instantiate as Pyodide does without garbage collection in WebAssembly, from a compiled module. */
function instantiate(wasm, imports, receive) {
  const error = Symbol('error marker');
  imports.env.Jsv_GetError_import = () => error;
  imports.env.JsvError_Check = (value) => Number(value === error);
  receive(new WebAssembly.Instance(wasm, imports), wasm);
  return {};
}

/** The table of a snapshot: which runs of memory it contains. All other memory is zero. */
function readTable(file) {
  const bytes = Buffer.alloc(TABLE_BYTES);
  fs.readSync(file, bytes, 0, TABLE_BYTES, 0);
  const table = JSON.parse(bytes.toString('latin1'));
  const length = table.runs.reduce((sum, [, part]) => sum + part, TABLE_BYTES);
  if (fs.fstatSync(file).size !== length) throw new Error(`snapshot.bin does not have ${length} bytes`);
  return table;
}

/** A checksum of a snapshot: with damaged memory Python may never answer. Null before Node 20.15. */
function checksum(table, parts) {
  if (!zlib.crc32) return null;
  return parts.reduce((sum, part) => zlib.crc32(part, sum), zlib.crc32(JSON.stringify(table)));
}

module.exports = { BUNDLE, TABLE_BYTES, checksum, load, loadOver, loadPlain };
