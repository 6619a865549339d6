// Mixed load over many tenants of one node, which PocketBase, being one tenant, has no counterpart for.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settle } from './process.mjs';
import { inParallel } from './http.mjs';
import { loadRows } from './rows.mjs';
import { Platform } from './servers.mjs';
import { measure } from './wrk.mjs';

const rowsEach = 100;

export async function measureMixed(options) {
  const platform = new Platform(join(options.folder, 'mixed-platform'), { 'tenant-node.max-active': options.mixedTenants + 50 });
  await platform.init();
  console.error(`mixed: ${options.mixedTenants} tenants`);
  const lines = [];
  await inParallel(options.mixedTenants, 4, async i => {
    const tenant = await platform.createTenant(`mixed-${i}`, 'replicated');
    await tenant.createCollection('items');
    for (const id of await loadRows(tenant, 'items', rowsEach, { seed: i })) lines.push(`${tenant.host} ${id}`);
    tenant.close();
  });
  const file = join(options.folder, 'mixed.records');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const rows = [];
  for (const connections of [8, 64]) {
    await interval(platform, file, connections, 4, 0);
    const intervals = [];
    for (let round = 1; round <= options.rounds; round++) intervals.push(await interval(platform, file, connections, options.seconds * 2, round));
    const sorted = name => intervals.map(one => one[name]).sort((a, b) => a - b);
    const middle = name => sorted(name)[Math.floor(intervals.length / 2)];
    const row = { tenants: options.mixedTenants, connections, rps: middle('rps'), p50: middle('p50'), p99: middle('p99'), worstP99: sorted('p99').at(-1) };
    console.error(`mixed at ${connections}: ${row.rps.toFixed(0)} per s, p50 ${row.p50.toFixed(2)} ms, p99 ${row.p99.toFixed(1)} ms`);
    rows.push(row);
  }
  await platform.stop();
  return rows;
}

async function interval(platform, file, connections, seconds, round) {
  await settle(1);
  return measure({ script: 'mixed.lua', args: ['items', round * 100 + connections, file], port: platform.port, connections, seconds });
}
