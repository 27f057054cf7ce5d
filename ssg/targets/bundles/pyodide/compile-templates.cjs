'use strict';

// Compiles templates for the version of Python in the function: see ssg/render/templates/bytecode.py.
// usage: node compile-templates.cjs BUNDLE TEMPLATES.json OUTPUT
// TEMPLATES.json is a list of pairs: the Python of a template, and the name of its file.

const fs = require('node:fs');
const path = require('node:path');
const { load } = require('./lib/load_python.js');

async function main(bundle, templates, output) {
  const python = await load(path.join(bundle, 'node_modules', 'pyodide'), bundle);
  const { pack } = python.pyimport('ssg.render.templates.bytecode');
  const pairs = python.toPy(JSON.parse(fs.readFileSync(templates, 'utf8')));
  const packed = pack(pairs);
  fs.writeFileSync(output, packed.toJs());
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
