// Puts the page together: the source, the timeline, the views, the buttons and the keys.

import { RunLog } from "./recording.js";
import { Timeline, beatNames, Backward, Forward, Update, Zero } from "./timeline.js";
import { Source } from "./source.js";
import { LossPlot } from "./loss.js";
import { Diagram } from "./diagram.js";
import { Knowledge } from "./knowledge.js";
import { ParameterTable } from "./parameters.js";
import { Health } from "./health.js";
import { LabView } from "./lab.js";
import { byId, element, write, count, full, short, signed } from "./numbers.js";

const pristine = /** @type {HTMLElement} */ (document.documentElement.cloneNode(true));
const settings = JSON.parse(byId("settings").textContent);
const ownLog = new RunLog();
const timeline = new Timeline(ownLog);
const source = new Source(settings, pristine);

const loss = new LossPlot(timeline), diagram = new Diagram(timeline), knowledge = new Knowledge(timeline), health = new Health(timeline);
const parameters = new ParameterTable(timeline, {
  choose: (index) => {
    if (!diagram.chooseParameter(index)) say("The nodes of this graph were too many to record.");
  },
  edit: (parameter, value) => command({ command: "set", parameter, value }, `set to ${full(value)} before the next step`),
  canEdit: () => source.canEdit,
});
const lab = new LabView(settings, {
  load: (name) => source.lab(name),
  show: (log, title) => {
    timeline.log = log ?? ownLog;
    write(byId("title"), log ? `lab: ${title}` : titleOf());
    if (log) timeline.goTo(0, Forward);
    else timeline.follow();
    byId("loss").scrollIntoView({ block: "nearest" });
  },
  switches: () => (source.canEdit ? [
    { text: "skip zeroing", key: "Z", pressed: hasMistake(1), act: () => toggle(1) },
    { text: "flip the sign", key: "S", pressed: hasMistake(2), act: () => toggle(2) },
    { text: "rate ÷ 2", key: "[", pressed: null, act: () => scaleRate(0.5) },
    { text: "rate × 2", key: "]", pressed: null, act: () => scaleRate(2) },
    { text: "again from the same seed", key: "R", pressed: null, act: restart },
  ] : []),
});

const lamps = beatNames.map((name, i) => {
  const code = element("code"), button = element("button", { type: "button", onclick: () => timeline.goTo(timeline.place, i) },
    element("span", { className: "bulb" }), element("span", { className: "beat-name" }, name), code);
  byId("lamps").append(element("li", {}, button));
  return { button, code };
});

// ── Drawing: once a frame at most, and nothing while nothing changes ─────────────────────────────────────────────────

// While a run goes on beside it, the page's own part of receiving and drawing takes so much of the time at most. The
// browser's part, which the page does not see, is some five times as long, and on two processors the run feels it.
const shareWhileTraining = navigator.hardwareConcurrency > 2 ? 1 / 12 : 1 / 30;
// Out of sight, regions are drawn for whoever has them read aloud.
const outOfSightEvery = 3000;

let frame = 0, frames = 0, drawing = 0, restUntil = 0, firstNumbers = 0;

timeline.onChange(() => (frame ||= requestAnimationFrame(draw)));
new ResizeObserver(() => timeline.changed()).observe(document.body);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => timeline.changed());

const regions = [["graph", diagram], ["loss", loss], ["knowledge", knowledge], ["parameters", parameters], ["health", health]].map(([id, view]) => (
  { node: byId(/** @type {string} */ (id)), draw: () => /** @type {{draw: () => void}} */ (view).draw(), inSight: true, drawn: -Infinity }));
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) for (const region of regions) if (region.node === target) region.inSight = isIntersecting;
  if (entries.some(({ isIntersecting }) => isIntersecting)) timeline.changed();
});
for (const { node } of regions) sight.observe(node);
addEventListener("beforeprint", () => regions.forEach((region) => region.draw()));

function draw() {
  frame = 0;
  const began = performance.now(), busy = goesOn();
  frames++;
  timeline.settle();
  lab.draw();
  drawButtons();
  if (!timeline.step) return;
  drawBeats();
  for (const region of regions) {
    if (busy && !region.inSight && began - region.drawn < outOfSightEvery) continue;
    region.drawn = began;
    region.draw();
  }
  drawDiff();
  const took = performance.now() - began;
  drawing += took;
  firstNumbers ||= began + took;
  if (busy) rest(took);
}

/** @param {number} took */
function rest(took) {
  restUntil = Math.max(restUntil, performance.now()) + took / shareWhileTraining;
}

/** Comes when the page may take more records: after its first picture, and when it has rested. */
async function ready() {
  const left = () => (goesOn() ? restUntil - performance.now() : 0);
  while (left() > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(100, left())));
}

/** Whether a run is being made at this moment. */
function goesOn() {
  return settings.mode === "live" && source.connected && !source.state.paused && !source.state.ended;
}

function drawBeats() {
  const { run, step, beat, place } = timeline;
  if (!run || !step) return;
  const skips = (step.mistakes & 1) !== 0, flips = (step.mistakes & 2) !== 0;
  lamps.forEach(({ button, code }, i) => {
    if (i === beat) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    const line = run.info.code[i] ?? "", wrong = (i === Zero && skips) || (i === Update && flips);
    write(code, wrong && !isBroken(run) ? (i === Zero ? `// ${line}` : `${line} // uphill`) : line);
    code.className = wrong ? "wrong" : "";
    code.title = line;
  });
  write(byId("step-label"), `step ${count(step.step + 1)}${run.info.steps ? ` of ${count(run.info.steps)}` : ""} · rate ${short(step.rate)}`);
  write(byId("loss-now"), full(step.loss));
  const before = place > 0 ? run.at(place - 1) : null, change = before ? step.loss - before.loss : null;
  const label = byId("loss-change");
  write(label, change === null ? "" : `${change < 0 ? "▼" : change > 0 ? "▲" : "="} ${signed(change)}`);
  label.className = change === null ? "quiet" : change < 0 ? "better" : change > 0 ? "worse" : "quiet";
  if (timeline.log === ownLog) write(byId("title"), titleOf());
}

// A lab's broken run says so in its own code.
/** @param {import("./recording.js").Run} run */
function isBroken(run) {
  return run.info.title.startsWith("broken");
}

function titleOf() {
  return timeline.run?.info.title ?? settings.title ?? "";
}

function drawButtons() {
  const playing = source.canEdit ? source.state.paused === false && !source.state.ended : playTimer !== 0;
  write(byId("play"), playing ? "⏸ Pause" : "▶ Play");
  byId("play").setAttribute("aria-pressed", String(playing));
  byId("follow").setAttribute("aria-pressed", String(timeline.following));
  byId("diff").disabled = !timeline.other;
  byId("diff").setAttribute("aria-pressed", String(showsDiff));
  byId("copy").disabled = !timeline.run?.info.program;
}

let showsDiff = false;

function drawDiff() {
  const place = byId("diff-body"), { run, other, step } = timeline;
  if (!showsDiff || !run || !other || !step) {
    if (place.childElementCount) place.replaceChildren();
    return;
  }
  const there = other.whole.findIndex((_, i) => other.at(i).step === step.step);
  const first = firstDifference(run, other);
  const rows = [];
  if (there >= 0) {
    const theirs = other.at(there), changes = [...step.parameters].map((value, i) => ({ i, value, their: theirs.parameters[i], apart: Math.abs(value - theirs.parameters[i]) }));
    changes.sort((a, b) => b.apart - a.apart);
    for (const { i, value, their, apart } of changes.slice(0, 5)) rows.push(element("tr", {}, ...[run.info.parameterNames[i], full(value), full(their), short(apart)].map((text) => element("td", {}, text))));
  }
  place.replaceChildren(
    element("p", {}, first ? `The runs part at step ${first.step + 1}: ${first.what} is ${full(first.here)} here and ${full(first.there)} in the other (${other.info.title}).` : "The two runs agree in every step that both have."),
    ...(rows.length ? [element("table", {}, element("thead", {}, element("tr", {}, ...["farthest apart at this step", "here", "other", "apart"].map((text) => element("th", {}, text)))), element("tbody", {}, ...rows))] : []));
}

/** @param {import("./recording.js").Run} run @param {import("./recording.js").Run} other */
function firstDifference(run, other) {
  const most = Math.min(run.whole.length, other.whole.length);
  for (let k = 0; k < most; k++) {
    const a = run.at(k), b = other.at(k);
    if (a.step !== b.step) break;
    for (let i = 0; i < Math.min(run.count, other.count); i++) if (!Object.is(a.parameters[i], b.parameters[i])) return { step: a.step, what: run.info.parameterNames[i], here: a.parameters[i], there: b.parameters[i] };
    if (!Object.is(a.loss, b.loss)) return { step: a.step, what: "the loss", here: a.loss, there: b.loss };
    for (let i = 0; i < Math.min(run.count, other.count); i++) if (!Object.is(a.gradients[i], b.gradients[i])) return { step: a.step, what: `the gradient of ${run.info.parameterNames[i]}`, here: a.gradients[i], there: b.gradients[i] };
    if (a.rate !== b.rate) return { step: a.step, what: "the learning rate", here: a.rate, there: b.rate };
  }
  return null;
}

// ── What one can do ──────────────────────────────────────────────────────────────────────────────────────────────────

let playTimer = 0, playedAt = 0, playDebt = 0;

function togglePlay() {
  if (source.canEdit && timeline.log === ownLog && !source.state.ended) {
    timeline.follow();
    return command({ command: source.state.paused ? "run" : "pause" });
  }
  if (playTimer) return stopPlaying();
  if (timeline.place >= timeline.last) timeline.goTo(0, Forward);
  playedAt = performance.now();
  playDebt = 0;
  playTimer = requestAnimationFrame(play);
  timeline.changed();
}

function stopPlaying() {
  cancelAnimationFrame(playTimer);
  playTimer = 0;
  timeline.changed();
}

// Short runs go beat by beat, long ones take about ten seconds.
/** @param {number} now */
function play(now) {
  const short_ = timeline.last < 40, perSecond = short_ ? 3 : Math.max(5, timeline.last / 10);
  playDebt += ((now - playedAt) / 1000) * perSecond;
  playedAt = now;
  const moves = Math.floor(playDebt);
  playDebt -= moves;
  let goesOn = true;
  if (moves > 0) goesOn = short_ ? timeline.nextBeat() : timeline.place < timeline.last && (timeline.goTo(timeline.place + moves, Backward), true);
  playTimer = goesOn ? requestAnimationFrame(play) : 0;
  if (!goesOn) timeline.changed();
}

function nextBeat() {
  if (timeline.nextBeat()) return;
  if (!liveStep()) say("This is the last beat of the recording.");
}

function nextStep() {
  if (timeline.nextStep()) return;
  if (!liveStep()) say("This is the last step of the recording.");
}

/** Asks the run for one more step, where it listens. */
function liveStep() {
  if (!source.canEdit || source.state.ended || timeline.log !== ownLog) return false;
  timeline.follow();
  command({ command: "step" });
  return true;
}

/** @param {number} mistake */
function hasMistake(mistake) {
  return ((source.state.mistakes ?? 0) & mistake) !== 0;
}

/** @param {number} mistake */
function toggle(mistake) {
  const on = !hasMistake(mistake);
  command({ command: "toggle", mistake }, mistake === 1 ? (on ? "zeroing is left out from the next step on" : "gradients are zeroed again") : on ? "the update goes uphill from the next step on" : "the update goes downhill again");
}

/** @param {number} factor */
function scaleRate(factor) {
  command({ command: "rate", factor }, `learning rate ${factor < 1 ? "halved" : "doubled"}`);
}

function restart() {
  command({ command: "restart" }, "again, from the same seed");
}

/** @param {any} what @param {string} [done] */
async function command(what, done) {
  if (!source.canEdit) return say(settings.mode === "live" ? "This page may only look: start with nudge train --watch --edit to change the run." : "This is a recording. The lab below runs what goes wrong; nudge train --watch --edit lets you change a run.");
  try {
    await source.send(what);
    if (done) say(done);
  } catch (error) {
    say(String(error));
  }
}

async function copyProgram() {
  const program = timeline.run?.info.program;
  if (!program) return say("There is no program for this run.");
  try {
    await navigator.clipboard.writeText(program);
  } catch {
    const area = element("textarea", { value: program });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("Copied: a C# program that makes this run.");
}

function savePage() {
  const page = source.page(ownLog, titleOf());
  const link = element("a", { href: URL.createObjectURL(new Blob([page], { type: "text/html" })), download: "run.html" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  say("Saved as run.html: one file with the whole run in it.");
}

function toggleScale() {
  loss.log = !loss.log;
  byId("scale").setAttribute("aria-pressed", String(loss.log));
  write(byId("scale"), loss.log ? "log" : "linear");
  timeline.changed();
}

function toggleDiff() {
  if (!timeline.other) return say("There is no other run to compare with. nudge view a.nudge b.nudge shows two; R starts one.");
  showsDiff = !showsDiff;
  timeline.changed();
}

function showKeys() {
  const dialog = byId("help-dialog");
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

let toastTimer = 0;

/** @param {string} text */
function say(text) {
  write(byId("toast"), text);
  byId("toast").classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => byId("toast").classList.remove("shown"), 3500);
}

// ── Buttons and keys ─────────────────────────────────────────────────────────────────────────────────────────────────

/** @type {[string, string, string, () => void][]} */
const keys = [
  ["Space", " ", "run or pause", togglePlay],
  ["→", "ArrowRight", "next beat; at the end of a live run, its next step", nextBeat],
  ["Shift+→", "Shift+ArrowRight", "next step", nextStep],
  ["←", "ArrowLeft", "back one beat", () => timeline.previousBeat()],
  ["Shift+←", "Shift+ArrowLeft", "back one step", () => timeline.goTo(timeline.place - 1)],
  ["Home, End", "Home", "the first step; the last, and follow", () => timeline.goTo(0)],
  ["", "End", "", () => timeline.follow()],
  ["N, P", "n", "next and previous node in backward", () => timeline.moveNode(1, diagram.nodeCount)],
  ["", "p", "", () => timeline.moveNode(-1, diagram.nodeCount)],
  ["+, −", "+", "look closer, or from farther off", () => diagram.zoomTo(diagram.level + 1)],
  ["", "-", "", () => diagram.zoomTo(diagram.level - 1)],
  ["Z", "z", "zeroing on or off (live, --edit)", () => toggle(1)],
  ["S", "s", "sign of the update (live, --edit)", () => toggle(2)],
  ["[ ]", "[", "learning rate ÷ 2, × 2 (live, --edit)", () => scaleRate(0.5)],
  ["", "]", "", () => scaleRate(2)],
  ["R", "r", "again from the same seed (live, --edit)", restart],
  ["D", "d", "difference from the other run", toggleDiff],
  ["L", "l", "loss linear or logarithmic", toggleScale],
  ["C", "c", "copy the run as a C# program", copyProgram],
  ["W", "w", "save the page with the run in it", savePage],
  ["?", "?", "these keys", showKeys],
];

byId("keys").append(element("tbody", {}, ...keys.filter(([name]) => name).map(([name, , what]) =>
  element("tr", {}, element("td", {}, ...name.split(", ").flatMap((one, i) => [...(i ? [" "] : []), element("kbd", {}, one)])), element("td", {}, what)))));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches("input, select, textarea")) return;
  if (event.key === " " && target.matches("button, summary")) return;
  if (byId("help-dialog").open && event.key !== "?") return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : `${event.shiftKey ? "Shift+" : ""}${event.key}`;
  const found = keys.find(([, key]) => key === pressed);
  if (!found) return;
  event.preventDefault();
  if (playTimer && pressed !== " ") stopPlaying();
  found[3]();
});

for (const [id, act] of /** @type {[string, () => void][]} */ ([
  ["play", togglePlay], ["back", () => timeline.previousBeat()], ["beat", nextBeat], ["step", nextStep], ["follow", () => timeline.follow()],
  ["copy", copyProgram], ["save", savePage], ["help", showKeys], ["scale", toggleScale], ["diff", toggleDiff],
  ["next-node", () => timeline.moveNode(1, diagram.nodeCount)], ["previous-node", () => timeline.moveNode(-1, diagram.nodeCount)],
])) byId(id).addEventListener("click", act);

// ── Begin ────────────────────────────────────────────────────────────────────────────────────────────────────────────

write(byId("title"), settings.title);
document.title = settings.title ? `${settings.title} · nudge` : "nudge";
// The first picture comes first: what there is to show of a run may be much.
/** @param {() => void} act */
function afterPaint(act) {
  if (document.hidden) act();
  else requestAnimationFrame(() => setTimeout(act));
}

afterPaint(() => source.start(ownLog, {
  ready,
  grown: (took) => {
    if (goesOn()) rest(took);
    timeline.lag = goesOn() ? 1 : 0;
    if (timeline.log === ownLog) timeline.grown();
  },
  begun: () => {
    timeline.place = 0;
    timeline.following = true;
    timeline.changed();
  },
  state: () => {
    timeline.lag = goesOn() ? 1 : 0;
    timeline.grown();
  },
  connection: (state, text) => {
    byId("connection").dataset.state = state;
    write(byId("connection"), text);
  },
}));
if (settings.openLab && settings.lab.length) {
  const chosen = settings.openLab === true ? settings.lab[0].name : settings.openLab;
  lab.open(chosen).then(() => {
    if (lab.log) {
      timeline.log = lab.log;
      timeline.goTo(0, Forward);
      write(byId("title"), `lab: ${chosen}`);
    }
  });
}

// What tests and the curious can reach from the console.
Object.assign(window, { nudge: { timeline, diagram, source, lab, statistics: () => ({ frames, drawing, firstNumbers }) } });
