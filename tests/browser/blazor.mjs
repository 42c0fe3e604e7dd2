// Trains in samples/Blazor, in a real browser, and compares with what the same training gave elsewhere: node blazor.mjs WWWROOT RESULTS.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { visit } from "./serve.mjs";

const [root, results] = process.argv.slice(2);
const expected = readFileSync(results, "utf8");
const parse = (text, precision) => {
  const [, steps, loss, accuracy] = new RegExp(`${precision} (\\d+) steps, loss (\\S+), accuracy (\\S+)`).exec(text) ?? assert.fail(`${precision} is not in: ${text}`);
  return { steps: Number(steps), loss: Number(loss), accuracy: Number(accuracy) };
};

await visit(root, async (page, url) => {
  const problems = [];
  page.on("pageerror", (error) => problems.push(error));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.goto(url, { waitUntil: "commit", timeout: 0 });
  for (const [precision, tolerance] of [["Double", 1e-12], ["Single", 1e-5]]) {
    await page.locator(`#${precision.toLowerCase()}`).click({ timeout: 120_000 });
    await page.waitForFunction((name) => document.getElementById("result").textContent.startsWith(name), precision, { timeout: 120_000 });
    const here = parse(await page.locator("#result").textContent(), precision), there = parse(expected, precision);
    const difference = Math.abs(here.loss / there.loss - 1);
    console.log(`${precision}: ${here.steps} steps in Chromium, loss ${here.loss}, ${difference.toExponential(1)} off`);
    assert.equal(here.steps, 5000);
    assert.deepEqual([here.steps, here.accuracy], [there.steps, there.accuracy]);
    assert.ok(difference <= tolerance, `${here.loss} in the browser, ${there.loss} elsewhere`);
    assert.ok((await page.locator("svg").count()) > 0, "there is no picture");
  }
  assert.deepEqual(problems, []);
});
