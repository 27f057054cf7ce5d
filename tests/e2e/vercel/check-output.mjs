// Reads an output folder as Vercel's CLI does when it deploys one, and prints what it finds.
// usage: node check-output.mjs FOLDER

import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const { deserializeBuildOutput, deserializeLambda } = require('@vercel/build-utils');
const { normalizeRoutes, routesSchema } = require('@vercel/routing-utils');
const Ajv = require('ajv');

const outputDir = path.resolve(process.argv[2]);
const warnings = [];
const { output, routes } = await deserializeBuildOutput({
  outputDir,
  repoRootPath: outputDir,
  deserializeLambda,
  groupLambdas: async (lambdas) => lambdas,
  warn: (message) => warnings.push(message),
});
const validate = new Ajv().compile(routesSchema);
const files = Object.entries(output).filter(([, { type }]) => type !== 'Lambda' && type !== 'Prerender');
const functions = Object.entries(output)
  .filter(([, { type }]) => type === 'Lambda' || type === 'Prerender')
  .map(([name, found]) => {
    const { runtime, handler, launcherType, supportsResponseStreaming, maxDuration, files: own } = found.lambda ?? found;
    const { type, expiration, staleExpiration, allowQuery, passQuery, bypassToken, fallback } = found;
    const settings = { runtime, handler, launcherType, supportsResponseStreaming, maxDuration };
    return [name, { type, expiration, staleExpiration, allowQuery, passQuery, bypassToken, fallback, ...settings, hasHandler: handler in own }];
  });
console.log(
  JSON.stringify({
    warnings,
    files: files.map(([name]) => name).sort(),
    functions: Object.fromEntries(functions),
    routesError: normalizeRoutes(routes).error,
    schemaErrors: validate(routes) ? [] : validate.errors,
  })
);
