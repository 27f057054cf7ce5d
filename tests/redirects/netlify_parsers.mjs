// Asks Netlify's own parsers and its redirect engine: a list of questions comes as JSON on
// standard input, the answers go as JSON to standard output.
// usage: node netlify_parsers.mjs NODE_MODULES

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const modules = process.argv[2];
const { parseAllRedirects } = await import(`${modules}/@netlify/redirect-parser/lib/index.js`);
const { parseAllHeaders } = await import(`${modules}/@netlify/headers-parser/lib/index.js`);
const engine = createRequire(`${modules}/`)(`${modules}/netlify-redirector`);

const folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
const files = ['_redirects', '_headers', 'netlify.toml'].map((name) => path.join(folder, name));
const [redirectsFile, headersFile, netlifyConfigPath] = files;

async function answer({ redirects = '', headers = '', toml = '', requests = [] }) {
  [redirects, headers, toml].forEach((text, index) => writeFileSync(files[index], text));
  const rules = await parseAllRedirects({ redirectsFiles: [redirectsFile], netlifyConfigPath });
  const fields = await parseAllHeaders({
    headersFiles: [headersFile],
    netlifyConfigPath,
    minimal: true,
  });
  return {
    redirects: rules.redirects,
    redirect_errors: rules.errors.length,
    headers: fields.headers,
    header_errors: fields.errors.length,
    matches: requests.length ? await matches(rules.redirects, requests) : [],
  };
}

/** Destination and status for each request. The engine has other names for some fields. */
async function matches(rules, requests) {
  const renamed = rules.map(({ from, query, ...rule }) => ({ ...rule, origin: from, params: query }));
  const matcher = await engine.parseJSON(JSON.stringify(renamed), {});
  return requests.map((request) => {
    const [pathname, query = ''] = request.split('?');
    const match = matcher.match({
      scheme: 'http',
      host: 'site.example',
      path: pathname,
      query,
      headers: {},
      cookieValues: {},
      getHeader: () => '',
      getCookie: () => '',
    });
    return match && [match.to, match.status];
  });
}

const answers = [];
for (const question of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await answer(question));
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify(answers));
