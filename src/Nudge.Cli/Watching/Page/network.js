// The forward pass of a multilayer perceptron, for pictures of what the recorded parameters would answer.

import { rowOf } from "./operations.js";

/** @typedef {{inputs: number, outputs: number, activation: string}} LayerInfo */

/** A function of one number. @param {string} activation @returns {(sum: number) => number} */
function functionOf(activation) {
  if (activation === "linear") return (sum) => sum;
  const { apply } = rowOf(activation);
  return (sum) => apply(sum, 0);
}

/**
 * The outputs of every layer. Parameters stand neuron by neuron: the weights, then the bias. Whoever calls it often
 * gives the signals of the last call, to be written over.
 * @param {LayerInfo[]} layers @param {Float64Array} parameters @param {Float64Array} inputs
 * @param {Float64Array[]} [signals]
 * @returns {Float64Array[]}
 */
export function forward(layers, parameters, inputs, signals = layers.map((layer) => new Float64Array(layer.outputs))) {
  let signal = inputs, at = 0;
  for (let l = 0; l < layers.length; l++) {
    const layer = layers[l], activate = functionOf(layer.activation), outputs = signals[l], count = layer.inputs;
    for (let n = 0; n < layer.outputs; n++) {
      let sum = parameters[at + count];
      for (let i = 0; i < count; i++) sum += parameters[at + i] * signal[i];
      outputs[n] = activate(sum);
      at += count + 1;
    }
    signal = outputs;
  }
  return signals;
}

/** What a network answers: the share of each class, or the numbers. @param {any} info @param {Float64Array} outputs */
export function answer(info, outputs) {
  switch (info.objective) {
    case "binary-cross-entropy": {
      const second = rowOf("sigmoid").apply(outputs[0], 0);
      return [1 - second, second];
    }
    case "hinge":
      return outputs[0] > 0 ? [0, 1] : [1, 0];
    case "cross-entropy": {
      const greatest = Math.max(...outputs), powers = [...outputs].map((logit) => Math.exp(logit - greatest));
      const sum = powers.reduce((a, b) => a + b, 0);
      return powers.map((power) => power / sum);
    }
    default:
      return [...outputs];
  }
}

/** The place of a neuron's parameters. @param {LayerInfo[]} layers @param {number} layer @param {number} neuron */
export function parametersOf(layers, layer, neuron) {
  let at = 0;
  for (let l = 0; l < layer; l++) at += (layers[l].inputs + 1) * layers[l].outputs;
  return at + neuron * (layers[layer].inputs + 1);
}
