'use strict';

// Writes a snapshot of Python's memory after a warm-up: see warm_up.py.
// usage: node make-snapshot.cjs PYODIDE_FOLDER FOLDER_OF_CODE_ZIP WARM_UP.py OUTPUT
//
// A snapshot is a table, as JSON padded with blanks, and then the memory without its many pages of
// zeros. lib/load_python.js reads it into place.

const crypto = require('node:crypto');
const fs = require('node:fs');
const { TABLE_BYTES, checksum, loadOver, loadPlain } = require('./lib/load_python.js');

const PAGE_BYTES = 4096;
const FEW_PAGES = 4; // so many pages of zeros are included, to have fewer runs

async function main(pyodideFolder, root, warmUp, output) {
  fixClockAndChance();
  const python = await loadPlain(pyodideFolder, root, { makeSnapshot: true });
  const names = python.toPy({});
  python.runPython(fs.readFileSync(warmUp, 'utf8'), { globals: names });
  python.runPython('warm_up()', { globals: names });
  names.destroy();
  forgetTrampoline(python._module);
  const memory = python._module.HEAPU8;
  const fresh = await freshMemory(pyodideFolder, root, memory.length);
  const runs = runsOf(memory, fresh);
  const table = { memory_bytes: memory.length, config: python._api.serializeHiwireState(), runs };
  const parts = runs.map(([start, bytes]) => memory.subarray(start, start + bytes));
  const sealed = { crc32: checksum(table, parts), ...table };
  const head = Buffer.from(JSON.stringify(sealed).padEnd(TABLE_BYTES), 'latin1');
  if (head.length > TABLE_BYTES) throw new Error(`${runs.length} runs of memory are too many`);
  fs.writeFileSync(output, Buffer.concat([head, ...parts]));
}

/** Memory as it is in a function before a snapshot is read into it. */
async function freshMemory(pyodideFolder, root, bytes) {
  let fresh;
  const look = (heap) => {
    fresh = heap.slice();
    throw new Error('seen');
  };
  await loadOver(pyodideFolder, root, bytes, look).catch((error) => {
    if (!fresh) throw error;
  });
  return fresh;
}

/** Start and length of the runs of bytes that are not zero, here or in fresh memory. */
function runsOf(memory, fresh) {
  const runs = [];
  const zeros = Buffer.alloc(PAGE_BYTES);
  const isZero = (bytes, start) => zeros.equals(bytes.subarray(start, start + PAGE_BYTES));
  for (let start = 0; start < memory.length; start += PAGE_BYTES) {
    if (isZero(memory, start) && isZero(fresh, start)) continue;
    const last = runs.at(-1);
    if (last && start - (last[0] + last[1]) <= FEW_PAGES * PAGE_BYTES) last[1] = start + PAGE_BYTES - last[0];
    else runs.push([start, PAGE_BYTES]);
  }
  return runs;
}

// The same code gives the same snapshot, whatever the time and the machine, so a host recognises a
// file that it has. A snapshot freezes clock and random numbers in any case.
function fixClockAndChance() {
  const moment = new Date(Date.UTC(2026, 0, 1));
  Date.now = () => moment.getTime();
  performance.now = () => 0;
  crypto.randomFillSync = (bytes) => bytes.fill(7);
  for (const name of ['statSync', 'lstatSync', 'fstatSync']) {
    const original = fs[name];
    fs[name] = (...values) => {
      const fixed = { dev: 1, ino: 1, atime: moment, mtime: moment, ctime: moment };
      return Object.assign(original(...values), fixed);
    };
  }
}

// Where WebAssembly has a garbage collector (Node 22), Python calls functions through a trampoline
// and keeps its number in memory. Forgotten, the snapshot also loads where there is none (Node 20).
function forgetTrampoline(module) {
  const offset = module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4];
  module.HEAP32[(module.__PyRuntime + offset) / 4] = 0;
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
