// Times in milliseconds.
export class Times {
  constructor() { this.list = []; }

  async of(work) {
    const start = performance.now();
    const result = await work();
    this.list.push(performance.now() - start);
    return result;
  }

  add(milliseconds) { this.list.push(milliseconds); }

  get count() { return this.list.length; }

  at(part) {
    const sorted = Float64Array.from(this.list).sort();
    return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1))] ?? NaN;
  }

  get text() { return `p50 ${this.at(0.5).toFixed(1)} ms, p99 ${this.at(0.99).toFixed(1)} ms`; }
}

export const settle = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));
