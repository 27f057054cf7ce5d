'use strict';

// Asks sources as a function in Node does, for the tests of all shells (node_shell.py).
// node ask_sources.cjs LIB
// in:  first { declared, variables }, then lines of { requests, urls, targets, secrets, texts }
// out: lines of { answers, visible } and what else was asked for

const path = require('node:path');
const readline = require('node:readline');

const lib = (name) => require(path.join(process.argv[2], name));
const { Sources } = lib('sources.js');
const { SourceUrl } = lib('source_url.js');
const { Redaction } = lib('redaction.js');

let sources = null;

async function answer({ requests = [], urls = [], targets = [], secrets = [], texts = [] }) {
  const asked = requests.map(({ source, path: asked, isDraft }) => sources.ask({ source, path: asked, isDraft }));
  const answers = await Promise.all(asked);
  const redaction = new Redaction(secrets);
  return {
    answers: answers.map(({ body, ...rest }) => ({ ...rest, body: body.toString('base64') })),
    visible: sources.visible,
    urls: urls.map((url) => attempt(() => {
      const { scheme, host, port, prefix, authority } = new SourceUrl(url);
      return { scheme, host, port, prefix, authority };
    })),
    targets: targets.map(([url, asked]) => attempt(() => new SourceUrl(url).target(asked))),
    texts: texts.map((text) => redaction.text(text)),
    bodies: texts.map((text) => redaction.body(Buffer.from(text)).toString()),
  };
}

function attempt(make) {
  try {
    return { value: make() };
  } catch (error) {
    return { error: error.message };
  }
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const given = JSON.parse(line);
  if (sources === null) sources = new Sources(given.declared, given.variables);
  else process.stdout.write(JSON.stringify(await answer(given)) + '\n');
}).on('close', () => process.exit(0));
