// Calls the handler of an unpacked function as Netlify does: path by path, JSON lines out.
const [folder, ...paths] = process.argv.slice(2);
const { handler } = require(folder);
const context = { clientContext: {} };
(async () => {
  for (const path of paths) {
    const event = { httpMethod: "GET", path, headers: {}, rawUrl: `https://example.org${path}` };
    const response = await handler(event, context);
    process.stderr.write(JSON.stringify(response) + "\n");
  }
  process.stderr.write("", () => process.exit(0)); // once all is written
})();
