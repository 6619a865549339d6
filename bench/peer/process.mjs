// A server as a child process: its output is kept for error messages, its memory is read from /proc.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export class Server {
  constructor(program, args, options = {}) {
    this.output = '';
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    children.add(this.child);
    const keep = data => { this.output = (this.output + data).slice(-20000); };
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
    this.ended = new Promise(resolve => this.child.on('exit', code => { children.delete(this.child); this.isOver = true; resolve(code); }));
  }

  /** Resolves to the first match in the output. */
  async line(pattern, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const match = this.output.match(pattern);
      if (match) return match;
      if (this.isOver || Date.now() > end) throw new Error(`no ${pattern} in:\n${this.output}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  /** Bytes. RSS counts pages that are shared with other processes in full, PSS in parts. */
  memory() {
    const text = readFileSync(`/proc/${this.child.pid}/smaps_rollup`, 'utf8');
    const read = name => Number(text.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))[1]) * 1024;
    return { rss: read('Rss'), pss: read('Pss'), anonymous: read('Anonymous') };
  }

  async stop(signal = 'SIGTERM') {
    if (!this.isOver) this.child.kill(signal);
    const code = await this.ended;
    return code;
  }
}

export const settle = seconds => new Promise(resolve => setTimeout(resolve, seconds * 1000));
