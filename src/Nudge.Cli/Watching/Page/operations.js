// What operations compute: their symbols, values and slopes, as the library's table has them. The rows are put in with the page.

/**
 * @typedef {{
 *   symbol: string, isFunction: boolean,
 *   apply: (a: number, b: number) => number,
 *   slopes: (a: number, b: number, y: number) => number[],
 * }} OperationRow
 */

/** By their codes. @type {OperationRow[]} */
const operationRows = (({ exp, log, sqrt, tanh, sin, cos, abs, sign, max, min, pow }) => [/*operations*/])(Math);

export const operations = operationRows.map((row) => row.symbol);

/** The row of a symbol. @param {string} symbol @returns {OperationRow} */
export function rowOf(symbol) {
  const row = operationRows[operations.indexOf(symbol)];
  if (!row) throw new Error(`There is no operation ${symbol}.`);
  return row;
}

/** @param {number} operation @param {number} a @param {number} b */
export function apply(operation, a, b) {
  return operationRows[operation].apply(a, b);
}

/** ∂y/∂a and ∂y/∂b. @param {number} operation @param {number} a @param {number} b @param {number} y @returns {number[]} */
export function slopes(operation, a, b, y) {
  return operationRows[operation].slopes(a, b, y);
}

/** Whether it is written as a name with its inputs in parentheses. @param {number} operation */
export function isFunction(operation) {
  return operationRows[operation].isFunction;
}
