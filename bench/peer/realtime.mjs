// Fan-out: many subscribers of one collection, 50 writes a second. The time is from before the write is sent to when a
// subscriber has read the event; both servers have the same client in one process, whose own time is in the numbers.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { inParallel, until } from './http.mjs';
import { settle } from './process.mjs';
import { PocketBase, Platform } from './servers.mjs';

const writesPerSecond = 50;
const mark = '"title":"at ';

export async function measureRealtime(options) {
  const rows = [];
  for (const subscribers of [100, 1000]) {
    const pocketBase = new PocketBase(join(options.folder, 'realtime-pocketbase'));
    await pocketBase.init();
    const peer = await measureOne(pocketBase, pocketBase.server, subscribers, options);
    await pocketBase.stop();
    const platform = new Platform(join(options.folder, 'realtime-platform'));
    await platform.init();
    const ours = await measureOne(await platform.createTenant('realtime', 'replicated'), platform.server, subscribers, options);
    await platform.stop();
    console.error(`realtime ${subscribers}: p50 ${peer.p50.toFixed(1)} / ${ours.p50.toFixed(1)} ms, p99 ${peer.p99.toFixed(1)} / ${ours.p99.toFixed(1)} ms, `
      + `CPU ${peer.cpu.toFixed(2)} / ${ours.cpu.toFixed(2)} s per s, received ${peer.received} / ${ours.received} of ${peer.expected} / ${ours.expected}`);
    rows.push({ subscribers, peer, platform: ours });
  }
  return rows;
}

async function measureOne(target, server, subscribers, options) {
  await target.createCollection('items');
  const streams = Array.from({ length: subscribers }, () => new Stream(target));
  await inParallel(subscribers, 32, async i => {
    await streams[i].open();
    await target.client.must('POST', '/api/realtime', { clientId: streams[i].id, subscriptions: ['items/*'] });
  });
  await write(target, 2);
  await settle(2);
  for (const stream of streams) stream.times.length = 0;
  const cpuBefore = cpuSeconds(server);
  const start = performance.now();
  const writes = await write(target, options.realtimeSeconds);
  const expected = writes * subscribers;
  const count = () => streams.reduce((sum, stream) => sum + stream.times.length, 0);
  await until('all events', () => count() >= expected, 15).catch(() => {});
  const seconds = (performance.now() - start) / 1000;
  const cpu = (cpuSeconds(server) - cpuBefore) / seconds;
  const times = Float64Array.from(streams.flatMap(stream => stream.times)).sort();
  for (const stream of streams) stream.close();
  return { writes, expected, received: times.length, seconds, p50: at(times, 0.5), p99: at(times, 0.99), max: at(times, 1), cpu };
}

const at = (sorted, part) => sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1))] ?? Infinity;

async function write(target, seconds) {
  const pending = [];
  const start = performance.now();
  for (let count = 0; count < seconds * writesPerSecond; count++) {
    const wait = start + count * 1000 / writesPerSecond - performance.now();
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
    pending.push(target.client.must('POST', '/api/collections/items/records', { title: `at ${performance.now().toFixed(3)}`, n: count, m: 1, active: true }));
  }
  await Promise.all(pending);
  return pending.length;
}

/** A subscriber that does as little as possible: it looks for the time in each message. */
class Stream {
  constructor(target) { this.target = target; this.times = []; this.rest = ''; }

  async open() {
    this.socket = net.connect(this.target.port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('error', () => {});
    this.socket.on('data', chunk => this.take(chunk));
    this.socket.write(`GET /api/realtime HTTP/1.1\r\nHost: ${this.target.host ?? '127.0.0.1'}\r\nAccept: text/event-stream\r\n\r\n`);
    await until('a client id', () => (this.id = this.head?.match(/"clientId":"([^"]+)"/)?.[1]));
  }

  take(chunk) {
    const now = performance.now();
    const text = this.rest + chunk.latin1Slice();
    if (!this.id) this.head = text;
    let from = 0;
    for (;;) {
      const found = text.indexOf(mark, from);
      if (found < 0) break;
      const end = text.indexOf('"', found + mark.length);
      if (end < 0) { this.rest = text.slice(found); return; }
      this.times.push(now - Number(text.slice(found + mark.length, end)));
      from = end;
    }
    this.rest = this.id ? text.slice(Math.max(from, text.length - mark.length)) : text;
  }

  close() { this.socket.destroy(); }
}

/** Seconds of processors that a server has used so far. */
function cpuSeconds(server) {
  const fields = readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
