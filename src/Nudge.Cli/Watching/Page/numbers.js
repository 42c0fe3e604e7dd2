// Numbers as people read them, the same everywhere on the page.

/** Six significant digits at most, and "–" for what has not been computed. @param {number | null | undefined} n */
export function full(n) {
  return digits(n, 6);
}

/** Four significant digits. @param {number | null | undefined} n */
export function short(n) {
  return digits(n, 4);
}

/** @param {number | null | undefined} n @param {number} count */
function digits(n, count) {
  if (n === null || n === undefined || Number.isNaN(n)) return "–";
  if (!Number.isFinite(n)) return n > 0 ? "∞" : "−∞";
  if (n === 0) return "0";
  const size = Math.abs(n);
  const text = size >= 1e-3 && size < 1e6
    ? Number(n.toPrecision(count)).toString()
    : n.toExponential(count - 2).replace(/\.?0+e/, "e").replace("e+", "e");
  return text.replace("-", "−").replace("e-", "e−");
}

/** A whole number with its thousands apart. @param {number} n */
export function count(n) {
  return n.toLocaleString("en");
}

/** With its sign, also where it is positive. @param {number | null | undefined} n */
export function signed(n) {
  return n !== null && n !== undefined && n > 0 ? "+" + short(n) : short(n);
}

/** @param {number | null | undefined} n */
export function signClass(n) {
  return n === null || n === undefined || Number.isNaN(n) || n === 0 ? "" : n > 0 ? "sign-plus" : "sign-minus";
}

/** @param {string} text */
export function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {Uint8Array} bytes */
export function base64Of(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x6000) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  return text;
}

/**
 * An element with attributes and children.
 * @param {string} name @param {Record<string, any>} [attributes] @param {...(Node | string)} children
 * @returns {any}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && key !== "list") /** @type {any} */ (made)[key] = value;
    else made.setAttribute(key, String(value));
  }
  made.append(...children);
  return made;
}

/** @param {string} name @param {Record<string, any>} [attributes] @param {...(Node | string)} children @returns {any} */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** Writes a text only where it has changed. @param {any} node @param {string} text */
export function write(node, text) {
  const only = node.firstChild;
  if (only instanceof Text && !only.nextSibling) {
    if (only.data !== text) only.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}

/** @type {Map<string, string>} */
const colours = new Map();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => colours.clear());

/** A colour of the theme. The browser is asked once: its answer makes it put the whole page in order first. @param {string} name */
export function colour(name) {
  let value = colours.get(name);
  if (value === undefined) colours.set(name, value = getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return value;
}

/** @type {WeakMap<Element, {width: number, height: number}>} */
const sizes = new WeakMap();
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) sizes.set(target, { width: target.clientWidth, height: target.clientHeight });
});

/** The size of an element's inside, in CSS pixels: measured when it changes and not in each frame. @param {Element} node */
export function sizeOf(node) {
  let size = sizes.get(node);
  if (!size) {
    sizes.set(node, size = { width: node.clientWidth, height: node.clientHeight });
    resized.observe(node);
  }
  return size;
}

/**
 * A canvas's context, with the canvas as large as its place on the screen, in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const size = sizeOf(canvas), width = Math.max(1, size.width), height = Math.max(1, size.height);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}
