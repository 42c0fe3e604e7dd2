// The pitfalls lab: a right run and a broken one from the same start, one token apart.

import { byId, element, full, short, contextOf, colour } from "./numbers.js";
import { operations } from "./operations.js";
import { RunLog } from "./recording.js";

/** @typedef {{name: string, title: string, why: string, right: string[], broken: string[], columns?: string[], visits?: {title: string, rows: string[][]}[]}} Scenario */

export class LabView {
  /**
   * @param {any} settings
   * @param {{load: (name: string) => Promise<Uint8Array | null>, show: (log: RunLog | null, title: string) => void, switches: () => any[]}} actions
   */
  constructor(settings, actions) {
    /** @type {Scenario[]} */
    this.scenarios = settings.lab ?? [];
    this.actions = actions;
    this.place = byId("lab-body");
    this.switches = element("div", { className: "switches", role: "group", ariaLabel: "Switches of the live run" });
    this.buttons = this.scenarios.map((scenario) => element("button", { type: "button", "aria-pressed": "false", onclick: () => this.open(scenario.name) }, scenario.title));
    this.result = element("div", { role: "region", ariaLabel: "Scenario" });
    this.place.append(
      element("p", { className: "quiet" }, "Each runs in the engine, twice from the same numbers. The code differs by one token."),
      element("div", { className: "scenarios", role: "group", ariaLabel: "Scenarios" }, ...this.buttons), this.switches, this.result);
    this.offered = "";
    /** @type {RunLog | null} */
    this.log = null;
  }

  /** Shows the switches of a live run that may be changed. */
  draw() {
    const switches = this.actions.switches();
    const key = switches.map((one) => `${one.text}${one.pressed}`).join("|");
    if (key === this.offered) return;
    this.offered = key;
    this.switches.replaceChildren(...(switches.length ? [element("span", { className: "quiet" }, "this run:")] : []), ...switches.map((one) =>
      element("button", { type: "button", title: one.key, onclick: one.act, ...(one.pressed === null ? {} : { "aria-pressed": String(one.pressed) }) }, one.text)));
  }

  /** @param {string} name */
  async open(name) {
    const scenario = this.scenarios.find((one) => one.name === name);
    if (!scenario) return;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(this.scenarios[i] === scenario)));
    if (scenario.visits) return this.showVisits(scenario);
    const bytes = await this.actions.load(name);
    if (!bytes) {
      this.result.replaceChildren(element("p", {}, "This page was saved without it. Type ", element("code", {}, `nudge lab ${name}`), " to run it."));
      return;
    }
    this.log = new RunLog();
    this.log.append(bytes);
    this.showPair(scenario, this.log);
  }

  /** @param {Scenario} scenario */
  showVisits(scenario) {
    const figures = (scenario.visits ?? []).map(({ title, rows }) => element("figure", {}, element("figcaption", {}, title),
      element("table", { className: "visits" }, element("thead", {}, element("tr", {}, ...["visit", "what it passes on", "grad of a"].map((text) => element("th", {}, text)))),
        element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, cell))))))));
    this.result.replaceChildren(element("p", { className: "why" }, scenario.why), element("div", { className: "pair" }, ...figures));
  }

  /** @param {Scenario} scenario @param {RunLog} log */
  showPair(scenario, log) {
    const codes = [scenario.right, scenario.broken];
    const figures = log.runs.map((run, k) => {
      const canvas = element("canvas", { role: "img", ariaLabel: `Loss of the ${k ? "broken" : "right"} run` });
      const one = run.count === 1;
      const shown = [0, 1, 2, 3, 4, 5].concat(one ? [] : [10, 20, 50]).filter((i) => i < run.whole.length);
      if (!shown.includes(run.whole.length - 1)) shown.push(run.whole.length - 1);
      const rows = shown.map((i) => {
        const step = run.at(i);
        return element("tr", {}, ...[String(step.step + 1), full(step.loss), one ? full(step.parameters[0]) : short(step.norm), one ? full(step.gradients[0]) : saturated(step)].map((text) => element("td", {}, text)));
      });
      const head = element("tr", {}, ...["step", "loss", one ? "w" : "|grad|", one ? "grad" : "saturated"].map((text) => element("th", {}, text)));
      return { run, canvas, figure: element("figure", {}, element("figcaption", {}, k ? "broken" : "right"), element("pre", {}, ...marked(codes[k], codes[1 - k])), canvas, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))) };
    });
    this.result.replaceChildren(
      element("p", { className: "why" }, scenario.why),
      element("div", { className: "pair" }, ...figures.map(({ figure }) => figure)),
      element("p", {}, element("button", { type: "button", onclick: () => this.actions.show(log, scenario.title) }, "Look into both, step by step"), " ",
        element("button", { type: "button", onclick: () => this.actions.show(null, "") }, "Back to the run")));
    const most = Math.max(...log.runs.flatMap((run) => finite(run))), least = Math.min(...log.runs.flatMap((run) => finite(run)));
    figures.forEach(({ run, canvas }, k) => drawSmall(canvas, run, Math.max(least, 1e-32, most * 1e-34), most, colour(k ? "--minus" : "--plus")));
  }
}

/** @param {import("./recording.js").Run} run */
function finite(run) {
  return [...run.losses.values.subarray(0, run.losses.length)].filter((loss) => Number.isFinite(loss) && loss > 0);
}

/** The code, with what differs from the other marked. @param {string[]} lines @param {string[]} others */
function marked(lines, others) {
  const split = /(\s+|(?<=[=(])|(?=[;)]))/;
  /** @type {(Node | string)[]} */
  const parts = [];
  lines.forEach((line, i) => {
    const other = others[i] ?? "", theirs = other.split(split);
    if (line === `// ${other}`) parts.push(element("mark", {}, "//"), ` ${other}`);
    else if (other === `// ${line}`) parts.push(line);
    else line.split(split).forEach((word, k) => parts.push(word !== theirs[k] && word.trim() ? element("mark", {}, word) : word));
    parts.push("\n");
  });
  return parts;
}

/** The share of tanh so near to ±1 that hardly any gradient passes. @param {import("./recording.js").Step} step */
function saturated(step) {
  const outputs = (step.graph?.nodes ?? []).map((node, i) => (operations[node.operation] === "tanh" ? step.data?.[i] ?? 0 : null)).filter((output) => output !== null);
  return outputs.length ? `${short((100 * outputs.filter((output) => Math.abs(output) > 0.99).length) / outputs.length)} %` : "–";
}

/** @param {HTMLCanvasElement} canvas @param {import("./recording.js").Run} run @param {number} least @param {number} most @param {string} stroke */
function drawSmall(canvas, run, least, most, stroke) {
  const { context, width, height } = contextOf(canvas);
  const from = Math.log10(least), span = Math.log10(most) - from || 1, last = Math.max(1, run.losses.length - 1);
  context.strokeStyle = colour("--line");
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
  context.strokeStyle = stroke;
  context.lineWidth = 1.8;
  context.beginPath();
  for (let i = 0; i < run.losses.length; i++) {
    const loss = run.losses.values[i];
    if (!Number.isFinite(loss)) continue;
    context.lineTo(4 + ((width - 8) * i) / last, height - 6 - ((height - 22) * (Math.log10(Math.max(loss, least)) - from)) / span);
  }
  context.stroke();
  context.fillStyle = colour("--quiet");
  context.font = `11px ${colour("--mono")}`;
  context.fillText(`loss, log: ${short(least)} to ${short(most)}`, 6, 12);
}
