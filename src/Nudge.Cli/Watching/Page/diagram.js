// The expression graph, folded as far as one likes: network, layer, neuron, expression.

import { byId, element, svg, write, count, full, short, signClass, sizeOf } from "./numbers.js";
import { Structure, contributions, paths, nudge, formula, slopesAt } from "./graph.js";
import { forward, parametersOf } from "./network.js";
import { operations } from "./operations.js";
import { Parameter, Constant } from "./recording.js";
import { Backward, Update } from "./timeline.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */

export const levels = ["network", "layer", "neuron", "expression"];

const boxWidth = 98, boxHeight = 46, mostNeurons = 8, margin = 8;
const leastScale = 0.9, mostScale = 1.6;

/**
 * @typedef {{key: string, x: number, y: number, label: string, node: number | null, open: (() => void) | null, read: () => {data: number | null, grad: number | null, more?: string, node?: number | null}}} Item
 * @typedef {{from: number, to: number, read: () => {weight: number | null, slope: number | null}}} Edge
 * @typedef {{items: Item[], edges: Edge[], heads: {x: number, text: string}[]}} Scene
 */

export class Diagram {
  /** @param {Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.place = byId("diagram");
    this.level = 2;
    this.example = 0;
    /** @type {number | null} */
    this.chosen = null;
    /** @type {{layer: number, neuron: number} | null} the neuron whose expression is shown; null for the loss */
    this.neuron = null;
    /** @type {Structure | null} */
    this.structure = null;
    /** The last one that a step had. @type {Structure | null} */
    this.known = null;
    this.drawn = "";
    /** @type {{items: any[], edges: any[]}} */
    this.parts = { items: [], edges: [] };
    /** @type {Scene | null} */
    this.scene = null;
    this.inspected = "";
    /** The nodes that an expression shows at this moment. @type {number[] | null} */
    this.nodesNow = null;
    byId("levels").append(...levels.map((name, i) => element("button", {
      type: "button", role: "radio", "aria-checked": "false", tabIndex: i === this.level ? 0 : -1,
      onclick: () => this.zoomTo(i),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.levelKey(event),
    }, name)));
    byId("example").addEventListener("change", () => {
      this.example = Number(byId("example").value);
      timeline.changed();
    });
  }

  /** @param {KeyboardEvent} event */
  levelKey(event) {
    const by = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.zoomTo(this.level + by);
    byId("levels").children[this.level].focus();
  }

  /** @param {number} level */
  zoomTo(level) {
    this.level = Math.max(0, Math.min(levels.length - 1, level));
    this.look();
  }

  /** Shows the numbers behind a node. @param {number} node */
  choose(node) {
    this.chosen = this.chosen === node ? null : node;
    this.look();
  }

  /** Draws what is looked at now. Who looks at nodes is shown steps that have them. */
  look() {
    this.timeline.wantsNodes = this.level === levels.length - 1 || this.chosen !== null;
    this.timeline.grown();
  }

  /** Chooses the node of a parameter, in this step or the nearest that has nodes. @param {number} index */
  chooseParameter(index) {
    const { run, place } = this.timeline;
    if (run && !this.structure && run.withNodes.length) {
      const { before, after } = run.nodesAround(place);
      this.timeline.goTo(/** @type {number} */ (before ?? after));
      this.adopt();
    }
    const node = this.structure?.graph.nodes.findIndex(({ operation, first }) => operation === Parameter && first === index) ?? -1;
    if (node >= 0) {
      this.chosen = node;
      this.look();
    }
    return node >= 0;
  }

  /** Takes the structure of the step's expression, which most steps share. */
  adopt() {
    const { run, step } = this.timeline;
    if (!run || !step || step.graph === (this.structure?.graph ?? null)) return;
    const was = this.chosen !== null && this.known ? this.known.graph.nodes[this.chosen]?.operation : undefined;
    this.structure = step.graph && step.graph === this.known?.graph ? this.known : step.graph ? new Structure(step.graph, run.info) : null;
    this.drawn = "";
    if (!this.structure) return;
    this.known = this.structure;
    if (this.chosen !== null && this.structure.graph.nodes[this.chosen]?.operation !== was) this.chosen = null;
  }

  get nodeCount() {
    return this.structure ? this.structure.order.length : 0;
  }

  draw() {
    const { run, step } = this.timeline;
    if (!run || !step) return;
    this.adopt();
    const folds = run.info.layers.length > 0;
    const level = folds ? this.level : 3;
    for (const [i, button] of [...byId("levels").children].entries()) {
      button.setAttribute("aria-checked", String(i === level));
      button.tabIndex = i === level ? 0 : -1;
      button.disabled = (!folds && i < 3) || (i === 3 && run.withNodes.length === 0);
    }
    this.offerExamples(folds ? this.exampleCount() : 1);
    byId("example-note").hidden = !folds || run.info.stepsPerEpoch < 2; // otherwise it has its line, so that nothing jumps
    write(byId("example-note"), this.shown !== this.example ? `example ${this.example + 1} is not in the batch of this step: here is example ${this.shown + 1}` : "");
    const key = [run.info.title, this.timeline.log.runs.indexOf(run), level, this.example, JSON.stringify(this.neuron), this.structure ? 1 : level < 3 ? 0 : `at ${this.timeline.place}`, Math.round(sizeOf(this.place).width / 24), this.drawn === "" ? Math.random() : ""].join("|");
    if (!this.drawn || key.slice(0, key.lastIndexOf("|")) !== this.drawn) {
      this.drawn = key.slice(0, key.lastIndexOf("|"));
      this.scene = [() => this.networkScene(), () => this.layerScene(), () => this.neuronScene(), () => this.expressionScene()][level]();
      this.build(this.scene);
      if (level === 3 && !this.structure) this.offerOthers();
    }
    this.update();
    this.inspect();
    this.tellBackward();
  }

  exampleCount() {
    const data = this.timeline.run?.info.data;
    return Math.max(1, data ? Math.min(50, data.inputs.length) : this.structure?.examples ?? 1);
  }

  /** @param {number} count */
  offerExamples(count) {
    const select = byId("example");
    byId("example-label").hidden = count < 2;
    if (select.options.length !== count) {
      select.replaceChildren(...Array.from({ length: count }, (_, i) => element("option", { value: String(i) }, String(i + 1))));
      this.example = Math.min(this.example, count - 1);
      select.value = String(this.example);
    }
  }

  /** The place in the batch at which an example of the data stands; examples are shuffled anew each epoch. */
  get batchPlace() {
    const batch = this.timeline.step?.batch;
    return batch && batch.length && this.structure ? Math.max(0, batch.indexOf(this.example)) : this.example;
  }

  /** The example whose numbers are shown: the first of the batch where the chosen one is not in it. */
  get shown() {
    const batch = this.timeline.step?.batch;
    return batch && batch.length && this.structure ? batch[this.batchPlace] : this.example;
  }

  /** The gradient of a node at this moment. @param {number} i @returns {number | null} */
  gradientOf(i) {
    const { step, beat, visited, gradients } = this.timeline, structure = this.structure;
    if (!step || !structure || !step.nodeGradients) return null;
    const node = structure.graph.nodes[i];
    if (node.operation === Constant) return null;
    if (beat === Update || (beat === Backward && visited === null)) return step.nodeGradients[i];
    const before = node.operation === Parameter ? gradientBefore(this.timeline, node.first) : null;
    if (beat < Backward) return node.operation === Parameter && gradients ? gradients[node.first] : null;
    if (i === structure.root) return 1;
    let sum = before, any = false;
    for (const part of contributions(structure, step, i)) {
      if (structure.order.indexOf(part.consumer) >= /** @type {number} */ (visited)) continue;
      any = true;
      sum = (sum ?? 0) + part.product;
    }
    return any ? sum : before;
  }

  networkScene() {
    const { timeline } = this;
    const run = /** @type {import("./recording.js").Run} */ (timeline.run);
    const sizes = [run.info.layers[0].inputs, ...run.info.layers.map((/** @type {any} */ layer) => layer.outputs)].join(" → ");
    return {
      heads: [],
      items: [
        { key: "network", x: 0, y: 0, label: sizes, node: null, open: () => this.zoomTo(1), read: () => ({ data: null, grad: norm(timeline.gradients), more: `${run.count} parameters` }) },
        { key: "loss", x: 170, y: 0, label: "loss", node: this.structure?.root ?? null, open: () => this.openExpression(null), read: () => ({ data: timeline.step?.loss ?? null, grad: timeline.beat >= Backward ? 1 : null }) },
      ],
      edges: [{ from: 0, to: 1, read: () => ({ weight: null, slope: null }) }],
    };
  }

  layerScene() {
    const { timeline } = this;
    const info = /** @type {any} */ (timeline.run).info;
    /** @type {Item[]} */
    const items = [{ key: "inputs", x: 0, y: 0, label: `${info.layers[0].inputs} inputs`, node: null, open: () => this.zoomTo(2), read: () => ({ data: null, grad: null }) }];
    info.layers.forEach((/** @type {any} */ layer, /** @type {number} */ l) => items.push({
      key: `layer ${l}`, x: 140 * (l + 1), y: 0, label: `L${l} ${layer.activation}`, node: null, open: () => this.zoomTo(2),
      read: () => {
        const from = parametersOf(info.layers, l, 0), count = (layer.inputs + 1) * layer.outputs;
        return { data: null, grad: norm(timeline.gradients?.subarray(from, from + count) ?? null), more: `${layer.outputs} neurons` };
      },
    }));
    items.push({ key: "loss", x: 140 * items.length, y: 0, label: "loss", node: this.structure?.root ?? null, open: () => this.openExpression(null), read: () => ({ data: timeline.step?.loss ?? null, grad: timeline.beat >= Backward ? 1 : null }) });
    return { items, heads: [], edges: items.slice(1).map((_, i) => ({ from: i, to: i + 1, read: () => ({ weight: null, slope: null }) })) };
  }

  neuronScene() {
    const { timeline } = this;
    const info = /** @type {any} */ (timeline.run).info;
    /** @type {Item[]} */
    const items = [];
    /** @type {Edge[]} */
    const edges = [];
    const columns = [info.layers[0].inputs, ...info.layers.map((/** @type {any} */ layer) => layer.outputs)].map((count) => Math.min(count, mostNeurons));
    const rows = Math.max(...columns);
    const gapY = boxHeight + 14;
    const gapX = Math.max(124, Math.min(156, (sizeOf(this.place).width - 4 - boxWidth - 2 * margin) / (info.layers.length + 1)));
    const yOf = (/** @type {number} */ i, /** @type {number} */ count) => (i + (rows - count) / 2) * gapY;
    const heads = [{ x: 0, text: more("inputs", info.layers[0].inputs) }];
    /** @type {number[]} */
    let before = [];
    for (let i = 0; i < columns[0]; i++) {
      before.push(items.length);
      items.push({ key: `x${i}`, x: 0, y: yOf(i, columns[0]), label: info.data?.inputNames[i] ?? `x${i}`, node: null, open: null, read: () => ({ data: this.input(i), grad: null }) });
    }
    info.layers.forEach((/** @type {any} */ layer, /** @type {number} */ l) => {
      heads.push({ x: gapX * (l + 1), text: more(`layer ${l}`, layer.outputs) });
      const here = [];
      for (let n = 0; n < columns[l + 1]; n++) {
        const at = parametersOf(info.layers, l, n);
        here.push(items.length);
        items.push({
          key: `L${l}n${n}`, x: gapX * (l + 1), y: yOf(n, columns[l + 1]), label: `L${l} n${n}`, node: null, open: () => this.openExpression({ layer: l, neuron: n }),
          read: () => this.neuronNumbers(l, n),
        });
        before.forEach((from, i) => edges.push({ from, to: items.length - 1, read: () => ({ weight: timeline.parameters?.[at + i] ?? null, slope: null }) }));
      }
      before = here;
    });
    heads.push({ x: gapX * (info.layers.length + 1), text: "all examples" });
    items.push({ key: "loss", x: gapX * (info.layers.length + 1), y: yOf(0, 1), label: "loss", node: null, open: () => this.openExpression(null), read: () => ({ data: timeline.step?.loss ?? null, grad: timeline.beat >= Backward ? 1 : null }) });
    before.forEach((from) => edges.push({ from, to: items.length - 1, read: () => ({ weight: null, slope: null }) }));
    return { items, edges, heads };
  }

  /** @param {number} i */
  input(i) {
    const inputs = this.timeline.run?.info.data?.inputs[this.shown];
    return inputs ? inputs[i] : null;
  }

  /** @param {number} layer @param {number} neuron */
  neuronNumbers(layer, neuron) {
    const { run, step, parameters } = this.timeline;
    const node = this.structure?.outputs.get(`${layer}.${neuron}.${this.batchPlace}`);
    if (step?.data && node !== undefined) return { data: step.data[node], grad: this.gradientOf(node), node };
    const inputs = run?.info.data?.inputs[this.shown];
    return { data: inputs && parameters ? forward(run.info.layers, parameters, inputs)[layer][neuron] : null, grad: null };
  }

  /** @param {{layer: number, neuron: number} | null} neuron */
  openExpression(neuron) {
    if (!this.timeline.run?.withNodes.length) return;
    this.neuron = neuron;
    this.zoomTo(3);
  }

  expressionScene() {
    const structure = this.structure, { timeline } = this;
    if (!structure) return { items: [], edges: [], heads: [] };
    const whole = structure.graph.nodes.length <= 24 || structure.info.layers.length === 0;
    const nodesAt = () => (whole ? structure.graph.nodes.map((_, i) => i) : this.neuron ? structure.neuronNodes(this.neuron.layer, this.neuron.neuron, this.batchPlace) : structure.lossNodes(this.batchPlace));
    const chosen = nodesAt().slice(0, 160);
    // Shuffled examples change places from step to step; the form of their expressions does not.
    const now = () => (this.nodesNow ??= nodesAt());
    const layout = arrange(structure, chosen);
    const items = chosen.map((node, k) => ({
      key: `node ${node}`, ...layout[k], label: structure.name(node), node, open: null,
      read: () => {
        const at = now()[k] ?? node;
        const parameter = structure.graph.nodes[at].operation === Parameter ? structure.graph.nodes[at].first : -1;
        return { data: parameter >= 0 ? timeline.parameters?.[parameter] ?? null : timeline.step?.data?.[at] ?? null, grad: this.gradientOf(at), node: at };
      },
    }));
    /** @type {Edge[]} */
    const edges = [];
    chosen.forEach((node, to) => {
      const { operation, first, second } = structure.graph.nodes[node];
      if (operation === Parameter) return;
      [first, second].forEach((input, which) => {
        const from = chosen.indexOf(input);
        if (input < 0 || from < 0) return;
        edges.push({
          from, to, read: () => {
            const slope = timeline.step?.data ? slopesAt(structure.graph, timeline.step.data, now()[to] ?? node)[which] : null;
            return { weight: slope, slope: timeline.beat >= Backward ? slope : null };
          },
        });
      });
    });
    const title = this.neuron && !whole ? `layer ${this.neuron.layer}, neuron ${this.neuron.neuron}` : "the loss";
    return { items, edges, heads: [{ x: (Math.max(...layout.map((place) => place.x))) / 2, text: title }] };
  }

  /** @param {Scene} scene */
  build(scene) {
    const head = scene.heads.length ? 22 : 0;
    const width = Math.max(0, ...scene.items.map((item) => item.x)) + boxWidth + 2 * margin;
    const height = Math.max(0, ...scene.items.map((item) => item.y)) + boxHeight + 2 * margin + head;
    // As wide as its place where that changes its size by little: what would be too small to read is scrolled.
    const wide = (sizeOf(this.place).width - 4) / width;
    const scale = wide < 1 ? (wide < leastScale ? 1 : wide) : Math.max(1, Math.min(mostScale, wide, 620 / height));
    const root = svg("svg", { width: width * scale, height: height * scale, viewBox: `0 0 ${width} ${height}`, role: "presentation" });
    const centre = (/** @type {Item} */ item) => ({ x: item.x + margin, y: item.y + margin + head + boxHeight / 2 });
    for (const { x, text } of scene.heads) root.append(svg("text", { class: "head", x: x + margin + boxWidth / 2, y: 14 }, text));
    this.parts = { items: [], edges: [] };
    for (const edge of scene.edges) {
      const from = centre(scene.items[edge.from]), to = centre(scene.items[edge.to]);
      const x0 = from.x + boxWidth, bend = Math.max(14, (to.x - x0) / 2);
      const line = scene.edges.length > 60 ? `L${to.x} ${to.y}` : `C${x0 + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
      const path = svg("path", { class: "edge none", d: `M${x0} ${from.y}${line}` });
      const label = svg("text", { class: "slope", x: (x0 + to.x) / 2, y: from.y + 0.36 * (to.y - from.y) - 3 });
      root.prepend(path);
      root.append(label);
      this.parts.edges.push({ path, label });
    }
    for (const item of scene.items) {
      const { x, y } = centre(item);
      const data = svg("text", { x: x + boxWidth / 2, y: y + 2 }), grad = svg("text", { class: "grad", x: x + boxWidth / 2, y: y + 16 });
      const box = svg("g", { class: "node", tabindex: 0, role: "button" },
        svg("rect", { x, y: y - boxHeight / 2, width: boxWidth, height: boxHeight, rx: 7 }),
        svg("text", { class: "label", x: x + boxWidth / 2, y: y - 11 }, item.label.length > 14 ? item.label.slice(0, 13) + "…" : item.label), data, grad);
      const act = () => {
        const node = item.read().node ?? item.node;
        if (node !== null && node !== undefined && this.chosen !== node) this.choose(node);
        else if (item.open) item.open();
        else if (node !== null && node !== undefined) this.choose(node);
      };
      box.addEventListener("click", act);
      box.addEventListener("dblclick", () => item.open?.());
      box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        act();
      });
      root.append(box);
      this.parts.items.push({ box, data, grad });
    }
    this.place.replaceChildren(root);
  }

  update() {
    const { scene, parts, timeline, structure } = this;
    if (!scene) return;
    this.nodesNow = null;
    const current = timeline.beat === Backward && timeline.visited ? structure?.order[timeline.visited - 1] : undefined;
    scene.items.forEach((item, k) => {
      const { data, grad, more: extra, node } = /** @type {any} */ (item.read());
      const part = parts.items[k], at = node ?? item.node;
      const dataText = extra ?? short(data), gradText = `grad ${short(grad)}`;
      write(part.data, dataText);
      write(part.grad, gradText);
      const sign = data === null || extra ? "" : data > 0 ? " data-plus" : data < 0 ? " data-minus" : "";
      const classes = `node${sign}${at !== null && at === this.chosen ? " chosen" : ""}${at !== null && at === current ? " current" : ""}`;
      if (part.box.getAttribute("class") !== classes) part.box.setAttribute("class", classes);
      const name = `${item.label}: ${dataText}, ${gradText}`;
      if (part.name !== name) part.box.setAttribute("aria-label", (part.name = name));
    });
    scene.edges.forEach((edge, k) => {
      const { weight, slope } = edge.read(), part = parts.edges[k];
      const classes = `edge ${weight === null || weight === 0 || Number.isNaN(weight) ? "none" : weight > 0 ? "plus" : "minus"}`;
      const width = weight === null ? "1.2" : (0.6 + 3.4 * Math.min(1, Math.abs(weight) / 2)).toFixed(2);
      if (part.classes !== classes) part.path.setAttribute("class", (part.classes = classes));
      if (part.width !== width) {
        part.path.setAttribute("stroke-width", (part.width = width));
        if (scene.edges.length > 60) part.path.setAttribute("stroke-opacity", weight === null ? "1" : (0.15 + 0.85 * Math.min(1, Math.abs(weight))).toFixed(2));
      }
      write(part.label, slope === null ? "" : `×${short(slope)}`);
    });
  }

  tellBackward() {
    const { timeline, structure } = this;
    byId("previous-node").disabled = byId("next-node").disabled = !structure;
    if (!structure) return this.tellMissing();
    const visited = timeline.beat === Backward ? timeline.visited : null;
    if (visited === null) return write(byId("backward-at"), `${count(structure.graph.nodes.length)} nodes; N goes through backward one by one`);
    const at = structure.order[Math.max(0, visited - 1)];
    write(byId("backward-at"), visited === 0
      ? `backward begins: the loss has gradient 1`
      : `${visited} of ${structure.order.length}: ${structure.fullName(at, /** @type {any} */ (timeline.step))} passes its gradient ${short(timeline.step?.nodeGradients?.[at])} on`);
  }

  /** What to say of a step whose nodes were not kept, and where there are some. */
  tellMissing() {
    const { run, place } = this.timeline;
    if (!run?.withNodes.length) return write(byId("backward-at"), "the nodes of this graph were too many to record");
    const { before, after } = run.nodesAround(place), at = (/** @type {number} */ p) => run.at(p).step + 1;
    const where = [before === null ? "" : `step ${count(at(before))}`, after === null ? "" : `step ${count(at(after))}`].filter(Boolean).join(" and ");
    write(byId("backward-at"), `the nodes of this step were not kept; those of ${where} were`);
  }

  /** In the place of an expression that was not kept: the nearest ones that were. */
  offerOthers() {
    const { timeline } = this, { run, place } = timeline;
    if (!run) return;
    const { before, after } = run.nodesAround(place);
    const ways = [before, after].filter((at) => at !== null).map((at) => element("button", { type: "button", onclick: () => timeline.goTo(at) }, `step ${count(run.at(at).step + 1)}`));
    this.place.replaceChildren(element("p", { className: "quiet" }, "This expression is large, and its nodes were kept now and then only. The nearest: ", ...ways));
  }

  inspect() {
    const { timeline, structure, chosen } = this, step = timeline.step;
    const place = byId("inspector");
    const key = chosen === null || !step?.data ? "" : `${timeline.log.runs.length},${timeline.place},${timeline.beat},${timeline.visited},${chosen}`;
    if (key === this.inspected && place.childElementCount) return;
    this.inspected = key;
    if (!structure || !step?.data || chosen === null) {
      place.replaceChildren(element("p", { className: "quiet" }, "Choose a node for its formula, with the numbers in it and every way its gradient came."));
      return;
    }
    const parts = contributions(structure, step, chosen), grad = this.gradientOf(chosen);
    const children = [element("h3", {}, structure.fullName(chosen, step)), element("p", { className: "mono" }, formula(structure, step.data, chosen))];
    const { operation } = structure.graph.nodes[chosen];
    if (operation === Constant) children.push(element("p", { className: "quiet" }, "A constant of the code: nothing flows into it."));
    else if (timeline.beat < Backward) children.push(element("p", { className: "quiet" }, "Its gradient is computed in the beat backward."));
    else {
      const sum = parts.reduce((total, part) => total + part.product, chosen === structure.root ? 1 : 0);
      const rows = parts.slice(0, 12).map((part) => row("td", [`through ${structure.fullName(part.consumer, step)}`, full(part.above), `× ${full(part.slope)}`, full(part.product)]));
      if (chosen === structure.root) rows.push(row("td", ["it is the loss", "", "", "1"]));
      const recorded = step.nodeGradients ? step.nodeGradients[chosen] : NaN;
      const left = recorded - sum;
      if (parts.length > 12) rows.push(row("td", [`${parts.length - 12} more`, "", "", full(parts.slice(12).reduce((total, part) => total + part.product, 0))]));
      if ((step.mistakes & 1) !== 0 && operation === Parameter && Math.abs(left) > 1e-9 * Math.abs(recorded)) rows.push(row("td", ["left over from steps before", "", "", full(left)]));
      children.push(element("table", {}, element("thead", {}, row("th", ["the gradient came", "from above", "local slope", "product"])), element("tbody", {}, ...rows), element("tfoot", {}, row("td", ["sum = gradient", "", "", full(grad)]))));
      children.push(element("p", {}, "nudged up and down, the loss moves by ", element("code", {}, full(nudge(structure, step, chosen))), " for each unit"));
      const ways = paths(structure, step, chosen, 64);
      if (ways && ways.length > 1) children.push(element("details", {}, element("summary", {}, `all ${ways.length} paths from the loss`), ...ways.slice(0, 16).map((way) => element("p", { className: "mono" }, `${way.nodes.map((n) => structure.spoken(n)).join(" › ")}: ${full(way.product)}`)), ways.length > 16 ? element("p", {}, `and ${ways.length - 16} more, together ${full(ways.slice(16).reduce((total, way) => total + way.product, 0))}`) : ""));
    }
    place.replaceChildren(...children);
  }
}

/** What a parameter's gradient is before backward adds to it. @param {Timeline} timeline @param {number} index */
function gradientBefore(timeline, index) {
  const { run, step, place } = timeline;
  if (!run || !step) return null;
  return (step.mistakes & 1) === 0 ? 0 : place > 0 ? run.at(place - 1).gradients[index] : null;
}

/** @param {string} name @param {number} count */
function more(name, count) {
  return count > mostNeurons ? `${name} (${mostNeurons} of ${count})` : name;
}

/** @param {Float64Array | null} numbers */
function norm(numbers) {
  return numbers ? Math.sqrt(numbers.reduce((sum, n) => sum + n * n, 0)) : null;
}

/** @param {string} cell @param {string[]} texts */
function row(cell, texts) {
  return element("tr", {}, ...texts.map((text) => element(cell, {}, text)));
}

/**
 * Columns by depth, rows by the mean place of the neighbours, a few times over.
 * @param {Structure} structure @param {number[]} chosen @returns {{x: number, y: number}[]}
 */
function arrange(structure, chosen) {
  const { nodes } = structure.graph;
  const inside = new Set(chosen);
  /** @type {Map<number, number>} */
  const depth = new Map();
  const inputsOf = (/** @type {number} */ i) => (nodes[i].operation === Parameter ? [] : [nodes[i].first, nodes[i].second].filter((input) => inside.has(input)));
  for (const i of chosen) depth.set(i, Math.max(0, ...inputsOf(i).map((input) => 1 + (depth.get(input) ?? 0))));
  for (const i of [...chosen].reverse()) { // what nothing is computed from stands right before its first use
    const uses = structure.consumers[i].filter((consumer) => inside.has(consumer));
    if (inputsOf(i).length === 0 && uses.length) depth.set(i, Math.max(0, Math.min(...uses.map((use) => depth.get(use) ?? 1)) - 1));
  }
  /** @type {number[][]} */
  const columns = [];
  for (const i of chosen) (columns[depth.get(i) ?? 0] ??= []).push(i);
  /** @type {Map<number, number>} */
  const y = new Map();
  for (const column of columns) column?.forEach((i, k) => y.set(i, k - column.length / 2));
  for (let round = 0; round < 12; round++) {
    const backwards = round % 2 === 0;
    for (const column of backwards ? [...columns].reverse() : columns) {
      if (!column) continue;
      const wish = (/** @type {number} */ i) => {
        const near = backwards ? structure.consumers[i].filter((consumer) => inside.has(consumer)) : inputsOf(i);
        return near.length ? near.reduce((sum, n) => sum + (y.get(n) ?? 0), 0) / near.length : y.get(i) ?? 0;
      };
      const wishes = new Map(column.map((i) => [i, wish(i)]));
      column.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
      const mean = column.reduce((sum, i) => sum + (wishes.get(i) ?? 0), 0) / column.length;
      column.forEach((i, k) => y.set(i, mean + k - (column.length - 1) / 2));
    }
  }
  const least = Math.min(...y.values());
  return chosen.map((i) => ({ x: (depth.get(i) ?? 0) * (boxWidth + 58), y: ((y.get(i) ?? 0) - least) * (boxHeight + 10) }));
}
