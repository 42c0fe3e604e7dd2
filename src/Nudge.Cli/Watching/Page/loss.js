// The loss over time: exact values, never smoothed, and the place where time is chosen.

import { byId, element, write, count, full, short, contextOf, sizeOf, colour } from "./numbers.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./recording.js").Run} Run */

const left = 58, right = 12, top = 10, bottom = 22;

export class LossPlot {
  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.log = true;
    this.place = byId("loss-plot");
    this.curve = element("canvas", { ariaHidden: "true" });
    this.cursor = element("canvas", { ariaHidden: "true" });
    this.place.append(this.curve, this.cursor);
    this.drawn = "";
    /** @type {number | null} */
    this.hover = null;
    this.listen();
  }

  listen() {
    let dragging = false;
    const entryAt = (/** @type {PointerEvent} */ event) => {
      const box = this.place.getBoundingClientRect();
      const share = (event.clientX - box.left - left) / Math.max(1, box.width - left - right);
      return Math.round(Math.max(0, Math.min(1, share)) * this.lastStep());
    };
    this.place.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      dragging = true;
      this.place.setPointerCapture(event.pointerId);
      this.goToStep(entryAt(event));
    });
    this.place.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      this.hover = entryAt(event);
      if (dragging) this.goToStep(this.hover);
      else this.timeline.changed();
    });
    this.place.addEventListener("pointerup", () => (dragging = false));
    this.place.addEventListener("pointerleave", () => {
      this.hover = null;
      this.timeline.changed();
    });
    this.place.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const { timeline } = this, page = Math.max(1, Math.round(timeline.last / 10));
      /** @type {Record<string, number>} */
      const moves = { PageUp: timeline.place - page, PageDown: timeline.place + page, Home: 0, End: timeline.last, ArrowUp: timeline.place - 1, ArrowDown: timeline.place + 1 };
      if (!(event.key in moves)) return;
      event.preventDefault();
      event.stopPropagation();
      timeline.goTo(moves[event.key]);
    });
  }

  lastStep() {
    const run = this.timeline.run;
    return run && run.numbers.length ? Math.max(1, run.numbers.values[run.numbers.length - 1]) : 1;
  }

  /** @param {number} number */
  goToStep(number) {
    const run = this.timeline.run;
    if (!run || this.timeline.last < 0) return;
    this.timeline.goTo(run.placeOf(entryOf(run, number)));
  }

  draw() {
    const { timeline } = this, run = timeline.run;
    if (!run) return;
    const { width, height } = sizeOf(this.place);
    const state = [width, height, this.log, timeline.log.runs.length, timeline.log.runs.indexOf(run), run.numbers.length, colour("--ink")].join();
    if (state !== this.drawn) {
      this.drawn = state;
      this.drawCurves(run);
    }
    this.drawCursor(run);
    this.read(run);
  }

  /** @param {Run} run */
  scale(run) {
    let least = Infinity, most = -Infinity;
    for (const { course: { range } } of this.timeline.log.runs) {
      least = Math.min(least, this.log ? range.leastPositive : range.least);
      most = Math.max(most, range.most);
    }
    if (this.log && most <= 0) least = Infinity;
    for (const { loss } of run.info.baselines) {
      if (loss > most && loss > 0) most = loss;
    }
    if (!(least <= most)) [least, most] = [this.log ? 0.1 : 0, 1];
    if (this.log) {
      least = Math.max(least, most * 1e-60);
      const from = Math.floor(Math.log10(least) * 2) / 2, to = Math.max(from + 0.5, Math.ceil(Math.log10(most) * 2) / 2);
      return { from, to, at: (/** @type {number} */ loss) => (loss > 0 ? (Math.log10(loss) - from) / (to - from) : 0) };
    }
    const to = most > 0 ? most * 1.05 : 1;
    return { from: 0, to, at: (/** @type {number} */ loss) => loss / to };
  }

  /** @param {Run} run */
  drawCurves(run) {
    const { context, width, height } = contextOf(this.curve);
    const plotWidth = width - left - right, plotHeight = height - top - bottom;
    const scale = this.scale(run), last = this.lastStep();
    this.y = (/** @type {number} */ loss) => top + plotHeight * (1 - Math.max(0, Math.min(1, scale.at(loss))));
    this.x = (/** @type {number} */ step) => left + plotWidth * (step / last);
    const y = this.y, x = this.x;
    context.clearRect(0, 0, width, height);
    context.font = `11px ${colour("--mono")}`;
    context.textBaseline = "middle";
    context.strokeStyle = colour("--faint");
    context.fillStyle = colour("--quiet");
    context.textAlign = "right";
    for (const tick of ticks(scale.from, scale.to, this.log, plotHeight)) {
      context.beginPath();
      context.moveTo(left, y(tick));
      context.lineTo(width - right, y(tick));
      context.stroke();
      context.fillText(short(tick), left - 6, y(tick));
    }
    context.textBaseline = "alphabetic";
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const step = Math.round(last * share);
      context.textAlign = share === 0 ? "left" : share === 1 ? "right" : "center";
      context.fillText(count(step + 1), x(step), height - 6);
    }
    for (const ghost of this.timeline.log.runs) if (ghost !== run) this.drawCurve(context, ghost, colour("--quiet"), [4, 4], 1);
    this.drawCurve(context, run, colour("--plus"), [], run.losses.length > plotWidth ? 1.1 : 1.8);
    for (const { loss, meaning } of run.info.baselines) {
      if (scale.at(loss) < 0) continue;
      context.strokeStyle = context.fillStyle = colour("--quiet");
      context.setLineDash([2, 4]);
      context.beginPath();
      context.moveTo(left, y(loss));
      context.lineTo(width - right, y(loss));
      context.stroke();
      context.setLineDash([]);
      context.textAlign = "right";
      const text = `${meaning}: ${short(loss)}`;
      const words = context.measureText(text).width < plotWidth - 8 ? text : short(loss);
      const at = /** @type {[number, number]} */ ([width - right - 4, y(loss) < top + 14 ? y(loss) + 13 : y(loss) - 4]);
      // The words stand on a ground of their own, above the curve.
      context.strokeStyle = colour("--panel");
      context.lineWidth = 4;
      context.strokeText(words, ...at);
      context.lineWidth = 1;
      context.fillText(words, ...at);
    }
  }

  /**
   * Many steps share a column of pixels: the least and the greatest of each column are drawn, and nothing between is lost.
   * @param {CanvasRenderingContext2D} context @param {Run} run @param {string} stroke @param {number[]} dash @param {number} lineWidth
   */
  drawCurve(context, run, stroke, dash, lineWidth) {
    const x = /** @type {(n: number) => number} */ (this.x), y = /** @type {(n: number) => number} */ (this.y);
    const { width, columns, least, most, last, broken } = run.course;
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.beginPath();
    let column = -1, bottom = 0, top = 0, final = 0, open = false;
    const flush = () => {
      if (column < 0) return;
      if (open) context.lineTo(column, bottom);
      else context.moveTo(column, bottom);
      if (top !== bottom) context.lineTo(column, top);
      if (final !== top) context.lineTo(column, final);
      open = true;
    };
    for (let i = 0; i < columns; i++) {
      const known = !Number.isNaN(last[i]);
      if (known) {
        const at = Math.round(x(i * width) * 2) / 2, low = y(least[i]), high = y(most[i]);
        if (at !== column) {
          flush();
          column = at;
          bottom = low;
          top = high;
        } else {
          bottom = Math.max(bottom, low);
          top = Math.min(top, high);
        }
        final = y(last[i]);
      }
      if (!broken[i]) continue;
      flush();
      column = -1;
      open = false;
    }
    flush();
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1;
  }

  /** @param {Run} run */
  drawCursor(run) {
    const { context, width, height } = contextOf(this.cursor);
    const step = this.timeline.step, x = this.x, y = this.y;
    context.clearRect(0, 0, width, height);
    if (!step || !x || !y) return;
    const line = (/** @type {number} */ number, /** @type {number} */ loss, /** @type {string} */ stroke) => {
      context.strokeStyle = context.fillStyle = stroke;
      context.beginPath();
      context.moveTo(x(number), top);
      context.lineTo(x(number), height - bottom);
      context.stroke();
      context.beginPath();
      context.arc(x(number), y(loss), 4, 0, 7);
      context.fill();
    };
    if (this.hover !== null) {
      const entry = entryOf(run, this.hover);
      line(run.numbers.values[entry], run.losses.values[entry], colour("--quiet"));
    }
    line(step.step, step.loss, colour("--lamp"));
  }

  /** @param {Run} run */
  read(run) {
    const { timeline } = this, step = timeline.step;
    if (!step) return;
    let text = `step ${count(step.step + 1)}: ${full(step.loss)}`;
    if (this.hover !== null) {
      const entry = entryOf(run, this.hover);
      text = `step ${count(run.numbers.values[entry] + 1)}: ${full(run.losses.values[entry])}`;
    }
    const other = timeline.other;
    if (other && other.losses.length) {
      const entry = entryOf(other, this.hover ?? step.step);
      text += ` · dashed (${other.info.title}): ${full(other.losses.values[entry])}`;
    }
    write(byId("loss-read"), text);
    this.place.setAttribute("aria-valuemin", "1");
    this.place.setAttribute("aria-valuemax", String(this.lastStep() + 1));
    this.place.setAttribute("aria-valuenow", String(step.step + 1));
    this.place.setAttribute("aria-valuetext", `step ${step.step + 1}, loss ${full(step.loss)}`);
  }
}

/** The last entry that is not after a step. @param {Run} run @param {number} number */
export function entryOf(run, number) {
  let low = 0, high = run.numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (run.numbers.values[middle] <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** @param {number} from @param {number} to @param {boolean} log @param {number} height */
function ticks(from, to, log, height) {
  const most = Math.max(2, Math.floor(height / 28)), found = [];
  if (log) {
    const every = Math.max(1, Math.ceil((to - from) / most));
    for (let power = Math.ceil(from); power <= to; power += every) found.push(10 ** power);
    if (found.length < 2) found.push(10 ** from, 10 ** to);
    return found;
  }
  const rough = (to - from) / most, size = 10 ** Math.floor(Math.log10(rough));
  const every = [1, 2, 5, 10].map((n) => n * size).find((n) => n >= rough) ?? rough;
  for (let tick = from; tick <= to; tick += every) found.push(Number(tick.toPrecision(12)));
  return found;
}
