// Creates, views and lists of both servers, interval by interval in turns.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settle } from './process.mjs';
import { links, loadMore, users } from './more.mjs';
import { loadRows } from './rows.mjs';
import { PocketBase, Platform } from './servers.mjs';
import { measure } from './wrk.mjs';

const log = message => console.error(message);

/** Resolves to rows of {scenario, connections, peer, platform, ratio} with medians and every interval. */
export async function measureHttp(options) {
  const pocketBase = new PocketBase(join(options.folder, 'pocketbase'));
  const platform = new Platform(join(options.folder, 'platform'));
  await pocketBase.init();
  await platform.init();
  const tenants = { local: await platform.createTenant('bench-local', 'local'), replicated: await platform.createTenant('bench-replicated', 'replicated') };
  log(`loading ${options.rows} rows into each server`);
  await load(pocketBase, options);
  for (const tenant of Object.values(tenants)) await load(tenant, options);

  const rows = [];
  for (const scenario of scenarios(options, pocketBase, tenants)) {
    if (options.scenario && !scenario.name.includes(options.scenario)) continue;
    // Compilers and caches of both get their time before anything counts.
    for (const side of ['peer', 'ours']) await interval(scenario, side, 8, Math.max(4, options.seconds), 999);
    for (const connections of options.connections) {
      const results = { peer: [], ours: [] };
      for (let round = 0; round < options.rounds; round++) {
        const order = round % 2 === 0 ? ['peer', 'ours'] : ['ours', 'peer'];
        for (const side of order) results[side].push(await interval(scenario, side, connections, options.seconds, round));
      }
      const row = { scenario: scenario.name, connections, peer: summary(results.peer), platform: summary(results.ours) };
      row.ratio = row.platform.rps / row.peer.rps;
      rows.push(row);
      log(`${scenario.name} at ${connections}: ${row.peer.rps.toFixed(0)} / ${row.platform.rps.toFixed(0)} per s = ${row.ratio.toFixed(2)}`);
    }
  }

  await pocketBase.stop();
  const code = await platform.stop();
  if (code !== 0) throw new Error(`the platform ended with ${code}:\n${platform.server.output}`);
  return rows;
}

async function load(target, options) {
  await target.createCollection('items');
  await target.createCollection('written');
  const ids = await loadRows(target, 'items', options.rows);
  await loadMore(target, ids, options);
  target.idFile = join(options.folder, `${target.id ?? 'pocketbase'}.ids`);
  writeFileSync(target.idFile, `${ids.join('\n')}\n`);
}

function scenarios(options, pocketBase, { local, replicated }) {
  const list = field => (target, seed) => ({ script: 'list.lua', args: ['items', seed, options.rows, field] });
  const create = (target, seed) => ({ script: 'create.lua', args: ['written', seed] });
  const update = (target, seed) => ({ script: 'update.lua', args: ['items', seed, target.idFile] });
  const expand = (target, seed) => ({ script: 'expand.lua', args: ['links', seed, links] });
  const login = (target, seed) => ({ script: 'login.lua', args: ['users', seed, users] });
  const upload = (target, seed) => ({ script: 'upload.lua', args: ['files', seed] });
  const download = (target, seed) => ({ script: 'get.lua', args: [seed, target.pathFile] });
  const batch = (target, seed) => ({ script: 'batch.lua', args: ['written', seed] });
  const view = (target, seed) => ({ script: 'view.lua', args: ['items', seed, target.idFile] });
  return [
    { name: 'create (local)', peer: pocketBase, ours: local, work: create },
    { name: 'create (replicated)', peer: pocketBase, ours: replicated, work: create },
    { name: 'view', peer: pocketBase, ours: replicated, work: view },
    { name: 'list (indexed)', peer: pocketBase, ours: replicated, work: list('n') },
    { name: 'list (scan)', peer: pocketBase, ours: replicated, work: list('m') },
    { name: 'update (local)', peer: pocketBase, ours: local, work: update },
    { name: 'update (replicated)', peer: pocketBase, ours: replicated, work: update },
    { name: 'list with expand', peer: pocketBase, ours: replicated, work: expand },
    { name: 'auth-with-password', peer: pocketBase, ours: replicated, work: login },
    { name: 'file upload (4 KiB, local)', peer: pocketBase, ours: local, work: upload },
    { name: 'file upload (4 KiB, replicated)', peer: pocketBase, ours: replicated, work: upload },
    { name: 'file download (12 KiB)', peer: pocketBase, ours: replicated, work: download },
    // PocketBase 0.22 has no batches: there the same records are created one by one.
    { name: 'batch of 50, records', peer: pocketBase, ours: replicated, work: (target, seed) => (target.enableBatches ? batch : create)(target, seed), weight: target => target.enableBatches ? 50 : 1 },
  ];
}

async function interval(scenario, side, connections, seconds, round) {
  const target = scenario[side];
  // What the interval before left to do in the background must not count against the next one.
  await settle(1);
  const result = await measure({ ...scenario.work(target, round * 100 + connections), port: target.port, host: target.host, connections, seconds });
  return { ...result, rps: result.rps * (scenario.weight?.(target) ?? 1) };
}

function summary(intervals) {
  const sorted = intervals.map(one => one.rps).sort((a, b) => a - b);
  const rps = median(sorted);
  const p50 = median(intervals.map(one => one.p50).sort((a, b) => a - b));
  const p99 = median(intervals.map(one => one.p99).sort((a, b) => a - b));
  return { rps, p50, p99, intervals: intervals.map(one => Math.round(one.rps)) };
}

export function median(sorted) {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
