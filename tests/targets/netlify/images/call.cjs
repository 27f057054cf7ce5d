// Calls the function in FOLDER as Netlify does: a builder, NAME.js, or a function, NAME.mjs. Reads a
// list of [method, path] and writes the answers.
// usage: node call.cjs FILE < REQUESTS

const { readFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

const HOST = 'https://chosen-by-a-visitor.example';

async function callBuilder(file) {
  const { handler } = require(file);
  return async (method, path) => {
    const event = { httpMethod: method, path, rawUrl: HOST + path, headers: {} };
    const { statusCode: status, headers = {}, body = '', ttl, isBase64Encoded } = await handler(event, {});
    const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const bytes = isBase64Encoded ? body : Buffer.from(body).toString('base64');
    return { status, headers: Object.fromEntries(names), body: bytes, ttl };
  };
}

async function callFunction(file) {
  const { default: handler } = await import(pathToFileURL(file));
  return async (method, path) => {
    const response = await handler(new Request(HOST + path, { method }), {});
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  };
}

(async () => {
  const [file] = process.argv.slice(2);
  const call = await (file.endsWith('.mjs') ? callFunction(file) : callBuilder(file));
  const answers = [];
  for (const [method, path] of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await call(method, path));
  process.stdout.write(JSON.stringify(answers));
})();
