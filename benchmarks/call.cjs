// Asks an emitted function of either kind for pages: milliseconds from the start of the process to the
// first answer, of the processors until then, for each later answer, and the memory at the end. One JSON
// line on standard error. At the origin lies what the deploy publishes: a function may fetch texts there.
const fs = require("node:fs");
const { performance } = require("node:perf_hooks");
const [folder, origin, ...paths] = process.argv.slice(2);
const modern = `${folder}/ssg-pages.mjs`;

async function asker() {
  if (fs.existsSync(modern)) {
    const { default: handler } = await import(modern);
    return async (path) => {
      const response = await handler(new Request(origin + path), {});
      await response.text();
      return response.status;
    };
  }
  const { handler } = require(`${folder}/ssg-pages.js`);
  return async (path) => {
    const event = { httpMethod: "GET", path, headers: {}, rawUrl: origin + path };
    return (await handler(event, {})).statusCode;
  };
}

(async () => {
  const ask = await asker();
  const warm = [];
  let first = 0;
  let cpu = 0;
  for (const path of paths) {
    const start = performance.now();
    const status = await ask(path);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    const end = performance.now(); // 0 is the start of the process
    if (first) {
      warm.push(end - start);
    } else {
      first = end;
      const { user, system } = process.cpuUsage(); // microseconds
      cpu = (user + system) / 1000;
    }
  }
  const rss = process.memoryUsage().rss / 1e6;
  process.stderr.write(JSON.stringify({ first, cpu, warm, rss }) + "\n");
  process.exit(0);
})();
