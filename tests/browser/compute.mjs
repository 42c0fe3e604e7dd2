// Runs tests/Nudge.BrowserTests in a real browser and prints what it prints: node compute.mjs WWWROOT.

import { visit } from "./serve.mjs";

await visit(process.argv[2], async (page, url) => {
  const ended = new Promise((resolve, reject) => {
    page.on("pageerror", (error) => reject(error));
    page.on("console", (message) => {
      console.log(message.text());
      if (message.text() === "done") resolve();
      if (message.type() === "error") reject(new Error(message.text()));
    });
    setTimeout(() => reject(new Error("It did not end within five minutes.")), 300_000).unref();
  });
  await page.goto(url, { waitUntil: "commit", timeout: 0 });
  await ended;
});
