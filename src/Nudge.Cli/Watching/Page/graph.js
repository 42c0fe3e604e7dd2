// What can be said about a recorded expression: whose each node is, its formula, and how its gradient came about.

import { operations, apply, slopes, isFunction } from "./operations.js";
import { Parameter, Constant } from "./recording.js";
import { full } from "./numbers.js";

/** @typedef {import("./recording.js").Graph} Graph */
/** @typedef {import("./recording.js").Step} Step */

/**
 * @typedef {{layer: number, neuron: number} | null} Owner
 * @typedef {{owner: Owner, example: number}} Place
 */

/** @type {Record<string, string>} */
const words = { "+": "sum", "-": "difference", "*": "product", "/": "quotient", neg: "negative", "^": "power" };

const parameterName = /^layers\.(\d+)\.neurons\.(\d+)\.(?:w\[(\d+)\]|b)$/;

/** The structure of an expression with what follows from it, worked out once. */
export class Structure {
  /** @param {Graph} graph @param {any} info */
  constructor(graph, info) {
    this.graph = graph;
    this.info = info;
    /** @type {number[][]} */
    this.consumers = graph.nodes.map(() => []);
    graph.nodes.forEach((node, i) => {
      if (node.operation === Parameter) return;
      if (node.first >= 0) this.consumers[node.first].push(i);
      if (node.second >= 0 && node.second !== node.first) this.consumers[node.second].push(i);
    });
    /** @type {Place[]} */
    this.places = this.findPlaces();
    this.examples = 1 + Math.max(-1, ...this.places.map((place) => place.example));
    /** The operations in the order in which backward visits them. */
    this.order = graph.nodes.map((_, i) => i).filter((i) => graph.nodes[i].operation >= 3).reverse();
    /** @type {Map<string, number>} the output of each neuron for each example */
    this.outputs = new Map();
    this.places.forEach(({ owner, example }, i) => {
      if (owner && graph.nodes[i].operation >= 3) this.outputs.set(`${owner.layer}.${owner.neuron}.${example}`, i);
    });
  }

  get root() {
    return this.graph.nodes.length - 1;
  }

  // Each use of a parameter begins another example; a node whose inputs are of one example is of that example too.
  findPlaces() {
    const { nodes, labels } = this.graph;
    const batch = this.info.layers.length > 0;
    /** @type {Map<number, number>} */
    const uses = new Map();
    /** @type {Place[]} */
    const places = nodes.map(() => ({ owner: null, example: -1 }));
    nodes.forEach((node, i) => {
      if (node.operation === Parameter) {
        const match = parameterName.exec(labels.get(i) ?? "");
        if (match) places[i].owner = { layer: +match[1], neuron: +match[2] };
        return;
      }
      const inputs = [node.first, node.second].filter((input) => input >= 0);
      if (inputs.length === 0 || !batch) return;
      const parameter = inputs.find((input) => nodes[input].operation === Parameter);
      if (parameter !== undefined) {
        const use = uses.get(parameter) ?? 0;
        uses.set(parameter, use + 1);
        places[i] = { owner: places[parameter].owner, example: use };
        return;
      }
      const known = inputs.filter((input) => nodes[input].operation >= 3);
      const examples = new Set(known.map((input) => places[input].example));
      places[i].example = examples.size === 1 ? places[known[0]].example : -1;
      const owners = known.map((input) => places[input].owner);
      const same = owners.length > 0 && owners.every((owner) => owner && owner.layer === owners[0]?.layer && owner.neuron === owners[0]?.neuron);
      if (same && places[i].example >= 0 && owners[0]) {
        const activation = this.info.layers[owners[0].layer]?.activation;
        const isSum = operations[node.operation] === "+" && known.length === 2;
        const isActivation = operations[node.operation] === activation && operations[nodes[node.first].operation] !== activation;
        if (isSum || isActivation) places[i].owner = owners[0];
      }
    });
    nodes.forEach((node, i) => { // inputs and targets belong to whoever uses them
      if (node.operation > Constant) return;
      const examples = new Set(this.consumers[i].map((consumer) => places[consumer].example));
      if (examples.size === 1) places[i].example = /** @type {number} */ (examples.values().next().value);
    });
    return places;
  }

  /** The nodes of a neuron for an example, with what they take from outside. @param {number} layer @param {number} neuron @param {number} example */
  neuronNodes(layer, neuron, example) {
    return this.withInputs((place) => place.owner?.layer === layer && place.owner.neuron === neuron && place.example === example);
  }

  /** The nodes between the network's outputs and the loss. @param {number} example */
  lossNodes(example) {
    return this.withInputs((place) => place.owner === null && (place.example === example || place.example === -1));
  }

  /** @param {(place: Place) => boolean} chosen */
  withInputs(chosen) {
    const found = new Set();
    this.places.forEach((place, i) => {
      const node = this.graph.nodes[i];
      if (node.operation < 3 || !chosen(place)) return;
      found.add(i);
      if (node.first >= 0) found.add(node.first);
      if (node.second >= 0) found.add(node.second);
    });
    return [...found].sort((a, b) => a - b);
  }

  /** @param {number} i */
  name(i) {
    const label = this.graph.labels.get(i);
    if (label) return label.replace(/^layers\.(\d+)\.neurons\.(\d+)\./, "L$1 n$2 ");
    const { operation } = this.graph.nodes[i], place = this.places[i];
    if (operation === Constant) return "constant";
    if (operation === 0) return this.leafName(i);
    if (i === this.root) return "loss";
    const isOutput = place.owner && this.outputs.get(`${place.owner.layer}.${place.owner.neuron}.${place.example}`) === i;
    return isOutput ? `L${place.owner?.layer} n${place.owner?.neuron}` : operations[operation];
  }

  /** The name as one says it: a node without one of its own is called after what it is. @param {number} i */
  spoken(i) {
    const name = this.name(i);
    return words[name] ?? name;
  }

  /** The name with whose it is, where that is not clear by itself. @param {number} i @param {Step} step */
  fullName(i, step) {
    const { owner, example } = this.places[i], name = this.spoken(i);
    if (this.graph.nodes[i].operation < 3 || this.info.layers.length === 0 || i === this.root) return name;
    const whose = owner && !name.startsWith("L") ? ` in L${owner.layer} n${owner.neuron}` : owner ? "" : " in the loss";
    return `${name}${whose}${example >= 0 ? `, example ${(step.batch[example] ?? example) + 1}` : ""}`;
  }

  // An input is the one that stands at a weight; any other leaf of an example is its target.
  /** @param {number} i */
  leafName(i) {
    for (const consumer of this.consumers[i]) {
      const node = this.graph.nodes[consumer];
      const other = node.first === i ? node.second : node.first;
      const match = other >= 0 ? parameterName.exec(this.graph.labels.get(other) ?? "") : null;
      if (match && match[3] !== undefined) return this.info.data?.inputNames[+match[3]] ?? `x${match[3]}`;
    }
    return this.info.layers.length > 0 ? "target" : "leaf";
  }
}

/** The slopes of a node at recorded numbers. @param {Graph} graph @param {Float64Array} data @param {number} i */
export function slopesAt(graph, data, i) {
  const { operation, first, second } = graph.nodes[i];
  return slopes(operation, data[first], second >= 0 ? data[second] : 0, data[i]);
}

/**
 * What each use of a node gave to its gradient.
 * @param {Structure} structure @param {Step} step @param {number} i
 * @returns {{consumer: number, above: number, slope: number, product: number}[]}
 */
export function contributions(structure, step, i) {
  const data = /** @type {Float64Array} */ (step.data), gradients = /** @type {Float64Array} */ (step.nodeGradients);
  const found = [];
  for (const consumer of structure.consumers[i]) {
    const [a, b] = slopesAt(structure.graph, data, consumer);
    const node = structure.graph.nodes[consumer];
    for (const slope of [node.first === i ? a : null, node.second === i ? b : null]) {
      if (slope !== null) found.push({ consumer, above: gradients[consumer], slope, product: gradients[consumer] * slope });
    }
  }
  return found;
}

/**
 * Every path from the loss to a node, with the product of the slopes along it; null where there are more than so many.
 * @param {Structure} structure @param {Step} step @param {number} i @param {number} most
 */
export function paths(structure, step, i, most) {
  const data = /** @type {Float64Array} */ (step.data);
  /** @type {{nodes: number[], product: number}[]} */
  const found = [];
  /** @type {{at: number, nodes: number[], product: number}[]} */
  const waiting = [{ at: i, nodes: [i], product: 1 }];
  while (waiting.length > 0) {
    const path = /** @type {{at: number, nodes: number[], product: number}} */ (waiting.pop());
    if (path.at === structure.root) found.push({ nodes: path.nodes.slice().reverse(), product: path.product });
    if (found.length > most || waiting.length > 50 * most) return null;
    for (const consumer of structure.consumers[path.at]) {
      const [a, b] = slopesAt(structure.graph, data, consumer), node = structure.graph.nodes[consumer];
      if (node.first === path.at) waiting.push({ at: consumer, nodes: [...path.nodes, consumer], product: path.product * a });
      if (node.second === path.at) waiting.push({ at: consumer, nodes: [...path.nodes, consumer], product: path.product * b });
    }
  }
  return found.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
}

/** The slope measured by nudging a node up and down. @param {Structure} structure @param {Step} step @param {number} i */
export function nudge(structure, step, i) {
  const data = /** @type {Float64Array} */ (step.data), { nodes } = structure.graph;
  const size = 1e-6 * Math.max(1, Math.abs(data[i]));
  const lossAt = (/** @type {number} */ value) => {
    const numbers = data.slice();
    numbers[i] = value;
    const moved = new Uint8Array(nodes.length);
    moved[i] = 1;
    for (let n = i + 1; n < nodes.length; n++) {
      const { operation, first, second } = nodes[n];
      if (operation < 4 || !((first >= 0 && moved[first]) || (second >= 0 && moved[second]))) continue; // detach passes nothing on
      moved[n] = 1;
      numbers[n] = apply(operation, numbers[first], second >= 0 ? numbers[second] : 0);
    }
    return numbers[structure.root];
  };
  return (lossAt(data[i] + size) - lossAt(data[i] - size)) / (2 * size);
}

/** The formula of a node with its numbers in it. @param {Structure} structure @param {Float64Array} data @param {number} i */
export function formula(structure, data, i) {
  const { operation, first, second } = structure.graph.nodes[i];
  const number = (/** @type {number} */ n) => (data[n] < 0 ? `(${full(data[n])})` : full(data[n]));
  const sign = operations[operation].replace("*", "·").replace("-", "−").replace("/", "÷");
  if (operation < 3) return `${structure.spoken(i)} = ${full(data[i])}`;
  if (second >= 0 && !isFunction(operation)) return `${structure.spoken(first)} ${sign} ${structure.spoken(second)} = ${number(first)} ${sign} ${number(second)} = ${full(data[i])}`;
  if (second >= 0) return `${sign}(${full(data[first])}, ${full(data[second])}) = ${full(data[i])}`;
  return `${sign}(${structure.spoken(first)}) = ${sign}(${full(data[first])}) = ${full(data[i])}`;
}
