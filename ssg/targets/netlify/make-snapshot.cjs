'use strict';

// Writes a snapshot of Python's memory after a rehearsal: see rehearsal.py.
// usage: node make-snapshot.cjs PYODIDE_FOLDER FOLDER_OF_CODE_ZIP REHEARSAL.py OUTPUT

const crypto = require('node:crypto');
const fs = require('node:fs');
const { loadPlain } = require('./function/lib/python.js');

async function main(pyodideFolder, root, rehearsal, output) {
  stopTheWorld();
  const python = await loadPlain(pyodideFolder, root, { makeSnapshot: true });
  const names = python.toPy({});
  python.runPython(fs.readFileSync(rehearsal, 'utf8'), { globals: names });
  python.runPython('rehearse()', { globals: names });
  names.destroy();
  forgetTrampoline(python._module);
  fs.writeFileSync(output, python.makeMemorySnapshot());
}

// Neither this minute nor this machine may travel: the same code gives the same snapshot, so the
// host recognises a function that it has. Clock and randomness are frozen in it in any case.
function stopTheWorld() {
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
