// Asks an emitted function for pages: milliseconds from the start of the process to the first
// answer, for each later answer, and the memory at the end. One JSON line on standard error. At the
// origin lies what the deploy publishes: a function may fetch texts from there.
const { performance } = require("node:perf_hooks");
const [folder, origin, ...paths] = process.argv.slice(2);
const { handler } = require(`${folder}/ssg-pages.js`);
(async () => {
  const warm = [];
  let first = 0;
  for (const path of paths) {
    const start = performance.now();
    const response = await handler({ httpMethod: "GET", path, headers: {}, rawUrl: origin + path }, {});
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`);
    const end = performance.now(); // 0 is the start of the process
    if (first) warm.push(end - start);
    else first = end;
  }
  const rss = process.memoryUsage().rss / 1e6;
  process.stderr.write(JSON.stringify({ first, warm, rss }) + "\n");
  process.exit(0);
})();
