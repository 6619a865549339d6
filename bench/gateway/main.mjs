// Direct against through the gateway: medians of alternating intervals, their ratios, and the processor time of a request.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRows } from '../peer/rows.mjs';
import { settle } from '../peer/process.mjs';
import { measure } from '../peer/wrk.mjs';
import { Cluster, createCollection } from './cluster.mjs';
import { hasNginx, startNginx } from './nginx.mjs';

const { values } = parseArgs({ options: {
  seconds: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '3' },
  rows: { type: 'string', default: '5000' },
  connections: { type: 'string', default: '1,8,64' },
  scenario: { type: 'string', default: '' },
  json: { type: 'string', default: 'bench/results/gateway.json' },
} });
const [seconds, rounds, rowCount] = [values.seconds, values.rounds, values.rows].map(Number);
const folder = join(process.cwd(), `artifacts/bench/gateway-${Date.now()}`);
const cluster = new Cluster(folder, { LC_PORT: process.env.LC_PORT ?? '23100', LC_CONTROL: '1', LC_NODES: '1', LC_GATEWAYS: '1' });
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const loadBefore = os.loadavg()[0];
process.on('exit', () => { try { cluster.command('destroy'); } catch { /* gone already */ } rmSync(folder, { recursive: true, force: true }); });
cluster.start();

const replicated = await cluster.createTenant('bench-replicated', 'replicated');
const local = await cluster.createTenant('bench-local', 'local');
for (const tenant of [replicated, local]) for (const name of ['items', 'written']) await createCollection(tenant, name);
const idFile = join(folder, 'ids');
writeFileSync(idFile, `${(await loadRows(replicated, 'items', rowCount)).join('\n')}\n`);

const sides = ['direct', 'gateway'];
const nginxPort = cluster.portOf('gw1') + 8;
let nginx;
if (hasNginx()) {
  nginx = await startNginx(join(folder, 'nginx'), nginxPort, cluster.internalPortOf('node1'), cluster.values.CLUSTER_SECRET);
  sides.push('nginx');
}

const scenarios = [
  { name: 'view', tenant: replicated, work: seed => ({ script: 'view.lua', args: ['items', seed, idFile] }) },
  { name: 'list (indexed)', tenant: replicated, work: seed => ({ script: 'list.lua', args: ['items', seed, rowCount, 'n'] }) },
  { name: 'create (local)', tenant: local, work: seed => ({ script: 'create.lua', args: ['written', seed] }) },
  { name: 'create (replicated)', tenant: replicated, work: seed => ({ script: 'create.lua', args: ['written', seed] }) },
].filter(({ name }) => name.includes(values.scenario));

const rows = [];
for (const scenario of scenarios) {
  for (const side of sides) await interval(scenario, side, 8, 999, Math.max(4, seconds));
  for (const connections of values.connections.split(',').map(Number)) {
    const results = { direct: [], gateway: [], nginx: [] };
    for (let round = 0; round < rounds; round++)
      for (const side of round % 2 ? sides.toReversed() : sides) results[side].push(await interval(scenario, side, connections, round, seconds));
    const of = side => Object.fromEntries(Object.keys(results[side][0]).map(key => [key, median(results[side].map(one => one[key]))]));
    const row = { scenario: scenario.name, connections, direct: of('direct'), gateway: of('gateway') };
    row.latency = row.gateway.p50 / row.direct.p50;
    row.throughput = row.gateway.rps / row.direct.rps;
    if (nginx) row.nginx = of('nginx');
    rows.push(row);
    console.error(`${row.scenario} at ${connections}: ${row.direct.rps.toFixed(0)} / ${row.gateway.rps.toFixed(0)} per s = ${row.throughput.toFixed(2)}; `
      + `p50 ${row.direct.p50.toFixed(2)} / ${row.gateway.p50.toFixed(2)} ms = ${row.latency.toFixed(2)}; p99 ${row.direct.p99.toFixed(1)} / ${row.gateway.p99.toFixed(1)}; `
      + `processor us: node ${row.direct.nodeMicros.toFixed(0)} / ${row.gateway.nodeMicros.toFixed(0)}, gateway ${row.gateway.gatewayMicros.toFixed(0)}`
      + (nginx ? `; nginx ${row.nginx.rps.toFixed(0)} per s, p50 ${row.nginx.p50.toFixed(2)} ms` : ''));
  }
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
mkdirSync('bench/results', { recursive: true });
writeFileSync(values.json, `${JSON.stringify({ date: new Date().toISOString(), commit, cores: os.availableParallelism(), loadBefore, loadAfter: os.loadavg()[0], seconds, rounds, rows }, null, 2)}\n`);
console.log(`Kept in ${values.json}; load before ${loadBefore.toFixed(1)}, after ${os.loadavg()[0].toFixed(1)}`);
await nginx?.stop();
cluster.stop();
process.exit(0);

async function interval({ tenant, work }, side, connections, round, length) {
  await settle(0.5);
  const before = [cluster.look('node1').cpu, cluster.look('gw1').cpu];
  const target = side === 'nginx' ? { port: nginxPort, host: tenant.host } : side === 'gateway'
    ? { port: tenant.port, host: tenant.host }
    : { port: cluster.internalPortOf('node1'), host: tenant.host, headers: { 'X-Platform-Tenant': tenant.id, 'X-Platform-Secret': cluster.values.CLUSTER_SECRET } };
  const result = await measure({ ...work(round * 100 + connections), ...target, connections, seconds: length });
  const requests = result.rps * length;
  return {
    ...result,
    nodeMicros: (cluster.look('node1').cpu - before[0]) / requests * 1e6,
    gatewayMicros: (cluster.look('gw1').cpu - before[1]) / requests * 1e6,
  };
}
