// Reads recordings: the same bytes whether they come from a file in the page or from a run that goes on.

import { Course } from "./course.js";

export const Parameter = 2, Constant = 1;

const headerLength = 16;

/**
 * @typedef {{operation: number, first: number, second: number}} GraphNode
 * @typedef {{nodes: GraphNode[], labels: Map<number, string>}} Graph
 * @typedef {{
 *   step: number, epoch: number, mistakes: number, loss: number, rate: number, norm: number, predicted: number, actual: number,
 *   batch: Int32Array, parameters: Float64Array, gradients: Float64Array, graph: Graph | null,
 *   data: Float64Array | null, nodeGradients: Float64Array | null,
 * }} Step
 */

/** A list of numbers that grows. */
export class Series {
  constructor() {
    this.values = new Float64Array(1024);
    this.length = 0;
  }

  /** Room for so many more, to be written by the caller. @param {number} count @returns {Float64Array} */
  more(count) {
    const needed = this.length + count;
    if (needed > this.values.length) {
      const larger = new Float64Array(Math.max(needed, 2 * this.values.length));
      larger.set(this.values);
      this.values = larger;
    }
    const room = this.values.subarray(this.length, needed);
    this.length = needed;
    return room;
  }

  /** @param {number} value */
  push(value) {
    this.more(1)[0] = value;
  }
}

/** One recorded run. */
export class Run {
  /** @param {any} info */
  constructor(info) {
    // One kind of array for all that goes through the network: the page computes thousands of answers a frame.
    if (info.data) info.data.inputs = info.data.inputs.map((/** @type {number[]} */ row) => Float64Array.from(row));
    this.info = info;
    this.count = info.parameterNames.length;
    this.numbers = new Series(); // of every step, its number
    this.losses = new Series(); // and its loss
    this.course = new Course();
    /** @type {{entry: number, bytes: Uint8Array, graph: Graph | null}[]} */
    this.whole = []; // the steps with all their numbers
    /** Those of them that have the numbers of every node, by their places. @type {number[]} */
    this.withNodes = [];
    /** @type {any[]} */
    this.findings = [];
    /** @type {{reason: string, parameters: Float64Array} | null} */
    this.end = null;
    /** @type {Map<number, Step>} */
    this.cache = new Map();
  }

  /** The losses of steps that follow each other. @param {number} first @param {Float64Array} losses */
  take(first, losses) {
    this.losses.more(losses.length).set(losses);
    const numbers = this.numbers.more(losses.length);
    for (let i = 0; i < losses.length; i++) numbers[i] = first + i;
    this.course.add(first, losses);
  }

  /** The whole step at a place. @param {number} place @returns {Step} */
  at(place) {
    let step = this.cache.get(place);
    if (!step) {
      step = this.decode(this.whole[place]);
      if (this.cache.size > 64) this.cache.delete(/** @type {number} */ (this.cache.keys().next().value));
      this.cache.set(place, step);
    }
    return step;
  }

  /** The parameters after the update of a whole step, where they are known. @param {number} place */
  after(place) {
    const here = this.numbers.values[this.whole[place].entry];
    if (place + 1 < this.whole.length && this.numbers.values[this.whole[place + 1].entry] === here + 1) return this.at(place + 1).parameters;
    return place + 1 === this.whole.length && this.end && this.whole[place].entry === this.numbers.length - 1 ? this.end.parameters : null;
  }

  /** The place of the last whole step that is not after an entry. @param {number} entry */
  placeOf(entry) {
    let low = 0, high = this.whole.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.whole[middle].entry <= entry) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The last place at or before one whose step has its nodes, and the first after it. @param {number} place @returns {{before: number | null, after: number | null}} */
  nodesAround(place) {
    let low = 0, high = this.withNodes.length; // the first that is greater
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.withNodes[middle] <= place) low = middle + 1;
      else high = middle;
    }
    return { before: this.withNodes[low - 1] ?? null, after: this.withNodes[low] ?? null };
  }

  /** One parameter of a whole step, without reading the rest. @param {number} place @param {number} index */
  parameterAt(place, index) {
    const { bytes } = this.whole[place];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return view.getFloat64(60 + 4 * view.getInt32(56, true) + 8 * index, true);
  }

  /** @param {{bytes: Uint8Array, graph: Graph | null}} record @returns {Step} */
  decode({ bytes, graph }) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 60;
    const examples = view.getInt32(56, true);
    const batch = new Int32Array(examples);
    for (let i = 0; i < examples; i++, at += 4) batch[i] = view.getInt32(at, true);
    const numbers = (/** @type {number} */ count) => {
      const part = new Float64Array(bytes.slice(at, at + 8 * count).buffer);
      at += 8 * count;
      return part;
    };
    const parameters = numbers(this.count), gradients = numbers(this.count);
    const hasNodes = view.getInt32(12, true) === 1 && graph !== null;
    /** @type {Float64Array | null} */
    let data = null;
    /** @type {Float64Array | null} */
    let nodeGradients = null;
    if (hasNodes) {
      const nodes = graph.nodes;
      data = new Float64Array(nodes.length);
      nodeGradients = new Float64Array(nodes.length);
      for (let i = 0; i < nodes.length; i++) {
        if (nodes[i].operation === Parameter) data[i] = parameters[nodes[i].first];
        else {
          data[i] = view.getFloat64(at, true);
          at += 8;
        }
      }
      for (let i = 0; i < nodes.length; i++) {
        if (nodes[i].operation === Parameter) nodeGradients[i] = gradients[nodes[i].first];
        else if (nodes[i].operation === Constant) nodeGradients[i] = NaN;
        else {
          nodeGradients[i] = view.getFloat64(at, true);
          at += 8;
        }
      }
    }
    return {
      step: view.getInt32(0, true), epoch: view.getInt32(4, true), mistakes: view.getInt32(8, true),
      loss: view.getFloat64(16, true), rate: view.getFloat64(24, true), norm: view.getFloat64(32, true),
      predicted: view.getFloat64(40, true), actual: view.getFloat64(48, true),
      batch, parameters, gradients, graph: hasNodes ? graph : null, data, nodeGradients,
    };
  }
}

/** All runs that a page knows, one after the other, and the bytes they came in. */
export class RunLog {
  constructor() {
    /** @type {Run[]} */
    this.runs = [];
    /** @type {Uint8Array[]} */
    this.pieces = [];
    /** @type {Graph | null} */
    this.graph = null;
  }

  /** Takes whole records. @param {Uint8Array} bytes */
  append(bytes) {
    this.pieces.push(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 12 <= bytes.length;) {
      if (view.getUint32(at, true) === 0x4744554e) { // the beginning of "NUDGERUN": another run
        at += headerLength;
        this.graph = null;
        continue;
      }
      const length = view.getUint32(at, true), kind = view.getUint32(at + 4, true);
      if (at + 12 + length > bytes.length) break;
      this.take(kind, bytes.subarray(at + 8, at + 8 + length));
      at += 12 + length;
    }
  }

  /** @param {number} kind @param {Uint8Array} payload */
  take(kind, payload) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const run = this.runs[this.runs.length - 1];
    switch (kind) {
      case 1:
        this.runs.push(new Run(JSON.parse(new TextDecoder().decode(payload))));
        break;
      case 2:
        this.graph = readGraph(view, payload, run.info.parameterNames);
        break;
      case 3:
        if (view.getInt32(12, true) === 1) run.withNodes.push(run.whole.length);
        run.whole.push({ entry: run.numbers.length, bytes: payload, graph: this.graph });
        run.take(view.getInt32(0, true), Float64Array.of(view.getFloat64(16, true)));
        break;
      case 4:
        run.take(view.getInt32(0, true), new Float64Array(payload.slice(8, 8 + 8 * view.getInt32(4, true)).buffer));
        break;
      case 5:
        run.findings.push(JSON.parse(new TextDecoder().decode(payload)));
        break;
      case 6:
        run.end = {
          parameters: new Float64Array(payload.slice(0, 8 * run.count).buffer),
          reason: new TextDecoder().decode(payload.subarray(8 * run.count)),
        };
        break;
    }
  }

  clear() {
    this.runs.length = this.pieces.length = 0;
    this.graph = null;
  }

  /** Everything in one piece. */
  bytes() {
    const whole = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

/** @param {DataView} view @param {Uint8Array} payload @param {string[]} parameterNames @returns {Graph} */
function readGraph(view, payload, parameterNames) {
  const count = view.getInt32(0, true);
  const nodes = [];
  const labels = new Map();
  let at = 4;
  for (let i = 0; i < count; i++, at += 12) {
    const node = { operation: view.getInt32(at, true), first: view.getInt32(at + 4, true), second: view.getInt32(at + 8, true) };
    nodes.push(node);
    if (node.operation === Parameter) labels.set(i, parameterNames[node.first]);
  }
  const labelCount = view.getInt32(at, true);
  at += 4;
  for (let i = 0; i < labelCount; i++) {
    const length = view.getInt32(at + 4, true);
    labels.set(view.getInt32(at, true), new TextDecoder().decode(payload.subarray(at + 8, at + 8 + length)));
    at += 8 + length;
  }
  return { nodes, labels };
}
