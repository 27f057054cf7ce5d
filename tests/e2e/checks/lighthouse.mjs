// Audits pages: node lighthouse.mjs CHROMIUM URL...; prints a JSON line for each, the scores of audits.
import * as chromeLauncher from "chrome-launcher";
import lighthouse from "lighthouse";

const AUDITS = [
  "image-aspect-ratio",
  "image-delivery-insight",
  "image-size-responsive",
  "lcp-lazy-loaded",
  "modern-image-formats",
  "offscreen-images",
  "unsized-images",
  "uses-optimized-images",
  "uses-responsive-images",
];
// Pages here have no scripts and come at once, so it need not wait long for them to rest.
const REST = {
  cpuQuietThresholdMs: 200,
  networkQuietThresholdMs: 200,
  pauseAfterFcpMs: 300,
  pauseAfterLoadMs: 300,
};
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

const [chromePath, ...urls] = process.argv.slice(2);
const chrome = await chromeLauncher.launch({ chromePath, chromeFlags: FLAGS });
try {
  for (const url of urls) {
    const options = { ...REST, port: chrome.port, onlyAudits: AUDITS, logLevel: "error" };
    const { lhr } = await lighthouse(url, options);
    const scores = Object.values(lhr.audits).map((audit) => [
      audit.id,
      audit.scoreDisplayMode === "notApplicable" ? 1 : audit.score,
    ]);
    console.log(JSON.stringify(Object.fromEntries(scores)));
  }
} finally {
  chrome.kill();
}
