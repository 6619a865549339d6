// Fills a tenant, moves it under load, prints and keeps what the load was told and how long it waited.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Times, settle } from '../cluster/stats.mjs';
import { Cluster } from '../gateway/cluster.mjs';
import { Client } from '../peer/http.mjs';
import { Load } from './load.mjs';

const { values } = parseArgs({ options: {
  megabytes: { type: 'string', default: '100' },
  moves: { type: 'string', default: '20' },
  writers: { type: 'string', default: '4' },
  readers: { type: 'string', default: '4' },
  think: { type: 'string', default: '5' },
  json: { type: 'string', default: 'bench/results/migrate.json' },
} });
const [megabytes, moves, writers, readers, think] =
  ['megabytes', 'moves', 'writers', 'readers', 'think'].map(name => Number(values[name]));
const tenantId = 'mover';
const rowBytes = 50_000;
const loadBefore = os.loadavg()[0];
const cluster = new Cluster(join(process.cwd(), `artifacts/bench/migrate-${Date.now()}`));
cluster.start();
try {
  await measure();
} finally {
  cluster.stop();
}

async function measure() {
  const tenant = await cluster.createTenant(tenantId, 'replicated');
  await fill(tenant);
  const { databaseBytes } = (await cluster.operator.must('GET', `/api/cp/tenants/${tenantId}`)).storage;
  console.log(`The database has ${(databaseBytes / 1e6).toFixed(0)} MB.`);
  const load = new Load(new Client(tenant.port, { Host: tenant.host }), writers, readers, think);
  const begun = performance.now();
  await settle(5);
  const quiet = [begun, performance.now()];
  const windows = [];
  const [prepares, pauses, totals] = [new Times(), new Times(), new Times()];
  for (let move = 0; move < moves; move++) {
    const { node } = await cluster.operator.must('GET', `/api/cp/tenants/${tenantId}/location`);
    const target = ['node1', 'node2', 'node3'].filter(name => name !== node)[move % 2];
    // A copy of an earlier stay would make it easy.
    rmSync(join(cluster.folder, target, 'data/cache', tenantId), { recursive: true, force: true });
    const asked = performance.now();
    const answer = await cluster.operator.must('POST', `/api/cp/tenants/${tenantId}/migrate`, { node: target });
    windows.push([asked, performance.now()]);
    prepares.add(answer.prepareMilliseconds);
    pauses.add(answer.pauseMilliseconds);
    totals.add(answer.totalMilliseconds);
    console.log(`${node} -> ${target}: prepare ${answer.prepareMilliseconds} ms, pause ${answer.pauseMilliseconds} ms, `
      + `total ${answer.totalMilliseconds} ms`);
    await settle(1);
  }

  await load.stop();
  const lost = await load.missing();
  const waits = new Times();
  for (const [from, to] of windows) waits.add(Math.max(...load.between('writes', from, to)));
  keep(databaseBytes, quiet, load, lost, { prepares, pauses, totals, waits });
}

async function fill(tenant) {
  const admin = await tenant.superuser();
  const open = { listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '' };
  const text = (name, max) => ({ name, type: 'text', max });
  await admin.must('POST', '/api/collections', { name: 'blobs', type: 'base', ...open, fields: [text('body', 2 * rowBytes)] });
  await admin.must('POST', '/api/collections', { name: 'notes', type: 'base', ...open, fields: [text('title', 200)] });
  const rows = Math.ceil(megabytes * 1e6 / rowBytes);
  let next = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next++ < rows) {
      await admin.must('POST', '/api/collections/blobs/records', { body: randomBytes(rowBytes * 3 / 4).toString('base64') });
    }
  }));
  admin.close();
}

function keep(databaseBytes, quiet, load, lost, { prepares, pauses, totals, waits }) {
  const round = number => Math.round(number * 10) / 10;
  const spread = times => ({ p50: round(times.at(0.5)), p99: round(times.at(0.99)), max: round(times.at(1)) });
  const of = list => { const times = new Times(); for (const time of list) times.add(time); return spread(times); };
  const result = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    cores: os.availableParallelism(), loadBefore, loadAfter: os.loadavg()[0],
    databaseMegabytes: Math.round(databaseBytes / 1e6), moves, writers, readers, thinkMilliseconds: think,
    requests: load.count, failed: load.failures.length, acknowledgedWrites: load.acknowledged.size, lostWrites: lost.length,
    writeMillisecondsWithoutMoves: of(load.between('writes', ...quiet)), readMillisecondsWithoutMoves: of(load.between('reads', ...quiet)),
    prepareMilliseconds: spread(prepares), pauseMilliseconds: spread(pauses), totalMilliseconds: spread(totals),
    longestWriteOfAMoveMilliseconds: spread(waits),
  };
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(result);
  for (const failure of load.failures.slice(0, 10)) console.log(failure);
}
