// Runs tests/Nudge.BrowserTests in a real browser and prints what it prints: node compute.mjs WWWROOT.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const root = process.argv[2];
const types = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const file = join(root, path === "/" ? "index.html" : path);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({ executablePath: process.env.NUDGE_CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  const ended = new Promise((resolve, reject) => {
    page.on("pageerror", (error) => reject(error));
    page.on("console", (message) => {
      console.log(message.text());
      if (message.text() === "done") resolve();
      if (message.type() === "error") reject(new Error(message.text()));
    });
    setTimeout(() => reject(new Error("It did not end within five minutes.")), 300_000).unref();
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: "commit", timeout: 0 });
  await ended;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}
