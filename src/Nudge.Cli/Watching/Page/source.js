// Where the records come from: the page itself, or the command that serves it; and how a page is saved.

import { base64Of, bytesOf } from "./numbers.js";

/**
 * @typedef {import("./recording.js").RunLog} RunLog
 * @typedef {{ready: () => Promise<void>, grown: (took: number) => void, begun: () => void, state: () => void, connection: (state: string, text: string) => void}} Listener
 */

const mostUnseen = 400;

export class Source {
  /** @param {any} settings @param {HTMLElement} pristine the page before anything was changed in it */
  constructor(settings, pristine) {
    this.settings = settings;
    this.pristine = pristine;
    this.token = new URLSearchParams(location.search).get("token") ?? "";
    /** What the command says about a live run. @type {{edit?: boolean, paused?: boolean, mistakes?: number, rate?: number, ended?: string | null}} */
    this.state = {};
    this.connected = false;
    this.instance = ""; // of the command that serves the page
    this.next = this.known = 0; // how many of its records have come, and how many there are
    this.fetching = false;
  }

  /**
   * @param {RunLog} log
   * @param {Listener} on
   */
  start(log, on) {
    if (this.settings.mode === "saved") {
      const text = document.getElementById("recording")?.textContent ?? "";
      if (text) log.append(bytesOf(text));
      on.connection("still", "saved run");
      on.grown(0);
      return;
    }
    const events = new EventSource(this.address("events"));
    events.addEventListener("open", () => {
      this.connected = true;
      on.connection("live", this.settings.mode === "live" ? "live" : "recording");
    });
    events.addEventListener("begin", (event) => {
      if (event.data === this.instance) return; // the same command, found again: go on from where it broke off
      this.instance = event.data;
      this.next = this.known = 0;
      log.clear();
      on.begun();
    });
    events.addEventListener("news", (event) => {
      this.known = Number(event.data);
      this.fetchRecords(log, on);
    });
    events.addEventListener("state", (event) => {
      this.state = JSON.parse(event.data);
      if (this.state.ended) on.connection("still", this.state.ended);
      else if (this.settings.mode === "live") on.connection("live", this.state.paused ? "paused" : "live");
      on.state();
    });
    events.addEventListener("error", () => {
      this.connected = false;
      on.connection("lost", "the command is gone; trying again, and what has come stays here");
      // A browser gives up for good when the address refuses the connection with an answer; ask again then.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => this.start(log, on), 1500);
    });
  }

  /**
   * Fetches what there is, when the page has time for it: all that came meanwhile comes in one piece.
   * @param {RunLog} log @param {Listener} on
   */
  async fetchRecords(log, on) {
    if (this.fetching) return;
    this.fetching = true;
    let took = 0, shown = performance.now();
    try {
      await on.ready();
      while (this.next < this.known) {
        const { instance, next } = this;
        const answer = await fetch(this.address("records", { from: String(next) }));
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (!answer.ok || this.instance !== instance) break;
        this.next = Number(answer.headers.get("Nudge-Next"));
        if (this.next === next) break;
        const began = performance.now();
        log.append(bytes);
        took += performance.now() - began;
        // Whoever opens the page late is shown where the run is, and how it came there only where that takes long to fetch.
        if (this.next < this.known && performance.now() - shown < mostUnseen) continue;
        on.grown(took);
        took = 0;
        shown = performance.now();
      }
    } catch {
      // The command is gone, and the events say so.
    } finally {
      this.fetching = false;
    }
    if (this.next < this.known && this.connected) setTimeout(() => this.fetchRecords(log, on), 200);
  }

  /** @param {string} path @param {Record<string, string>} [more] */
  address(path, more = {}) {
    return `/${path}?${new URLSearchParams({ token: this.token, ...more })}`;
  }

  get canEdit() {
    return this.settings.mode === "live" && this.state.edit === true && this.connected;
  }

  /** @param {any} command */
  async send(command) {
    const answer = await fetch(this.address("command"), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(command) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** @param {string} name @returns {Promise<Uint8Array | null>} */
  async lab(name) {
    if (this.settings.mode === "saved") {
      const text = this.settings.labData?.[name];
      return text ? bytesOf(text) : null;
    }
    const answer = await fetch(this.address("lab", { name }));
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  }

  /** The page with the runs in it, as one file. @param {RunLog} log @param {string} title */
  page(log, title) {
    const copy = /** @type {HTMLElement} */ (this.pristine.cloneNode(true));
    const settings = { ...this.settings, mode: "saved", title };
    /** @type {any} */ (copy.querySelector("#settings")).textContent = JSON.stringify(settings).replaceAll("<", "\\u003c");
    /** @type {any} */ (copy.querySelector("#recording")).textContent = base64Of(log.bytes());
    return `<!doctype html>\n${copy.outerHTML}\n`;
  }
}
