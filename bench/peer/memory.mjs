// What one more idle active tenant costs, beside a whole PocketBase process with the same data that did the same work.
import { join } from 'node:path';
import { settle } from './process.mjs';
import { loadRows } from './rows.mjs';
import { PocketBase, Platform } from './servers.mjs';

const rowsEach = 500;

export async function measureMemory(options) {
  console.error(`memory: ${options.tenants} tenants`);
  const platform = new Platform(join(options.folder, 'memory-platform'));
  const pocketBase = new PocketBase(join(options.folder, 'memory-pocketbase'));
  await platform.init();
  const warm = 3;
  const names = Array.from({ length: options.tenants + warm }, (_, i) => `idle-${i}`);
  for (const name of names) await fill(await platform.createTenant(name, 'replicated'));
  await platform.stop();

  // A fresh process: what loading needed is gone, as it is in production after a while.
  await platform.start();
  for (const name of names.slice(0, warm)) await use(platform.tenant(name));
  await settle(3);
  const before = platform.server.memory();
  for (const name of names.slice(warm)) await use(platform.tenant(name));
  await settle(5);
  const after = platform.server.memory();
  await platform.stop();

  await pocketBase.init();
  await fill(pocketBase);
  await pocketBase.stop();
  await pocketBase.start();
  await use(pocketBase);
  await settle(5);
  const peer = pocketBase.server.memory();
  await pocketBase.stop();
  const perTenant = (after.rss - before.rss) / options.tenants;
  return { tenants: options.tenants, rowsEach, platformBefore: before, platformAfter: after, perTenant, peerProcess: peer, ratio: perTenant / peer.rss };
}

async function fill(target) {
  await target.createCollection('items');
  await loadRows(target, 'items', rowsEach);
}

/** What makes a tenant active: a list, a view and a write. */
async function use(target) {
  const { items } = await target.client.must('GET', '/api/collections/items/records?perPage=30&sort=-n&filter=active%3Dtrue');
  await target.client.must('GET', `/api/collections/items/records/${items[0].id}`);
  await target.client.must('POST', '/api/collections/items/records', { title: 'one more', n: 1, m: 2, active: true });
  if (target.id) target.close();
}
