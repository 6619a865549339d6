// Runs the parts and prints what was asked for and what was measured.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureActive } from './active.mjs';
import { measureConnections } from './connections.mjs';
import { measureTenants } from './tenants.mjs';

const { values } = parseArgs({ options: {
  only: { type: 'string', default: 'connections,active,tenants' },
  connections: { type: 'string', default: '10000' },
  streams: { type: 'string', default: '1000' },
  tenants: { type: 'string', default: '100000' },
  active: { type: 'string', default: '2000' },
  seconds: { type: 'string', default: '20' },
  json: { type: 'string', default: 'bench/results/cluster.json' },
} });
const parts = { connections: measureConnections, active: measureActive, tenants: measureTenants };
const options = Object.fromEntries(['connections', 'streams', 'tenants', 'active', 'seconds'].map(name => [name, Number(values[name])]));
options.folder = join(process.cwd(), `artifacts/bench/cluster-${Date.now()}`);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const results = { date: new Date().toISOString(), commit, cores: os.availableParallelism(), loadBefore: os.loadavg()[0], rows: [] };
for (const part of values.only.split(',')) {
  const rows = await parts[part](options);
  for (const row of rows) console.log(`${row.what.padEnd(62)} ${String(row.asked ?? '').padEnd(14)} ${row.measured}`);
  results.rows.push(...rows);
}
results.loadAfter = os.loadavg()[0];
mkdirSync('bench/results', { recursive: true });
writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
console.log(`\nKept in ${values.json}; load before ${results.loadBefore.toFixed(1)}, after ${results.loadAfter.toFixed(1)} on ${results.cores} processors`);
process.exit(0);
