// Whether the network can still learn: what the loss alone does not show.

import { byId, element, write, short } from "./numbers.js";
import { forward, parametersOf } from "./network.js";
import { operations } from "./operations.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./recording.js").Run} Run */
/** @typedef {import("./recording.js").Step} Step */

const saturatedFrom = 0.99, mostExamples = 300;

export class Health {
  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.place = byId("health-body");
    /** @type {Map<string, any>} */
    this.gauges = new Map();
    this.moment = "";
    this.told = -1;
  }

  draw() {
    const { timeline } = this, { run, step } = timeline;
    if (!run || !step) return;
    this.drawFindings(run);
    const moment = `${timeline.log.runs.indexOf(run)},${timeline.place},${timeline.last}`;
    if (moment === this.moment) return;
    this.moment = moment;
    const readings = read(run, step, timeline.place);
    const names = new Set(readings.map((reading) => reading.name));
    if (names.size !== this.gauges.size || [...names].some((name) => !this.gauges.has(name))) {
      this.gauges.clear();
      this.place.replaceChildren();
    }
    for (const reading of readings) {
      const gauge = this.gauges.get(reading.name) ?? this.add(reading.name);
      gauge.fill.style.width = `${(100 * Math.max(0, Math.min(1, reading.share))).toFixed(1)}%`;
      write(gauge.reading, `${reading.alarm ? "⚠ " : ""}${reading.text}`);
      gauge.root.className = reading.alarm ? "gauge alarm" : "gauge";
      gauge.root.setAttribute("aria-label", `${reading.name}: ${reading.text}${reading.alarm ? ", alarming" : ""}`);
    }
  }

  /** @param {string} name */
  add(name) {
    const fill = element("div", { className: "fill" }), reading = element("span", { className: "reading" });
    const root = element("div", { className: "gauge", role: "img" }, element("span", {}, name), element("div", { className: "track" }, fill), reading);
    const gauge = { root, fill, reading };
    this.gauges.set(name, gauge);
    this.place.append(root);
    return gauge;
  }

  /** @param {Run} run */
  drawFindings(run) {
    const key = 1000 * this.timeline.log.runs.indexOf(run) + run.findings.length;
    if (key === this.told) return;
    this.told = key;
    byId("findings").replaceChildren(...run.findings.map((finding) => element("article", { className: "finding" },
      element("h3", {}, `${finding.title} (step ${finding.step + 1})`),
      element("p", {}, finding.evidence),
      element("p", {}, element("code", {}, finding.line)),
      element("p", {}, finding.mend))));
  }
}

/** @param {Run} run @param {Step} step @param {number} place */
function read(run, step, place) {
  const readings = [], { layers } = run.info;
  const actual = actualChange(run, step, place);
  if (actual !== null) {
    const ratio = step.predicted === 0 ? 0 : actual / step.predicted;
    readings.push({ name: "loss change: real ÷ predicted", share: Math.abs(ratio) / 2, text: `${short(actual)} ÷ ${short(step.predicted)}`, alarm: ratio < 0 || ratio > 2 || Number.isNaN(ratio) });
  } else {
    readings.push({ name: "predicted loss change", share: 0, text: short(step.predicted), alarm: step.predicted > 0 && run.info.optimizer === "sgd" });
  }
  const saturated = shareOf(run, step, "tanh", (output) => Math.abs(output) > saturatedFrom);
  if (saturated !== null) readings.push({ name: "saturated tanh (beyond ±0.99)", share: saturated, text: `${short(100 * saturated)} %`, alarm: saturated > 0.5 });
  const dead = shareOf(run, step, "relu", (output) => output === 0);
  if (dead !== null) readings.push({ name: "silent ReLU (output 0)", share: dead, text: `${short(100 * dead)} %`, alarm: dead > 0.9 });
  layers.forEach((/** @type {any} */ layer, /** @type {number} */ l) => {
    const from = parametersOf(layers, l, 0);
    const part = step.gradients.subarray(from, from + (layer.inputs + 1) * layer.outputs);
    const size = Math.sqrt(part.reduce((sum, g) => sum + g * g, 0));
    readings.push({ name: `gradient of layer ${l}`, share: (Math.log10(size) + 8) / 10, text: short(size), alarm: !Number.isFinite(size) || size === 0 });
  });
  if (layers.length === 0) readings.push({ name: "size of the gradient", share: (Math.log10(step.norm) + 8) / 10, text: short(step.norm), alarm: !Number.isFinite(step.norm) });
  return readings;
}

/** How much the update really changed the loss: measured, or the next step's on the same examples. @param {Run} run @param {Step} step @param {number} place */
function actualChange(run, step, place) {
  if (Number.isFinite(step.actual)) return step.actual;
  if (place + 1 >= run.whole.length) return null;
  const next = run.at(place + 1);
  if (next.step !== step.step + 1 || next.batch.length !== step.batch.length) return null;
  const same = new Set(step.batch);
  return next.batch.every((example) => same.has(example)) ? next.loss - step.loss : null;
}

/** @param {Run} run @param {Step} step @param {string} activation @param {(output: number) => boolean} counts */
function shareOf(run, step, activation, counts) {
  const { layers, data } = run.info;
  if (!layers.some((/** @type {any} */ layer) => layer.activation === activation)) return null;
  let all = 0, counted = 0;
  if (step.graph && step.data) {
    const code = operations.indexOf(activation), numbers = step.data;
    step.graph.nodes.forEach((node, i) => {
      if (node.operation !== code) return;
      all++;
      if (counts(numbers[i])) counted++;
    });
  } else if (data) {
    for (const input of data.inputs.slice(0, mostExamples)) {
      forward(layers, step.parameters, input).forEach((outputs, l) => {
        if (layers[l].activation !== activation) return;
        for (const output of outputs) {
          all++;
          if (counts(output)) counted++;
        }
      });
    }
  }
  return all ? counted / all : null;
}
