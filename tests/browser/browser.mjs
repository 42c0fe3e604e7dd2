// Scenarios of the page in a real browser: node browser.mjs SCENARIO NUDGE.DLL ARTIFACTS [URL]. Ends with code 0 when all holds.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [scenario, dll, artifacts, givenUrl] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "nudge-browser-"));
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const lesson = ["train", "--data", "lesson", "--layers", "4,4", "--batch", "full", "--optimizer", "sgd", "--learning-rate", "0.05", "--loss", "sum-of-squares"];
const children = [];

/** Runs the command to its end. */
function nudge(...args) {
  const run = spawnSync("dotnet", [dll, ...args], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout;
}

/** Starts the command and waits for the address of its page. */
async function serve(...args) {
  const child = spawn("dotnet", [dll, ...args]);
  children.push(child);
  let printed = "";
  return await new Promise((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) output.on("data", (data) => {
      printed += data;
      const url = /(http:\/\/127\.0\.0\.1:\d+\/\?token=\w+)\s/.exec(printed)?.[1];
      if (url) resolve({ url, child });
    });
    child.on("exit", () => reject(new Error(printed)));
  });
}

let browser;

/** Opens a page that fails the scenario at any error of its console and any request to another origin. */
async function open(url, { width = 1400, height = 950, dark = false, allowLost = false } = {}) {
  browser ??= await chromium.launch({ executablePath: process.env.NUDGE_CHROMIUM ?? "/usr/bin/chromium", args: flags });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", acceptDownloads: true });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(`error: ${error.stack}`));
  page.on("console", (message) => {
    const lost = allowLost && /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !lost) page.problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const target = request.url();
    if (!/^(data|blob|file):/.test(target) && new URL(target).origin !== new URL(url).origin) page.problems.push(`foreign request: ${target}`);
  });
  await page.goto(url);
  return page;
}

const state = (page) => page.evaluate(() => {
  const { timeline, source } = window.nudge;
  return {
    place: timeline.place, last: timeline.last, beat: timeline.beat, visited: timeline.visited, following: timeline.following, runs: timeline.log.runs.length,
    run: source.state, loss: document.getElementById("loss-now").textContent, toast: document.getElementById("toast").textContent, scale: document.getElementById("scale").textContent,
  };
});

/** What was asked for has been drawn: the page draws once a frame. */
const drawn = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 60)));

async function until(page, what, predicate, argument) {
  await page.waitForFunction(predicate, argument, { timeout: 30_000 }).catch(async (error) => {
    throw new Error(`never came: ${what}; ${JSON.stringify(await state(page))}; ${error.message}`);
  });
}

/** The frames that reached the screen in a second while something was done, and the main thread's processor time for each. */
async function traced(page, act) {
  const client = await page.context().newCDPSession(page), events = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await client.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "devtools.timeline.frame", "disabled-by-default-devtools.timeline"] } });
  const took = await act();
  const complete = new Promise((resolve) => client.once("Tracing.tracingComplete", resolve));
  await client.send("Tracing.end");
  await complete;
  await client.detach();
  const main = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`));
  const frames = events.filter(({ name }) => name === "AnimationFrame::Presentation").length;
  const work = events.filter(({ name, pid, tid }) => name === "RunTask" && main.has(`${pid} ${tid}`)).reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
  return { frames: (1000 * frames) / took, work: work / Math.max(1, frames) };
}

const recorded = (page, count) => until(page, `${count} steps`, (n) => window.nudge?.timeline.last === n - 1, count);

function record(steps, name = "run.nudge", more = []) {
  const path = join(folder, name);
  nudge(...lesson, "--epochs", String(steps), "--record", path, "--quiet", ...more);
  return path;
}

const scenarios = {
  async live() {
    const { url, child } = await serve(...lesson, "--epochs", "300", "--watch");
    const page = await open(url, { allowLost: true });
    await until(page, "the end of the run", () => window.nudge?.source.state.ended === "finished" && window.nudge.timeline.log.runs[0]?.end);
    await recorded(page, 300);
    const shown = await state(page);
    assert.equal(await page.locator("#title").textContent(), "lesson");
    assert.match(shown.loss, /^\d/);
    assert.equal(await page.locator("#parameter-table tbody tr").count(), 41);
    const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    console.log(`first contentful paint ${paint.toFixed(0)} ms after opening`);
    // The command ends; what has come stays and can be walked through.
    child.kill("SIGINT");
    await until(page, "the loss of the connection", () => document.getElementById("connection").dataset.state === "lost");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    assert.equal((await state(page)).beat, 3);
    await page.context().close();
    assert.deepEqual(page.problems, []);
  },

  async keys() {
    const { url } = await serve("view", record(100), record(100, "other.nudge", ["--seed", "2"]));
    const page = await open(url);
    await recorded(page, 100);
    const press = async (key, check) => {
      await page.keyboard.press(key);
      await drawn(page);
      const now = await state(page);
      assert.ok(check(now), `${key}: ${JSON.stringify(now)}`);
    };
    await press("Home", (s) => s.place === 0 && !s.following);
    await press("ArrowRight", (s) => s.place === 0 && s.beat === 3);
    await press("ArrowRight", (s) => s.place === 1 && s.beat === 0);
    await press("ArrowRight", (s) => s.beat === 1);
    await press("ArrowLeft", (s) => s.beat === 0);
    await press("ArrowLeft", (s) => s.place === 0 && s.beat === 3);
    await press("Shift+ArrowRight", (s) => s.place === 1);
    await press("Shift+ArrowLeft", (s) => s.place === 0);
    await press("n", (s) => s.beat === 2 && s.visited === 1);
    await press("n", (s) => s.visited === 2);
    await press("p", (s) => s.visited === 1);
    await press("End", (s) => s.place === 99 && s.following);
    await press("l", (s) => s.scale === "linear");
    await press("l", (s) => s.scale === "log");
    await press("d", () => true);
    assert.match(await page.locator("#diff-body").textContent(), /part at step 1: layers\.0\.neurons\.0\.w\[0\]/);
    for (const key of ["z", "s", "[", "]", "r"]) await press(key, (s) => /recording/.test(s.toast));
    await press("-", () => true);
    assert.equal(await page.locator("#levels [aria-checked=true]").textContent(), "layer");
    await press("+", () => true);
    await press("+", () => true);
    assert.equal(await page.locator("#levels [aria-checked=true]").textContent(), "expression");
    await press("?", () => true);
    assert.ok(await page.locator("#help-dialog").isVisible());
    await page.keyboard.press("Escape");
    assert.ok(!(await page.locator("#help-dialog").isVisible()));
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await press("c", (s) => /Copied/.test(s.toast) || s.toast !== "");
    await until(page, "the program", () => document.getElementById("toast").textContent.startsWith("Copied"));
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /new Mlp\(3, \[4, 4, 1\]/);
    await press(" ", () => true);
    await until(page, "play to reach the end", () => window.nudge.timeline.place === window.nudge.timeline.last);
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("w")]);
    const saved = join(folder, "run.html");
    await download.saveAs(saved);
    const copy = await open(`file://${saved}`);
    await recorded(copy, 100);
    assert.equal((await state(copy)).runs, 2);
    assert.deepEqual([...page.problems, ...copy.problems], []);
  },

  async edit() {
    const { url } = await serve(...lesson, "--epochs", "400", "--watch", "--edit");
    const page = await open(url);
    await until(page, "a paused run", () => window.nudge?.source.state.paused === true);
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press("Shift+ArrowRight");
      await recorded(page, step + 1);
    }
    await page.keyboard.press("z");
    await until(page, "no zeroing", () => window.nudge.source.state.mistakes === 1);
    await page.keyboard.press("s");
    await until(page, "the other sign", () => window.nudge.source.state.mistakes === 3);
    await page.keyboard.press("z");
    await page.keyboard.press("s");
    await until(page, "neither", () => window.nudge.source.state.mistakes === 0);
    await page.keyboard.press("]");
    await until(page, "twice the rate", () => window.nudge.source.state.rate === 0.1);
    await page.keyboard.press("[");
    await until(page, "the rate again", () => window.nudge.source.state.rate === 0.05);
    await page.getByRole("button", { name: "value of layers.0.neurons.0.w[1]" }).click();
    await page.getByRole("textbox", { name: "new value of layers.0.neurons.0.w[1]" }).fill("0.625");
    await page.keyboard.press("Enter");
    await until(page, "the answer", () => document.getElementById("toast").textContent.includes("0.625"));
    await page.locator("h1").click();
    await page.keyboard.press("Shift+ArrowRight");
    await recorded(page, 4);
    assert.equal(await page.evaluate(() => window.nudge.timeline.run.at(3).parameters[1]), 0.625);
    await page.keyboard.press("r");
    await until(page, "another run", () => window.nudge.timeline.log.runs.length === 2);
    // The new run may not listen yet.
    for (let tries = 0; tries < 20 && (await page.evaluate(() => window.nudge.timeline.last)) < 0; tries++) {
      await page.keyboard.press("Shift+ArrowRight");
      await page.waitForTimeout(500);
    }
    await until(page, "a step", () => window.nudge.timeline.last >= 0);
    const same = await page.evaluate(() => window.nudge.timeline.log.runs.map((run) => run.at(0).loss));
    assert.equal(same[0], same[1], "the same seed gives the same first loss");
    await page.keyboard.press(" ");
    await until(page, "the end", () => window.nudge.source.state.ended === "finished");
    await recorded(page, 400);
    assert.deepEqual(page.problems, []);
  },

  async lab() {
    const { url } = await serve("lab", "--watch");
    const page = await open(url);
    const losses = (name) => page.evaluate(() => window.nudge.lab.log.runs.map((run) => [...run.losses.values.subarray(0, 6)].map((loss) => Number(loss.toPrecision(6)))));
    const expected = {
      "rate 0.125": [16, 0, 0, 0, 0, 0], "rate 0.25": [16, 16, 16, 16, 16, 16], "rate 0.26": [16, 18.6624, 21.7678, 25.39, 29.6149, 34.5428],
      "sign flipped": [16, 51.84, 167.962, 544.196, 1763.19, 5712.75], "no zeroing": [16, 0.64, 9.2416, 19.7847, 5.27897, 2.85908],
    };
    for (const [title, broken] of Object.entries(expected)) {
      const pressed = page.getByRole("button", { name: title, exact: true });
      await pressed.click();
      await until(page, title, (text) => window.nudge.lab.log?.runs[1]?.info.title === `broken: ${text}`, title);
      // The numbers come in one after the other.
      const both = [[16, 0.64, 0.0256, 0.001024, 0.00004096, 0.0000016384], broken];
      for (let k = 0; k < 50 && JSON.stringify(await losses(title)) !== JSON.stringify(both); k++) await page.waitForTimeout(100);
      assert.deepEqual(await losses(title), both);
      assert.ok(await page.locator("#lab mark").count() >= 1, `${title}: what differs is marked`);
      assert.match(await page.locator("#lab .why").textContent(), /\.$/);
    }
    await page.getByRole("button", { name: "network: no zeroing" }).click();
    await until(page, "the network", () => window.nudge.lab.log.runs[1].count === 41);
    await page.getByRole("button", { name: "Look into both" }).click();
    assert.equal((await state(page)).last, 99);
    await page.getByRole("button", { name: "why a topological order" }).click();
    assert.match(await page.locator("#lab table").last().textContent(), /6$/);
    assert.match(await page.locator("#lab table").first().textContent(), /4$/);
    assert.deepEqual(page.problems, []);
  },

  async scrub() {
    const { url } = await serve("view", record(10_000));
    const page = await open(url, { width: 1920, height: 1080 });
    await recorded(page, 10_000);
    const box = await page.locator("#loss-plot").boundingBox();
    await page.mouse.move(box.x + 80, box.y + 50);
    await page.mouse.down();
    // A hand on the curve, a hundred times a second; what the browser puts on the screen meanwhile stands in its own trace.
    const places = new Set();
    const drag = async (ms) => {
      const moves = [], begun = performance.now();
      for (let k = 0; performance.now() - begun < ms; k++) {
        moves.push(page.mouse.move(box.x + 70 + ((k * 7) % (box.width - 90)), box.y + 50));
        if (k % 25 === 0) places.add((await state(page)).place);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await Promise.all(moves);
      return performance.now() - begun;
    };
    await drag(500); // until the scripts have been compiled
    // Who else is at work on the machine takes frames away and never adds any: the best second is what the page can do.
    const seconds = [];
    for (let round = 0; round < 5 && !seconds.some((one) => one.frames >= 45); round++) {
      seconds.push(await traced(page, () => drag(1000)));
    }
    await page.mouse.up();
    assert.ok(places.size > 3, "the numbers follow the hand");
    console.log(seconds.map(({ frames, work }) => `${frames.toFixed(0)} frames a second, ${work.toFixed(1)} ms of the main thread each`).join("; "));
    assert.ok(Math.max(...seconds.map(({ frames }) => frames)) >= 30, "30 frames a second");
    assert.deepEqual(page.problems, []);
  },

  async backward() {
    const { url } = await serve("view", record(30, "run.nudge", ["--precision", "double"]));
    const page = await open(url);
    await recorded(page, 30);
    await page.keyboard.press("Home");
    await page.getByRole("radio", { name: "neuron" }).click();
    await page.getByRole("button", { name: /^L1 n0:/ }).click();
    await until(page, "the formula", () => document.getElementById("inspector").textContent.includes("tanh("));
    // Before backward nothing has a gradient; after it everything has the engine's.
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await drawn(page);
    assert.match(await page.locator("#diagram .node").last().textContent(), /grad –/);
    const total = await page.evaluate(() => window.nudge.diagram.nodeCount);
    for (let k = 0; k < 5; k++) await page.keyboard.press("n");
    await drawn(page);
    assert.equal((await state(page)).visited, 5);
    assert.match(await page.locator("#backward-at").textContent(), new RegExp(`^5 of ${total}`));
    // Walked to the end, the sums that the page makes of products are the gradients that the engine recorded.
    const worst = await page.evaluate(() => {
      const { timeline, diagram } = window.nudge;
      let apart = 0;
      timeline.moveNode(1e9, diagram.nodeCount);
      const gradients = timeline.step.nodeGradients;
      for (let i = 0; i < gradients.length; i++) {
        const mine = diagram.gradientOf(i);
        if (Number.isNaN(gradients[i])) continue;
        apart = Math.max(apart, Math.abs(mine - gradients[i]) / Math.max(1e-3, Math.abs(gradients[i])));
      }
      return apart;
    });
    assert.ok(worst < 1e-12, `apart by ${worst}`);
    assert.deepEqual(page.problems, []);
  },

  async large() {
    const file = join(folder, "large.nudge");
    nudge("train", "--epochs", "200", "--record", file, "--quiet");
    const { url } = await serve("view", file);
    const page = await open(url);
    await recorded(page, 800);
    const kept = await page.evaluate(() => window.nudge.timeline.run.withNodes);
    assert.ok(kept.length > 2 && kept.length < 100, `nodes of ${kept.length} steps`);
    // Following, one who looks at an expression sees the last step that has its nodes.
    await page.getByRole("radio", { name: "neuron" }).click();
    await page.getByRole("button", { name: /^L1 n0:/ }).dblclick();
    await page.keyboard.press("End");
    await until(page, "the last nodes", (place) => window.nudge.timeline.place === place && document.querySelectorAll("#diagram .node").length > 5, kept.at(-1));
    // A step without them says where there are some.
    await page.keyboard.press("Shift+ArrowLeft");
    await page.locator("#diagram").getByRole("button", { name: `step ${kept.at(-2) + 1}` }).click();
    await until(page, "the nodes before", (place) => window.nudge.timeline.place === place && document.querySelectorAll("#diagram .node").length > 5, kept.at(-2));
    assert.deepEqual(page.problems, []);
  },

  async accessibility() {
    const { url } = await serve("view", record(60));
    const page = await open(url);
    await recorded(page, 60);
    for (const region of ["The four beats", "The graph", "What it knows", "Parameters", "The loss", "Health", "Pitfalls lab"]) assert.equal(await page.getByRole("region", { name: region }).count(), 1, region);
    assert.equal(await page.getByRole("slider", { name: /Time/ }).getAttribute("aria-valuetext"), `step 60, loss ${(await state(page)).loss}`);
    assert.equal(await page.getByRole("radiogroup", { name: "How closely to look" }).count(), 1);
    const client = await page.context().newCDPSession(page);
    const { nodes } = await client.send("Accessibility.getFullAXTree");
    const wants = new Set(["button", "radio", "slider", "combobox", "searchbox", "textbox", "link", "image", "img", "region", "group", "radiogroup", "toolbar"]);
    const nameless = nodes.filter((node) => !node.ignored && wants.has(node.role?.value) && !node.name?.value);
    assert.deepEqual(nameless.map((node) => node.role.value), []);
    const reached = new Set();
    for (let k = 0; k < 40; k++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement?.closest("section, header")?.id || document.activeElement?.closest("section, header")?.className));
    }
    for (const place of ["top", "beats panel", "graph"]) assert.ok(reached.has(place), `${place} is reached by Tab: ${[...reached]}`);
    await page.locator("#loss-plot").focus();
    await page.keyboard.press("ArrowUp");
    await drawn(page);
    assert.equal((await state(page)).place, 58);
    // Nothing of the lesson's network lies outside its region, at any width that a screen has.
    for (const width of [1024, 1280, 1366, 1440, 1499, 1500, 1600, 1920]) {
      await page.setViewportSize({ width, height: 950 });
      await drawn(page);
      await drawn(page);
      const hidden = await page.evaluate(() => ["diagram", "knowledge-body", "parameter-table"].filter((id) => {
        const place = document.getElementById(id);
        return place.scrollWidth > place.clientWidth + 1;
      }));
      assert.deepEqual(hidden, [], `at ${width}`);
    }
    await page.emulateMedia({ reducedMotion: "reduce" });
    assert.equal(await page.locator("#toast").evaluate((toast) => getComputedStyle(toast).transitionDuration), "0s");
    assert.deepEqual(page.problems, []);
  },

  async report() {
    mkdirSync(artifacts, { recursive: true });
    const table = join(folder, "houses.csv"), saved = join(folder, "report.html");
    let state = 7;
    const next = (count) => (state = (state * 1103515245 + 12345) % 2147483648) % 65536 % count;
    const rows = Array.from({ length: 300 }, (_, i) => {
      const area = 20 + next(180), town = ["Bath", "Cork", "<b>Leeds</b>"][next(3)];
      return `${i % 17 ? area : ""},${town},${next(2) ? "yes" : "no"},a house of some size with the number ${i},${area + next(90) > 140 ? "sold" : "still to be had"}`;
    });
    writeFileSync(table, `area of the ground floor in square metres,town,garden,note,state\n${rows.join("\n")}\n`);
    nudge("train", table, "--test", "25%", "--epochs", "30", "--report", saved, "--quiet");
    for (const [width, dark] of [[360, false], [768, true], [1280, false], [1280, true]]) {
      const page = await open(`file://${saved}`, { width, dark });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide at ${width}`);
      // Every text stands out from what is behind it, as WCAG asks of text of this size.
      const faint = await page.evaluate(() => {
        const channels = (colour) => {
          const numbers = colour.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
          return colour.startsWith("color(") ? numbers : [numbers[0] / 255, numbers[1] / 255, numbers[2] / 255, numbers[3] ?? 1];
        };
        const light = (colour) => channels(colour).slice(0, 3).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if ((channels(colour)[3] ?? 1) > 0) return colour;
          }
          return "rgb(255, 255, 255)";
        };
        const found = [];
        for (const element of document.querySelectorAll("body *")) {
          if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || !element.checkVisibility?.() || element.closest("title, desc")) continue;
          const style = getComputedStyle(element), [a, b] = [light(element.closest("svg") ? style.fill : style.color), light(behind(element))].sort((x, y) => y - x);
          if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${element.tagName} "${element.textContent.trim().slice(0, 30)}" ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
        }
        return found;
      });
      assert.deepEqual(faint, [], `at ${width}${dark ? " dark" : ""}`);
      const client = await page.context().newCDPSession(page);
      const { nodes } = await client.send("Accessibility.getFullAXTree");
      const wants = new Set(["link", "image", "img", "region", "group", "table", "figure", "navigation", "DisclosureTriangle"]);
      assert.deepEqual(nodes.filter((node) => !node.ignored && wants.has(node.role?.value) && !node.name?.value).map((node) => node.role.value).filter((role) => role !== "group"), []);
      // The first stop of the keyboard leads past the navigation; numbers unfold by it, too.
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "To the results");
      assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0));
      const summary = page.locator("summary").first();
      await summary.focus();
      await page.keyboard.press("Enter");
      assert.ok(await page.locator("details[open] table").first().isVisible());
      assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "solid");
      await page.keyboard.press("Enter");
      await page.screenshot({ path: join(artifacts, `report-${width}${dark ? "-dark" : ""}.png`), fullPage: true });
      assert.deepEqual(page.problems, []);
      await page.context().close();
    }
  },

  async pictures() {
    mkdirSync(artifacts, { recursive: true });
    const moons = join(folder, "moons.nudge"), sine = join(folder, "sine.nudge");
    nudge("train", "--epochs", "200", "--record", moons, "--quiet");
    nudge("train", "--data", "sine", "--layers", "8", "--epochs", "60", "--record", sine, "--quiet");
    for (const [name, file] of [["lesson", record(100)], ["moons", moons], ["sine", sine]]) {
      const saved = join(folder, `${name}.html`);
      nudge("view", file, "--save-page", saved);
      for (const [width, height, dark] of [[360, 780, false], [1024, 800, false], [1920, 1080, false], [1920, 1080, true]]) {
        const page = await open(`file://${saved}`, { width, height, dark });
        await until(page, "the run", () => window.nudge?.timeline.last > 0);
        await page.keyboard.press("Home");
        for (let k = 0; k < 12; k++) await page.keyboard.press("Shift+ArrowRight");
        await drawn(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `${name} at ${width}: ${overflow} pixels too wide`);
        const suffix = `${width}${dark ? "-dark" : ""}`;
        // What is out of sight is not drawn: for a picture of the whole page all of it is in sight.
        await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
        await drawn(page);
        await page.screenshot({ path: join(artifacts, `${name}-${suffix}.png`), fullPage: true });
        if (name === "lesson") {
          for (const region of ["graph", "knowledge", "parameters", "loss", "health"]) await page.locator(`#${region}`).screenshot({ path: join(artifacts, `${region}-${suffix}.png`) });
        }
        assert.deepEqual(page.problems, []);
        await page.context().close();
      }
    }
    const { url } = await serve("lab", "net-zero", "--watch");
    for (const width of [360, 1024, 1920]) {
      const page = await open(url, { width });
      await until(page, "the pair", () => window.nudge?.lab.log?.runs.length === 2);
      await drawn(page);
      await page.locator("#lab").screenshot({ path: join(artifacts, `lab-${width}.png`) });
    }
  },

  // Not a test, since it takes time and a quiet machine: node browser.mjs speed NUDGE.DLL
  async speed() {
    const train = ["train", "--epochs", "200000", "--json", "--quiet"], shares = [], paints = [], numbers = [], rates = [];
    const paintOf = (page) => page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    const secondsOf = (printed) => JSON.parse(printed.trim().split("\n").at(-1)).seconds;
    await (await open("data:text/html,")).context().close(); // the browser's own start is not the page's
    let before = secondsOf(nudge(...train));
    for (let round = 0; round < 5; round++) {
      // The run begins when the page is open.
      const { url, child } = await serve(...train, "--watch", "--edit");
      let printed = "";
      child.stdout.on("data", (data) => (printed += data));
      const page = await open(url);
      await until(page, "a paused run", () => window.nudge?.source.state.paused === true);
      await page.waitForTimeout(1000);
      const drawn = await page.evaluate(() => window.nudge.statistics().frames);
      await page.keyboard.press(" ");
      while (!printed.includes('"summary"')) await new Promise((resolve) => setTimeout(resolve, 20));
      const watched = secondsOf(printed);
      rates.push((await page.evaluate(() => window.nudge.statistics().frames) - drawn) / watched);
      await page.context().close();
      child.kill("SIGKILL");
      // Against the same run without a page right before and right after: who else is at work changes with time.
      const after = secondsOf(nudge(...train));
      shares.push((50 * (before + after)) / watched);
      before = after;
      // A page that is opened in the middle of a run.
      const live = await serve(...train, "--watch");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const opened = await open(live.url);
      await until(opened, "numbers", () => window.nudge?.statistics().firstNumbers > 0);
      paints.push(await paintOf(opened));
      numbers.push(await opened.evaluate(() => window.nudge.statistics().firstNumbers));
      await opened.context().close();
      live.child.kill("SIGKILL");
    }
    const digits = (one) => (one < 10 ? one.toFixed(1) : one.toFixed(0));
    const median = (each) => [...each].sort((a, b) => a - b)[Math.floor(each.length / 2)];
    const print = (what, each, unit) => console.log(`${what}: median ${digits(median(each))} ${unit}, each ${each.map(digits).join(", ")}`);
    print("the speed of 800,000 steps with the page open, of that without", shares, "%");
    print("meanwhile the page drew", rates, "pictures a second");
    print("first paint", paints, "ms after opening");
    print("first numbers", numbers, "ms after opening");
  },

  // The test that calls this one stops and starts the server.
  async reconnect() {
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const ask = async (what) => {
      console.log(`please ${what}`);
      await lines.next();
    };
    const page = await open(givenUrl, { allowLost: true });
    await recorded(page, 20);
    await ask("stop");
    await until(page, "the loss of the connection", () => document.getElementById("connection").dataset.state === "lost");
    await page.keyboard.press("Home");
    assert.equal((await state(page)).last, 19, "what has come stays");
    await ask("start");
    await until(page, "the connection", () => document.getElementById("connection").dataset.state !== "lost");
    await recorded(page, 20);
    assert.equal((await state(page)).runs, 1, "nothing is there twice");
    assert.deepEqual(page.problems, []);
  },
};

try {
  await scenarios[scenario]();
  console.log("ok");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser?.close();
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
  process.stdin.unref?.();
}
