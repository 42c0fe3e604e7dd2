// What the network would answer with the parameters of the step one looks at.

import { byId, element, write, short, contextOf, sizeOf, colour } from "./numbers.js";
import { forward, answer } from "./network.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

const classColours = [[31, 111, 178], [224, 122, 32], [120, 80, 170], [60, 140, 80], [20, 150, 160], [150, 60, 90]];
const marks = ["circle", "square", "triangle", "cross", "diamond", "plus"];

export class Knowledge {
  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.place = byId("knowledge-body");
    this.kind = "";
    /** @type {any[]} */
    this.rows = [];
    this.image = document.createElement("canvas");
    this.shown = "";
  }

  draw() {
    const { run, step, parameters } = this.timeline;
    if (!run || !step || !parameters) return;
    const { data, layers } = run.info;
    const kind = !data || layers.length === 0 ? "none" : data.inputNames.length === 2 && data.classes ? "plane" : data.inputNames.length === 1 && data.targets[0].length === 1 && !data.classes ? "curve" : "table";
    const key = `${kind},${this.timeline.log.runs.indexOf(run)}`;
    if (this.kind !== key) {
      this.kind = key;
      this.shown = "";
      this.build(kind, run.info);
    }
    if (kind === "none") return;
    const moment = `${key},${this.timeline.place},${this.timeline.beat === 3},${this.timeline.last},${sizeOf(this.place).width},${colour("--ink")}`;
    if (moment === this.shown) return;
    this.shown = moment;
    if (kind === "plane") this.drawPlane(run.info, parameters);
    else if (kind === "curve") this.drawCurve(run.info, parameters);
    else this.drawTable(run.info, parameters);
  }

  /** @param {string} kind @param {any} info */
  build(kind, info) {
    if (kind === "none") {
      this.place.replaceChildren(element("p", { className: "quiet" }, "This run has no examples to answer: the graph beside is all there is."));
      return;
    }
    if (kind === "table") return this.buildTable(info);
    this.canvas = element("canvas", { role: "img" });
    this.canvas.style.aspectRatio = kind === "plane" ? "1 / 1" : "4 / 3";
    this.canvas.style.maxHeight = "30rem";
    const names = kind === "plane" ? info.data.classes.map((/** @type {string} */ name, /** @type {number} */ i) => `${["●", "■", "▲", "✕", "◆", "✚"][i] ?? "·"} ${name}`) : ["● examples", "— what the network says"];
    if (kind === "plane") names.push("ringed: answered wrongly");
    this.caption = element("ul", { className: "legend" }, ...names.map((/** @type {string} */ name) => element("li", {}, name)), element("li", { id: "knowledge-score" }));
    this.place.replaceChildren(this.canvas, this.caption);
  }

  /** @param {any} info */
  buildTable(info) {
    const { data } = info, rows = Math.min(data.inputs.length, 40);
    this.rows = [];
    const body = element("tbody");
    for (let i = 0; i < rows; i++) {
      const expected = element("td"), got = element("td"), off = element("td");
      const bar = element("span", { className: "bar" }), target = element("span", { className: "target" }), dot = element("span", { className: "dot" });
      const picture = element("div", { className: "dumbbell", ariaHidden: "true" }, bar, target, dot);
      body.append(element("tr", {}, element("th", { scope: "row" }, String(i + 1)), expected, got, off, element("td", {}, picture)));
      this.rows.push({ expected, got, off, target, bar, dot });
    }
    const head = element("tr", {}, ...["example", "target", "says", "off by", ""].map((text) => element("th", { scope: "col" }, text)));
    this.place.replaceChildren(element("table", {}, element("thead", {}, head), body), element("p", { className: "legend", id: "knowledge-score" }, data.inputs.length > rows ? `the first ${rows} of ${data.inputs.length} examples` : ""));
  }

  /** @param {any} info @param {Float64Array} parameters */
  drawTable(info, parameters) {
    const { data } = info;
    const targets = data.targets.map((/** @type {number[]} */ row) => unscale(row[0], data.targetMeans, data.targetScales));
    const least = Math.min(...targets), most = Math.max(...targets), span = most - least || 1;
    const x = (/** @type {number} */ value) => 8 + 84 * Math.max(-0.08, Math.min(1.08, (value - least) / span));
    this.rows.forEach((row, i) => {
      const outputs = forward(info.layers, parameters, data.inputs[i]).at(-1);
      if (!outputs) return;
      if (data.classes) {
        const shares = answer(info, outputs), best = shares.indexOf(Math.max(...shares)), target = data.targets[i][0];
        write(row.expected, data.classes[target]);
        write(row.got, `${data.classes[best]}${best === target ? "" : " ✗"}`);
        write(row.off, short(1 - shares[target]));
        place(row, 92, 8 + 84 * shares[target]);
        return;
      }
      const target = targets[i], got = unscale(outputs[0], data.targetMeans, data.targetScales);
      write(row.expected, short(target));
      write(row.got, short(got));
      write(row.off, short(got - target));
      place(row, x(target), x(got));
    });
  }

  /** @param {any} info @param {Float64Array} parameters */
  drawPlane(info, parameters) {
    const { data, layers } = info;
    const { context, width, height } = contextOf(this.canvas);
    const [left, right] = range(data.inputs, 0), [low, high] = range(data.inputs, 1);
    const grid = 44, image = new ImageData(grid, grid), point = new Float64Array(2), signals = forward(layers, parameters, point);
    const outputs = signals[signals.length - 1];
    const dark = matchMedia("(prefers-color-scheme: dark)").matches, base = dark ? [26, 29, 34] : [255, 254, 251];
    for (let row = 0; row < grid; row++) {
      for (let column = 0; column < grid; column++) {
        point[0] = left + ((column + 0.5) / grid) * (right - left);
        point[1] = high - ((row + 0.5) / grid) * (high - low);
        forward(layers, parameters, point, signals);
        const shares = answer(info, outputs);
        for (let c = 0; c < 3; c++) {
          let mixed = 0;
          for (let k = 0; k < shares.length; k++) mixed += shares[k] * classColours[k % classColours.length][c];
          image.data[4 * (row * grid + column) + c] = base[c] + (dark ? 0.5 : 0.42) * (mixed - base[c]);
        }
        image.data[4 * (row * grid + column) + 3] = 255;
      }
    }
    this.image.width = this.image.height = grid;
    /** @type {CanvasRenderingContext2D} */ (this.image.getContext("2d")).putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.image, 0, 0, width, height);
    let right_ = 0;
    data.inputs.slice(0, 2000).forEach((/** @type {Float64Array} */ input, /** @type {number} */ i) => {
      forward(layers, parameters, input, signals);
      const shares = answer(info, outputs);
      const target = data.targets[i][0], correct = shares.indexOf(Math.max(...shares)) === target;
      right_ += correct ? 1 : 0;
      const x = ((input[0] - left) / (right - left)) * width, y = ((high - input[1]) / (high - low)) * height;
      const [r, g, b] = classColours[target % classColours.length];
      context.fillStyle = `rgb(${r} ${g} ${b})`;
      context.strokeStyle = dark ? "#fff" : "#222";
      context.lineWidth = 0.8;
      mark(context, marks[target % marks.length], x, y, 4.2);
      if (!correct) {
        context.lineWidth = 2;
        context.strokeStyle = colour("--bad");
        context.beginPath();
        context.arc(x, y, 8, 0, 7);
        context.stroke();
      }
    });
    const total = Math.min(2000, data.inputs.length), text = `${right_} of ${total} right`;
    write(byId("knowledge-score"), text);
    this.canvas.setAttribute("aria-label", `Decision boundary over ${data.inputNames.join(" and ")}: ${text}`);
  }

  /** @param {any} info @param {Float64Array} parameters */
  drawCurve(info, parameters) {
    const { data, layers } = info;
    const { context, width, height } = contextOf(this.canvas);
    const [left, right] = range(data.inputs, 0), [low, high] = range(data.targets, 0);
    const x = (/** @type {number} */ value) => ((value - left) / (right - left)) * width;
    const y = (/** @type {number} */ value) => ((high - value) / (high - low)) * height;
    context.clearRect(0, 0, width, height);
    context.fillStyle = colour("--quiet");
    for (let i = 0; i < Math.min(2000, data.inputs.length); i++) {
      context.beginPath();
      context.arc(x(data.inputs[i][0]), y(data.targets[i][0]), 3, 0, 7);
      context.fill();
    }
    context.strokeStyle = colour("--plus");
    context.lineWidth = 2.4;
    context.beginPath();
    for (let column = 0; column <= width; column += 2) {
      const input = left + (column / width) * (right - left);
      context.lineTo(column, y(/** @type {Float64Array} */ (forward(layers, parameters, Float64Array.of(input)).at(-1))[0]));
    }
    context.stroke();
    this.canvas.setAttribute("aria-label", `The fitted curve of ${data.targetName} over ${data.inputNames[0]}, with the examples`);
  }
}

/** Target, answer and the way between them, in hundredths of the width. @param {any} row @param {number} target @param {number} got */
function place(row, target, got) {
  row.target.style.left = `${target}%`;
  row.dot.style.left = `${got}%`;
  row.bar.style.left = `${Math.min(target, got)}%`;
  row.bar.style.width = `${Math.abs(target - got)}%`;
}

/** @param {number} value @param {number[] | null} means @param {number[] | null} scales */
function unscale(value, means, scales) {
  return means && scales ? value * scales[0] + means[0] : value;
}

/** @param {ArrayLike<number>[]} rows @param {number} column @returns {[number, number]} */
function range(rows, column) {
  let least = Infinity, most = -Infinity;
  for (const row of rows) {
    least = Math.min(least, row[column]);
    most = Math.max(most, row[column]);
  }
  const margin = 0.1 * (most - least || 1);
  return [least - margin, most + margin];
}

/** @param {CanvasRenderingContext2D} context @param {string} shape @param {number} x @param {number} y @param {number} r */
function mark(context, shape, x, y, r) {
  context.beginPath();
  if (shape === "circle") context.arc(x, y, r, 0, 7);
  else if (shape === "square") context.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
  else {
    const corners = shape === "triangle" ? [[0, -1.2], [1.1, 0.9], [-1.1, 0.9]] : shape === "diamond" ? [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]]
      : shape === "plus" ? [[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]]
        : [[-1, -0.6], [-0.6, -1], [0, -0.4], [0.6, -1], [1, -0.6], [0.4, 0], [1, 0.6], [0.6, 1], [0, 0.4], [-0.6, 1], [-1, 0.6], [-0.4, 0]];
    corners.forEach(([dx, dy], i) => (i ? context.lineTo(x + r * dx, y + r * dy) : context.moveTo(x + r * dx, y + r * dy)));
    context.closePath();
  }
  context.fill();
  context.stroke();
}
