// Runs the parts, prints the table and the targets, keeps bench/results/peer.json. See README.md.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureColdStarts } from './cold.mjs';
import { measureHttp } from './requests.mjs';
import { measureMemory } from './memory.mjs';
import { measureMixed } from './mixed.mjs';
import { measureRealtime } from './realtime.mjs';
import { judge, print } from './report.mjs';

const { values } = parseArgs({ options: {
  quick: { type: 'boolean', default: false },
  seconds: { type: 'string' },
  rounds: { type: 'string' },
  rows: { type: 'string', default: '30000' },
  only: { type: 'string', default: 'http,realtime,mixed,memory,cold' },
  scenario: { type: 'string' },
  connections: { type: 'string', default: '1,8,64' },
  json: { type: 'string', default: 'bench/results/peer.json' },
} });
const options = {
  seconds: Number(values.seconds ?? (values.quick ? 2 : 4)),
  rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
  rows: Number(values.rows),
  scenario: values.scenario,
  connections: values.connections.split(',').map(Number),
  // On the disk of the repository, not in the temp folder, which may be memory. A new folder for each run, removed at its
  // end: some filesystems (ext4 without a journal) are slow to create files where many were deleted just before.
  folder: join(process.cwd(), `artifacts/bench/data-${Date.now()}`),
  tenants: values.quick ? 20 : 50,
  coldRounds: values.quick ? 1 : 2,
  realtimeSeconds: values.quick ? 5 : 15,
  mixedTenants: values.quick ? 50 : 200,
};
const parts = values.only.split(',');
const text = file => { try { return readFileSync(file, 'utf8'); } catch { return ''; } };
const commit = () => { try { return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(); } catch { return ''; } };
const results = {
  date: new Date().toISOString(),
  commit: commit(),
  machine: {
    cpu: text('/proc/cpuinfo').match(/^model name\s*: (.*)$/m)?.[1] ?? os.arch(),
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    loadBefore: os.loadavg()[0],
  },
  peer: 'PocketBase 0.22.20',
  seconds: options.seconds,
  rounds: options.rounds,
  rows: options.rows,
};
if (results.machine.loadBefore > 1) console.error(`Note: the machine has other work (load ${results.machine.loadBefore.toFixed(1)}); ratios bear it, numbers do not.`);
mkdirSync(options.folder, { recursive: true });
if (parts.includes('http')) results.http = await measureHttp(options);
if (parts.includes('realtime')) results.realtime = await measureRealtime(options);
if (parts.includes('mixed')) results.mixed = await measureMixed(options);
if (parts.includes('memory')) results.memory = await measureMemory(options);
if (parts.includes('cold')) results.cold = await measureColdStarts(options);
rmSync(options.folder, { recursive: true, force: true });
results.targets = judge(results);
print(results);
mkdirSync('bench/results', { recursive: true });
writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
console.log(`\nKept in ${values.json}`);
process.exit(0);
