// Every parameter with its value, gradient and step, and its course over the run.

import { byId, element, svg, write, short, sizeOf } from "./numbers.js";
import { Backward, Update } from "./timeline.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

const mostRows = 400, restBeforeAll = 600;

export class ParameterTable {
  /** @param {Timeline} timeline @param {{choose: (index: number) => void, edit: (index: number, value: number) => void, canEdit: () => boolean}} actions */
  constructor(timeline, actions) {
    this.timeline = timeline;
    this.actions = actions;
    this.place = byId("parameter-table");
    this.filter = byId("parameter-filter");
    this.built = "";
    this.sparks = "";
    /** @type {any[]} */
    this.rows = [];
    this.firstInView = 0;
    this.rowHeight = 1;
    this.later = 0;
    this.place.addEventListener("scroll", () => {
      this.firstInView = Math.floor(this.place.scrollTop / this.rowHeight);
      timeline.changed();
    });
    this.filter.addEventListener("input", () => timeline.changed());
  }

  draw() {
    const { timeline } = this, { run, step } = timeline;
    if (!run || !step) return;
    const key = `${timeline.log.runs.indexOf(run)}|${this.filter.value}|${this.actions.canEdit()}`;
    if (this.built !== key) {
      this.built = key;
      this.build(run);
    }
    this.sparks = sparksOf(run);
    this.fill(run, step, this.rows.slice(this.firstInView, this.firstInView + Math.ceil(sizeOf(this.place).height / this.rowHeight) + 1));
    // The rows that nobody sees follow when nothing moves: hundreds of them are much to put in order in each frame.
    clearTimeout(this.later);
    this.later = setTimeout(() => this.fillAll(), restBeforeAll);
  }

  fillAll() {
    const { run, step } = this.timeline;
    if (run && step) this.fill(run, step, this.rows);
  }

  /** @param {import("./recording.js").Run} run @param {import("./recording.js").Step} step @param {any[]} rows */
  fill(run, step, rows) {
    const { timeline } = this;
    const values = timeline.parameters, gradients = timeline.gradients, before = step.parameters;
    const after = run.after(timeline.place);
    const isOld = timeline.beat < Backward || timeline.beat === Update;
    for (const row of rows) {
      const i = row.index, moved = after ? after[i] - before[i] : null;
      const value = values ? values[i] : null, gradient = gradients ? gradients[i] : null;
      if (!row.editing) write(row.value, short(value));
      write(row.gradient, short(gradient));
      write(row.step, short(moved));
      write(row.ratio, moved === null || before[i] === 0 ? "–" : short(Math.abs(moved / before[i])));
      const old = isOld && gradient !== null && gradient !== 0 ? "old" : "";
      if (row.old !== old) row.gradient.className = row.old = old;
      if (row.sparks !== this.sparks) this.spark(run, row);
    }
  }

  /** @param {import("./recording.js").Run} run */
  build(run) {
    const wanted = this.filter.value.trim().toLowerCase();
    const places = [];
    for (let i = 0; i < run.count && places.length < mostRows; i++) if (run.info.parameterNames[i].toLowerCase().includes(wanted)) places.push(i);
    const body = element("tbody");
    this.rows = places.map((index) => {
      const name = run.info.parameterNames[index];
      const value = element("button", { type: "button", title: this.actions.canEdit() ? "Edit" : "", ariaLabel: `value of ${name}` });
      const gradient = element("td"), step = element("td"), ratio = element("td");
      const path = svg("path", {}), picture = svg("svg", { class: "spark", viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true" }, path);
      const row = { index, value, gradient, step, ratio, path, editing: false, old: "", sparks: "" };
      value.addEventListener("click", () => this.edit(row, name));
      const cells = [element("td", {}, element("button", { type: "button", title: name, onclick: () => this.actions.choose(index) }, `\u200e${shorter(name)}`)), element("td", {}, value), gradient, step, ratio, element("td", { className: "spark-cell" }, picture)];
      body.append(element("tr", {}, ...cells));
      return row;
    });
    const head = element("tr", {}, ...["parameter", "value", "grad", "step", "|step/value|", "course"].map((text) => element("th", { scope: "col" }, text)));
    const note = run.count > places.length && !wanted ? [element("p", { className: "quiet" }, `the first ${mostRows} of ${run.count}; filter by name for others`)] : [];
    this.place.replaceChildren(element("table", {}, element("thead", {}, head), body), ...note);
    this.rowHeight = Math.max(1, body.clientHeight / Math.max(1, places.length));
    this.firstInView = Math.floor(this.place.scrollTop / this.rowHeight);
  }

  /** @param {any} row @param {string} name */
  edit(row, name) {
    if (!this.actions.canEdit()) return this.actions.choose(row.index);
    const input = element("input", { value: String(this.timeline.parameters?.[row.index] ?? 0), ariaLabel: `new value of ${name}`, inputMode: "decimal" });
    row.editing = true;
    const done = (/** @type {boolean} */ accept) => {
      if (!row.editing) return;
      row.editing = false;
      const typed = Number(input.value.replace(",", ".").replace("−", "-"));
      input.replaceWith(row.value);
      row.value.focus();
      if (accept && Number.isFinite(typed)) this.actions.edit(row.index, typed);
      this.timeline.changed();
    };
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      event.stopPropagation();
      if (event.key === "Enter") done(true);
      if (event.key === "Escape") done(false);
    });
    input.addEventListener("blur", () => done(false));
    row.value.replaceWith(input);
    input.select();
  }

  /** @param {import("./recording.js").Run} run @param {any} row */
  spark(run, row) {
    row.sparks = this.sparks;
    const count = run.whole.length, samples = Math.min(48, count), numbers = [];
    if (count < 2) return;
    for (let k = 0; k < samples; k++) numbers.push(run.parameterAt(Math.round((k * (count - 1)) / (samples - 1)), row.index));
    const finite = numbers.filter(Number.isFinite), least = Math.min(...finite), most = Math.max(...finite), span = most - least || 1;
    row.path.setAttribute("d", "M" + numbers.map((n, k) => `${((100 * k) / (samples - 1)).toFixed(1)} ${(18.5 - (17 * (n - least)) / span).toFixed(1)}`).join("L"));
  }
}

/** Changes when the run has grown by a noticeable part: a course is drawn anew then, and does not move while one scrubs. @param {import("./recording.js").Run} run */
function sparksOf(run) {
  const count = run.whole.length;
  return `${count < 40 ? count : Math.floor(8 * Math.log2(count))}${run.end ? " and ended" : ""}`;
}

/** @param {string} name */
function shorter(name) {
  return name.replace(/^layers\.(\d+)\.neurons\.(\d+)\./, "L$1 n$2 ");
}
