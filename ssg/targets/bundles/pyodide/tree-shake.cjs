'use strict';

// Removes code from Pyodide that no function uses: graphics, sound, and what libraries that are linked
// at run time would need. See tree_shaking.py.
// usage: node tree-shake.cjs ACORN.js PYODIDE_FOLDER [FILE.js ...]
//
// pyodide.asm.mjs is one function of declarations and statements. Statements stay. A declaration stays
// if a part that stays uses it, or one of the given files does.

const fs = require('node:fs');
const path = require('node:path');

const GRAPHICS = /^(emscripten_)?gl[A-Z]/;
const EXPORT_SECTION = 7;
const MAGIC_BYTES = 8;

// Exports that Emscripten's loader finds by names that it composes or keeps in lists.
const ALWAYS_EXPORTED = ['memory', '__indirect_function_table', '__stack_pointer'];
ALWAYS_EXPORTED.push('__wasm_call_ctors', '__wasm_apply_data_relocs');

function main(acornFile, folder, ...users) {
  const acorn = require(path.resolve(acornFile));
  const [script, wasm] = ['asm.mjs', 'asm.wasm'].map((end) => path.join(folder, `pyodide.${end}`));
  const bytes = fs.readFileSync(wasm);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  // A table in C contains the addresses of graphics functions, which are never called.
  const unused = imports.filter(({ module, name }) => module === 'GOT.func' && GRAPHICS.test(name));
  const source = fs.readFileSync(script, 'utf8');
  const seeds = imports.filter((one) => !unused.includes(one)).map(({ name }) => `import ${name}`);
  for (const file of [path.join(folder, 'pyodide.js'), ...users]) {
    for (const [word] of fs.readFileSync(file, 'utf8').matchAll(/[A-Za-z_$][\w$]*/g)) {
      seeds.push(word, `.${word}`);
    }
  }
  const { text, needed } = slimScript(acorn, source, seeds, unused.map(({ name }) => name));
  ALWAYS_EXPORTED.forEach((name) => needed.add(`.${name}`));
  const isNeeded = (name) =>
    needed.has(`.${name}`) || needed.has(`import ${name}`) || name.startsWith('__em_js__');
  fs.writeFileSync(script, text);
  fs.writeFileSync(wasm, withExports(bytes, isNeeded));
}

// -- JavaScript ---------------------------------------------------------------------------------
//
// A part is a piece of the source that stays or goes as a whole: `defines` and `uses` are names. A
// local is called `name`, a property `.name`, and a function given to the WebAssembly `import name`.
// A part without `defines` stays. `inner` are parts within a part.

function slimScript(acorn, source, seeds, unused) {
  const program = acorn.parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const body = program.body.find((node) => node.type === 'FunctionDeclaration').body;
  const locals = new Set(body.body.flatMap(declared));
  const parts = body.body.map((node) => partOf(node, locals));
  const needed = reachable(parts, seeds);
  const stub = 'var noGraphics=()=>abort("no graphics here");noGraphics.sig="v";';
  const stubs = unused.map((name) => `${name}:noGraphics`);
  const shown = parts.map((part) => show(part, needed, source, stubs));
  const head = source.slice(0, body.start + 1);
  return { text: head + stub + shown.join('') + source.slice(body.end - 1), needed };
}

function declared(node) {
  if (node.type === 'VariableDeclaration') {
    return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  return node.id ? [node.id.name] : [];
}

function partOf(node, locals) {
  if (node.type === 'FunctionDeclaration' && node.id.name === 'assignWasmExports') {
    const inner = node.body.body.map(exportPart);
    return { node, uses: new Set(), inner, list: node.body, defines: [node.id.name] };
  }
  if (node.type === 'FunctionDeclaration') return plainPart(node, declared(node));
  if (node.type === 'VariableDeclaration') return variablePart(node);
  return (node.type === 'ExpressionStatement' && assignmentPart(node, locals)) || plainPart(node);
}

function plainPart(node, defines) {
  return { node, uses: names(node), defines };
}

/** `_f=Module["_f"]=wasmExports["f"];` */
function exportPart(node) {
  const uses = new Set();
  const defines = [];
  let value = node.expression;
  for (; value.type === 'AssignmentExpression'; value = value.right) {
    const { left } = value;
    defines.push(left.type === 'Identifier' ? left.name : `.${left.property.value}`);
    if (left.type === 'Identifier') uses.add(left.name); // it is declared elsewhere
  }
  names(value, uses);
  return { node, uses, defines };
}

function variablePart(node) {
  const [first] = node.declarations;
  if (first.id.name === 'wasmImports') {
    const inner = first.init.properties.map((property) => ({
      node: property,
      uses: names(property.value),
      defines: [`import ${property.key.name ?? property.key.value}`],
    }));
    return { node, uses: new Set(), inner, list: first.init, defines: ['wasmImports'] };
  }
  if (node.declarations.every(({ init }) => init === null)) {
    const inner = node.declarations.map((one) => plainPart(one, [one.id.name]));
    return { node, uses: new Set(), inner, defines: node.declarations.map(({ id }) => id.name) };
  }
  const canGo = node.declarations.length === 1 && declared(node).length && isIdle(first.init);
  return plainPart(node, canGo ? declared(node) : undefined);
}

/** `f.sig="vi";` goes with `f`; `Module["f"]=f;` stays with uses of that property. */
function assignmentPart(node, locals) {
  const { type, operator, left, right } = node.expression;
  if (type !== 'AssignmentExpression' || operator !== '=' || !isIdle(right)) return null;
  if (left.type !== 'MemberExpression' || left.object.type !== 'Identifier') return null;
  const { object, property } = left;
  if (object.name !== 'Module') return locals.has(object.name) ? plainPart(node, [object.name]) : null;
  const isAlias = right.type === 'Identifier' && property.value === right.name;
  return isAlias ? { node, uses: new Set([right.name]), defines: [`.${right.name}`] } : null;
}

const BUSY = new Set(['CallExpression', 'NewExpression', 'AssignmentExpression', 'UpdateExpression']);
['AwaitExpression', 'TaggedTemplateExpression', 'ImportExpression'].forEach((type) => BUSY.add(type));

/** Whether evaluating an expression has no side effect. */
function isIdle(node) {
  if (node === null || /Function/.test(node.type)) return true;
  return !BUSY.has(node.type) && node.operator !== 'delete' && children(node).every(isIdle);
}

function children(node) {
  return Object.values(node).flat().filter((value) => value && typeof value.type === 'string');
}

/** Every name that code mentions, as a local or as a property; strings may name properties. */
function names(node, found = new Set()) {
  if (node.type === 'Identifier') found.add(node.name);
  if (node.type === 'Literal' && typeof node.value === 'string') found.add(`.${node.value}`);
  for (const child of children(node)) {
    const isLabel = child === (node.property ?? node.key) && !node.computed && !node.shorthand;
    if (isLabel && child.type === 'Identifier') found.add(`.${child.name}`);
    else names(child, found);
  }
  return found;
}

/** All names that are needed: those of the seeds, and those that their definitions use. */
function reachable(parts, seeds) {
  const all = parts.flatMap((part) => [part, ...(part.inner ?? [])]);
  const defining = new Map();
  for (const part of all) {
    for (const name of part.defines ?? []) {
      if (!defining.has(name)) defining.set(name, []);
      defining.get(name).push(part);
    }
  }
  const needed = new Set();
  const waiting = [...seeds, ...all.filter((part) => !part.defines).flatMap(({ uses }) => [...uses])];
  while (waiting.length > 0) {
    const name = waiting.pop();
    if (needed.has(name)) continue;
    needed.add(name);
    for (const { uses } of defining.get(name) ?? []) waiting.push(...uses);
  }
  return needed;
}

function stays({ defines }, needed) {
  return !defines || defines.some((name) => needed.has(name));
}

function show(part, needed, source, stubs) {
  if (!stays(part, needed)) return '';
  const { node, inner, list } = part;
  if (!inner) return source.slice(node.start, node.end);
  const kept = inner.filter((one) => stays(one, needed));
  const texts = kept.map((one) => source.slice(one.node.start, one.node.end));
  if (!list) return `var ${texts.join(',')};`;
  const isObject = list.type === 'ObjectExpression';
  const shown = isObject ? [...texts, ...stubs].join(',') : texts.join('');
  return source.slice(node.start, list.start + 1) + shown + source.slice(list.end - 1, node.end);
}

// -- WebAssembly: https://webassembly.github.io/spec/core/binary/modules.html ----------------------

/** A module that exports only the names that are needed. */
function withExports(bytes, isNeeded) {
  const pieces = [bytes.subarray(0, MAGIC_BYTES)];
  for (let at = MAGIC_BYTES; at < bytes.length; ) {
    const id = bytes[at];
    const [length, start] = readNumber(bytes, at + 1);
    const content = bytes.subarray(start, start + length);
    const kept = id === EXPORT_SECTION ? someExports(content, isNeeded) : content;
    pieces.push(Uint8Array.of(id), writeNumber(kept.length), kept);
    at = start + length;
  }
  return Buffer.concat(pieces);
}

function someExports(content, isNeeded) {
  const kept = [];
  let [count, at] = readNumber(content, 0);
  for (; count > 0; count -= 1) {
    const begin = at;
    const [length, start] = readNumber(content, at);
    const name = content.toString('utf8', start, start + length);
    [, at] = readNumber(content, start + length + 1); // an index follows the kind
    if (isNeeded(name)) kept.push(content.subarray(begin, at));
  }
  return Buffer.concat([writeNumber(kept.length), ...kept]);
}

/** An unsigned LEB128 number, and where it ends. */
function readNumber(bytes, start) {
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at];
    at += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}

function writeNumber(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

module.exports = { slimScript, withExports };
if (require.main === module) main(...process.argv.slice(2));
