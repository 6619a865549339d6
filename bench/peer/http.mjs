// JSON over kept-alive connections to one server, for setting up; what is measured goes through wrk.
import http from 'node:http';

export class Client {
  constructor(port, headers = {}) {
    this.port = port;
    this.headers = headers;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  }

  /** Resolves to {status, body, text}; rejects when no answer comes. */
  send(method, path, body) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...this.headers };
    if (payload !== undefined) {
      headers['Content-Type'] = 'application/json';
      headers['Content-Length'] = Buffer.byteLength(payload);
    }
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent }, answer => {
        const chunks = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          let json;
          try { json = JSON.parse(text); } catch { /* an empty or foreign body */ }
          resolve({ status: answer.statusCode, body: json, text });
        });
        answer.on('error', reject);
      });
      request.on('error', reject);
      request.end(payload);
    });
  }

  /** As send, but anything other than success is an error. */
  async must(method, path, body) {
    const answer = await this.send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** Posts a form; what is measured goes through wrk, so this may be slow. */
  async form(path, form) {
    const request = new Request('http://localhost', { method: 'POST', body: form });
    const payload = Buffer.from(await request.arrayBuffer());
    const headers = { ...this.headers, 'Content-Type': request.headers.get('content-type'), 'Content-Length': payload.length };
    return new Promise((resolve, reject) => {
      http.request({ host: '127.0.0.1', port: this.port, method: 'POST', path, headers, agent: this.agent }, answer => {
        const chunks = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode >= 300) reject(new Error(`POST ${path}: ${answer.statusCode} ${text}`));
          else resolve(JSON.parse(text));
        });
      }).on('error', reject).end(payload);
    });
  }

  close() { this.agent.destroy(); }
}

/** Calls work(i) for i in 0..count-1, `width` at a time. */
export async function inParallel(count, width, work) {
  let next = 0;
  const worker = async () => { while (next < count) await work(next++); };
  await Promise.all(Array.from({ length: Math.min(width, count) }, worker));
}

export async function until(what, check, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try { const value = await check(); if (value) return value; } catch (error) { if (Date.now() > end) throw error; }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** A generator of uniform numbers in [0, 1) that a seed repeats. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
