// Clients of one tenant that write and read without an end, and what they were told.
import { randomBytes } from 'node:crypto';

export class Load {
  constructor(client, writers, readers, thinkMilliseconds) {
    this.client = client;
    this.think = thinkMilliseconds;
    this.acknowledged = new Set();
    this.failures = [];
    this.count = 0;
    this.asked = { writes: [], reads: [] };
    this.running = [
      ...Array.from({ length: writers }, () => this.#loop('writes', () => this.#write())),
      ...Array.from({ length: readers }, () => this.#loop('reads', () => this.#read())),
    ];
  }

  /** The milliseconds of those that were under way at some time between two moments. */
  between(kind, from, to) {
    return this.asked[kind].filter(({ start, end }) => end >= from && start <= to).map(({ start, end }) => end - start);
  }

  async stop() {
    this.stopped = true;
    await Promise.all(this.running);
  }

  /** The acknowledged records that are not there. */
  async missing() {
    const there = new Set();
    for (let page = 1; ; page++) {
      const answer = await this.client.must(
        'GET', `/api/collections/notes/records?perPage=1000&page=${page}&fields=id&skipTotal=1&sort=id`);
      for (const { id } of answer.items) there.add(id);
      if (answer.items.length < 1000) break;
    }
    return [...this.acknowledged].filter(id => !there.has(id));
  }

  async #loop(kind, ask) {
    while (!this.stopped) {
      const start = performance.now();
      try {
        const { status, text } = await ask();
        if (status !== 200) this.failures.push(`${kind} ${status} ${text}`);
      } catch (error) {
        this.failures.push(`${kind} ${error.message}`);
      }
      this.count++;
      this.asked[kind].push({ start, end: performance.now() });
      await new Promise(resolve => setTimeout(resolve, this.think));
    }
  }

  async #write() {
    const id = randomBytes(8).toString('hex').slice(0, 15);
    const answer = await this.client.send('POST', '/api/collections/notes/records', { id, title: 'kept' });
    if (answer.status === 200) this.acknowledged.add(id);
    return answer;
  }

  #read() { return this.client.send('GET', '/api/collections/notes/records?perPage=20&skipTotal=1'); }
}
