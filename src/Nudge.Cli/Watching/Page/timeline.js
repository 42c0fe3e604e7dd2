// Where one looks: which run, which step, which of its four beats, and how far backward has come.

/** @typedef {import("./recording.js").Run} Run */
/** @typedef {import("./recording.js").RunLog} RunLog */

export const Forward = 0, Zero = 1, Backward = 2, Update = 3;
export const beatNames = ["forward", "zero", "backward", "update"];

export class Timeline {
  /** @param {RunLog} log */
  constructor(log) {
    this.log = log;
    this.runIndex = -1; // the last one, as long as it is negative
    this.place = 0; // among the run's whole steps
    this.beat = Backward;
    /** How many nodes backward has visited; null for all. @type {number | null} */
    this.visited = null;
    this.following = true;
    /** While a run goes on one follows the step before the last, of which it is known what came of it. */
    this.lag = 0;
    /** Whether one looks at nodes: then one follows the steps that have them. */
    this.wantsNodes = false;
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** @returns {Run | null} */
  get run() {
    const { runs } = this.log;
    return runs[this.runIndex < 0 ? runs.length - 1 : this.runIndex] ?? null;
  }

  /** The run to compare with. @returns {Run | null} */
  get other() {
    const { runs } = this.log, here = this.run;
    return runs.filter((run) => run !== here).pop() ?? null;
  }

  get last() {
    return this.run ? this.run.whole.length - 1 : -1;
  }

  get step() {
    return this.run && this.last >= 0 ? this.run.at(Math.min(this.place, this.last)) : null;
  }

  /** The parameters as they are at this moment. */
  get parameters() {
    const run = this.run, step = this.step;
    return !run || !step ? null : this.beat === Update ? run.after(this.place) ?? step.parameters : step.parameters;
  }

  /** What the gradients of the parameters are at this moment: numbers, or null where none has been computed. */
  get gradients() {
    const run = this.run, step = this.step;
    if (!run || !step) return null;
    if (this.beat >= Backward) return step.gradients;
    const skips = (step.mistakes & 1) !== 0;
    if (this.beat === Zero && !skips) return new Float64Array(run.count);
    return this.place > 0 ? run.at(this.place - 1).gradients : null;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.listeners.push(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  /** Goes to a whole step. @param {number} place @param {number} [beat] */
  goTo(place, beat = this.beat) {
    this.place = Math.max(0, Math.min(place, this.last));
    this.beat = beat;
    this.visited = null;
    this.following = false;
    this.changed();
  }

  /** The place that one follows. */
  get newest() {
    const place = Math.max(0, this.last - this.lag);
    return (this.wantsNodes ? this.run?.nodesAround(place).before : null) ?? place;
  }

  follow() {
    this.following = true;
    this.place = this.newest;
    this.beat = Backward;
    this.visited = null;
    this.changed();
  }

  /** More records have come. */
  grown() {
    this.settle();
    this.changed();
  }

  /** Another run may have begun that has fewer steps yet. */
  settle() {
    this.place = this.following ? this.newest : Math.max(0, Math.min(this.place, this.last));
  }

  /** False at the end of what is recorded. */
  nextBeat() {
    if (this.beat < Update) this.goTo(this.place, this.beat + 1);
    else if (this.place < this.last) this.goTo(this.place + 1, Forward);
    else return false;
    return true;
  }

  previousBeat() {
    if (this.beat > Forward) this.goTo(this.place, this.beat - 1);
    else if (this.place > 0) this.goTo(this.place - 1, Update);
  }

  nextStep() {
    if (this.place >= this.last) return false;
    this.goTo(this.place + 1);
    return true;
  }

  /** The next or previous node of the backward pass. @param {number} by @param {number} count how many there are */
  moveNode(by, count) {
    const now = (this.beat === Backward ? this.visited : null) ?? (by > 0 ? 0 : count);
    const next = Math.max(0, Math.min(count, now + by));
    this.following = false;
    this.beat = Backward;
    this.visited = next;
    this.changed();
  }
}
