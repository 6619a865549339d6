// The first answer of a tenant of 1 MB that is nowhere but in object storage.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRows } from './rows.mjs';
import { Platform } from './servers.mjs';
import { median } from './requests.mjs';

// About 230 bytes a row with its index: 1 MB.
const rowsEach = 3600;
const titleLength = 120;

export async function measureColdStarts(options) {
  const platform = new Platform(join(options.folder, 'cold-platform'));
  await platform.init();
  const count = options.tenants / 2;
  const warm = 5;
  console.error(`cold start: loading ${count + warm} tenants of 1 MB`);
  const names = Array.from({ length: count + warm }, (_, i) => `cold-${i}`);
  for (const name of names) {
    const tenant = await platform.createTenant(name, 'replicated');
    await tenant.createCollection('items');
    await loadRows(tenant, 'items', rowsEach, { titleLength });
    tenant.close();
  }

  const bytes = databaseBytes(join(platform.folder, 'cache'));
  const milliseconds = [];
  for (let round = 0; round < options.coldRounds; round++) {
    await platform.stop();
    platform.deleteCache();
    await platform.start();
    // The process is warm, the tenants are not: in production a process serves others before it meets this one.
    for (const name of names.slice(0, warm)) await firstAnswer(platform, name);
    for (const name of names.slice(warm)) milliseconds.push(await firstAnswer(platform, name));
  }

  await platform.stop();
  milliseconds.sort((a, b) => a - b);
  const at = share => milliseconds[Math.min(milliseconds.length - 1, Math.floor(share * milliseconds.length))];
  return { samples: milliseconds.length, databaseBytes: bytes, p50: median(milliseconds), p95: at(0.95), max: at(1), all: milliseconds.map(value => Math.round(value * 10) / 10) };
}

async function firstAnswer(platform, name) {
  const tenant = platform.tenant(name);
  const start = process.hrtime.bigint();
  await tenant.client.must('GET', '/api/collections/items/records?perPage=30&sort=-n&filter=active%3Dtrue');
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  tenant.close();
  return elapsed;
}

/** The median size of the tenants' databases. */
function databaseBytes(folder) {
  if (!existsSync(folder)) return null;
  const sizes = readdirSync(folder, { recursive: true }).filter(file => file.endsWith('data.db')).map(file => statSync(join(folder, file)).size);
  return sizes.length === 0 ? null : median(sizes.sort((a, b) => a - b));
}
