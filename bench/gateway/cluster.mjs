// The processes of docker/local-cluster, and a client of each.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../peer/http.mjs';

const email = 'bench@example.com';
const password = 'bench-password-1';
const script = new URL('../../docker/local-cluster', import.meta.url).pathname;

export class Cluster {
  /** settings: LC_* variables of the script. */
  constructor(folder, settings = {}) {
    this.folder = folder;
    this.environment = { ...process.env, LC_PLATFORM: process.env.BENCH_PLATFORM, LC_OWNER_PID: String(process.pid), ...settings };
  }

  start() {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const text = this.command('start');
    this.values = Object.fromEntries([...text.matchAll(/^(\w+)=(\S+)/gm)].map(match => [match[1], match[2]]));
    this.internal = Object.fromEntries([...text.matchAll(/^(\w+)=\S+ internal=(\S+)/gm)].map(match => [match[1], match[2]]));
    this.operator = new Client(this.portOf('cp1'), { Authorization: `Bearer ${this.values.ADMIN_TOKEN}` });
  }

  command(...args) {
    const [verb, ...rest] = args;
    return execFileSync(script, [verb, ...rest, this.folder], { encoding: 'utf8', env: this.environment, stdio: ['ignore', 'pipe', 'inherit'] });
  }

  portOf(name) { return Number(new URL(this.values[name]).port); }

  internalPortOf(name) { return Number(new URL(this.internal[name]).port); }

  pidOf(name) { return Number(readFileSync(join(this.folder, name, 'pid'), 'utf8').split(' ')[0]); }

  /** Megabytes and processor seconds of a process. */
  look(name) {
    const pid = this.pidOf(name);
    const rss = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m)[1]) / 1024;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return { rss, cpu: (Number(stat[11]) + Number(stat[12])) / 100 };
  }

  async createTenant(id, durability) {
    await this.operator.must('POST', '/api/cp/tenants', { id, durability, superuser: { email, password } });
    return this.tenant(id);
  }

  /** A tenant with the two ways to it. */
  tenant(id) {
    const host = `${id}.localhost`;
    const port = this.portOf('gw1');
    const client = new Client(port, { Host: host });
    return {
      id, host, port, client,
      superuser: async () => {
        const { token } = await client.must('POST', '/api/collections/_superusers/auth-with-password', { identity: email, password });
        return new Client(port, { Host: host, Authorization: token });
      },
    };
  }

  stop() { this.operator.close(); this.command('destroy'); }
}

const rules = { listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '' };

export async function createCollection(tenant, name) {
  const admin = await tenant.superuser();
  await admin.must('POST', '/api/collections', {
    name, type: 'base', ...rules, indexes: [`CREATE INDEX idx_${name}_n ON ${name} (n)`],
    fields: [
      { name: 'title', type: 'text' }, { name: 'n', type: 'number' }, { name: 'm', type: 'number' }, { name: 'active', type: 'bool' },
      { name: 'created', type: 'autodate', onCreate: true }, { name: 'updated', type: 'autodate', onCreate: true, onUpdate: true },
    ],
  });
  admin.close();
}
