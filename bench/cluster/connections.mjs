// Many kept-alive connections at one gateway, a slow trickle of requests over them, and some that are realtime streams.
import net from 'node:net';
import { inParallel, until } from '../peer/http.mjs';
import { Cluster, createCollection } from '../gateway/cluster.mjs';
import { Times, settle } from './stats.mjs';

const requestsPerSecond = 500;
const writesPerSecond = 5;

/** From several addresses of loopback: 28,000 ports belong to each. */
const sourceOf = index => `127.0.0.${2 + index % 8}`;

export async function measureConnections({ folder, connections, streams, seconds }) {
  const cluster = new Cluster(`${folder}-connections`, { LC_PORT: '23300', LC_CONTROL: '1', LC_NODES: '1', LC_GATEWAYS: '1' });
  process.on('exit', () => { try { cluster.command('destroy'); } catch { /* gone already */ } });
  cluster.start();
  const tenant = await cluster.createTenant('many', 'replicated');
  await createCollection(tenant, 'items');
  const { id } = await tenant.client.must('POST', '/api/collections/items/records', { title: 'one', n: 1 });
  const view = `GET /api/collections/items/records/${id} HTTP/1.1\r\nHost: ${tenant.host}\r\n\r\n`;
  const before = cluster.look('gw1');

  const opening = new Times();
  const idle = Array.from({ length: connections - streams }, (_, i) => new Connection(tenant.port, sourceOf(i)));
  const following = Array.from({ length: streams }, (_, i) => new Stream(tenant, sourceOf(i)));
  await inParallel(idle.length, 200, i => opening.of(() => idle[i].open()));
  await inParallel(following.length, 50, i => following[i].open());
  const after = cluster.look('gw1');

  // Each connection is asked in turn, so that nearly all of them are idle at any moment.
  const times = new Times();
  const pending = [];
  const start = performance.now();
  let [errors, writes] = [0, 0];
  for (let count = 0; count < seconds * requestsPerSecond; count++) {
    const wait = start + count * 1000 / requestsPerSecond - performance.now();
    if (wait > 0) await settle(wait / 1000);
    pending.push(times.of(() => idle[count % idle.length].ask(view)).catch(() => { errors++; }));
    if (count % (requestsPerSecond / writesPerSecond) === 0) {
      writes++;
      pending.push(tenant.client.must('POST', '/api/collections/items/records', { title: 'news', n: count }));
    }
  }
  await Promise.all(pending);
  const elapsed = (performance.now() - start) / 1000;
  const received = () => following.reduce((sum, stream) => sum + stream.events, 0);
  await until('all events', () => received() >= writes * streams, 15).catch(() => {});
  const end = cluster.look('gw1');
  const lost = idle.filter(connection => connection.isGone).length + following.filter(stream => stream.isGone).length;
  for (const connection of [...idle, ...following]) connection.close();
  cluster.stop();
  return [
    { what: 'connections at one gateway, open at once', asked: '10,000', measured: `${connections} (${streams} of them realtime), ${lost} lost` },
    { what: 'opening one, 200 at once', measured: opening.text },
    { what: `requests over them, ${requestsPerSecond} a second for ${elapsed.toFixed(0)} s`, asked: 'p99 < 200 ms', measured: `${times.text}, ${errors} errors of ${times.count + errors}` },
    { what: 'realtime events through the gateway', asked: 'none lost', measured: `${received()} of ${writes * streams}` },
    { what: "the gateway's memory", measured: `${before.rss.toFixed(0)} -> ${after.rss.toFixed(0)} -> ${end.rss.toFixed(0)} MB, ${((after.rss - before.rss) * 1024 / connections).toFixed(1)} kB a connection` },
    { what: "the gateway's processor time meanwhile", measured: `${((end.cpu - after.cpu) / elapsed).toFixed(2)} of a processor` },
  ];
}

class Connection {
  constructor(port, source) { [this.port, this.source] = [port, source]; }

  open() {
    return new Promise((resolve, reject) => {
      this.socket = net.connect({ host: '127.0.0.1', port: this.port, localAddress: this.source });
      this.socket.setNoDelay(true);
      this.socket.once('connect', resolve);
      this.socket.once('error', reject);
      this.socket.on('error', () => {});
      this.socket.on('close', () => { this.isGone = true; this.fail?.(new Error('closed')); });
      this.socket.on('data', chunk => this.take(chunk));
    });
  }

  ask(request) {
    return new Promise((resolve, reject) => {
      if (this.isGone) { reject(new Error('closed')); return; }
      [this.done, this.fail, this.text] = [resolve, reject, ''];
      this.socket.write(request);
    });
  }

  take(chunk) {
    this.text += chunk.toString('latin1');
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(this.text.match(/content-length: (\d+)/i)?.[1]);
    if (this.text.length < end + 4 + length) return;
    if (this.text.startsWith('HTTP/1.1 200')) this.done();
    else this.fail(new Error(this.text.slice(0, 40)));
  }

  close() { this.socket.destroy(); }
}

class Stream {
  constructor(tenant, source) { [this.tenant, this.source, this.events, this.head] = [tenant, source, 0, '']; }

  async open() {
    this.socket = net.connect({ host: '127.0.0.1', port: this.tenant.port, localAddress: this.source });
    this.socket.on('error', () => {});
    this.socket.on('close', () => { this.isGone = true; });
    this.socket.on('data', chunk => this.take(chunk.toString('latin1')));
    this.socket.write(`GET /api/realtime HTTP/1.1\r\nHost: ${this.tenant.host}\r\nAccept: text/event-stream\r\n\r\n`);
    const clientId = await until('a client id', () => this.head.match(/"clientId":"([^"]+)"/)?.[1]);
    await this.tenant.client.must('POST', '/api/realtime', { clientId, subscriptions: ['items/*'] });
  }

  take(text) {
    if (this.head.length < 2000) this.head += text;
    this.events += text.split('"title":"news"').length - 1;
  }

  close() { this.socket.destroy(); }
}
