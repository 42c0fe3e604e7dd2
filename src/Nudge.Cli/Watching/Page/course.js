// The course of a run's losses, for drawing: as many steps as there may be, in a few thousand columns.

const mostColumns = 8192;

/**
 * Of each column of steps the least, the greatest and the last loss: nothing that a line of that many pixels could
 * show is lost, and nothing is averaged. When the columns are all taken, two and two become one.
 */
export class Course {
  constructor() {
    /** How many steps are in a column. */
    this.width = 1;
    this.columns = 0;
    this.least = new Float64Array(mostColumns).fill(NaN);
    this.most = new Float64Array(mostColumns).fill(NaN);
    this.last = new Float64Array(mostColumns).fill(NaN);
    /** Whether a loss in the column was no number, so that the line breaks there. */
    this.broken = new Uint8Array(mostColumns);
    /** Of all: the least, the least above 0, the greatest. */
    this.range = { least: Infinity, leastPositive: Infinity, most: -Infinity };
  }

  /** Takes the losses of steps that follow each other. @param {number} first @param {Float64Array} losses */
  add(first, losses) {
    const { range } = this;
    while (first + losses.length > this.width * mostColumns) this.fold();
    for (let i = 0; i < losses.length; i++) {
      const loss = losses[i], column = Math.floor((first + i) / this.width);
      if (column >= this.columns) this.columns = column + 1;
      if (!Number.isFinite(loss)) {
        this.broken[column] = 1;
        continue;
      }
      if (!(this.least[column] <= loss)) this.least[column] = loss;
      if (!(this.most[column] >= loss)) this.most[column] = loss;
      this.last[column] = loss;
      if (loss < range.least) range.least = loss;
      if (loss > 0 && loss < range.leastPositive) range.leastPositive = loss;
      if (loss > range.most) range.most = loss;
    }
  }

  fold() {
    const half = mostColumns / 2, { least, most, last, broken } = this;
    for (let i = 0; i < half; i++) {
      const a = 2 * i, b = a + 1;
      least[i] = least[a] <= least[b] || Number.isNaN(least[b]) ? least[a] : least[b];
      most[i] = most[a] >= most[b] || Number.isNaN(most[b]) ? most[a] : most[b];
      last[i] = Number.isNaN(last[b]) ? last[a] : last[b];
      broken[i] = broken[a] | broken[b];
    }
    for (const numbers of [least, most, last]) numbers.fill(NaN, half);
    broken.fill(0, half);
    this.width *= 2;
    this.columns = Math.ceil(this.columns / 2);
  }
}
