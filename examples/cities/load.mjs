// Loads the world's cities through the public API, one create a row, many at a time. It may be interrupted and run again.
//   node load.mjs [--url URL] [--email EMAIL] [--password PASSWORD] [--limit N] [--connections N]
import { explain, options, run, signIn } from './connect.mjs';
import { countriesOf, readCities } from './data.mjs';
import { createCollections } from './schema.mjs';

const attemptsMax = 20;

await run(async () => {
  const limit = number('limit', options.limit === 'all' ? '1000000000' : options.limit);
  const connections = number('connections', options.connections);
  const cities = readCities(limit);
  const tenant = await signIn();
  await createCollections(tenant);
  await load(tenant, 'countries', countriesOf(cities), connections);
  await load(tenant, 'cities', cities.map(({ countryCode, ...city }) => city), connections);
});

function number(name, text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} must be a positive number, not '${text}'.`);
  return Number(text);
}

async function load(tenant, collection, rows, connections) {
  const existing = await idsOf(tenant, collection);
  const missing = rows.filter(row => !existing.has(row.id));
  if (missing.length < rows.length) console.log(`${collection}: ${rows.length - missing.length} are there already`);
  const started = performance.now();
  let next = 0, done = 0;
  const worker = async () => {
    while (next < missing.length) {
      await create(tenant, collection, missing[next++]);
      report(collection, ++done, missing.length, started);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

/** What is there, in steps of a thousand: each goes on after the last id of the one before, which the key's index finds at once. */
async function idsOf(tenant, collection) {
  const ids = new Set();
  for (let last = ''; ;) {
    const page = await tenant.collection(collection).getList(1, 1000, {
      filter: tenant.filter('id > {:last}', { last }), sort: 'id', fields: 'id', skipTotal: true,
    });
    for (const { id } of page.items) ids.add(id);
    if (page.items.length < 1000) return ids;
    last = page.items.at(-1).id;
  }
}

async function create(tenant, collection, row) {
  for (let attempt = 1; ; attempt++) {
    try {
      await tenant.collection(collection).create(row, { fields: 'id' });
      return;
    } catch (error) {
      // The attempt before may have been stored without its answer coming through.
      if (attempt > 1 && error.status === 400 && error.response?.data?.id) return;
      const mayPass = error.status === 0 || error.status === 429 || error.status === 503;
      if (!mayPass || attempt === attemptsMax) throw error;
      if (attempt === 1) console.error(`${collection}: waiting to try again: ${explain(error)}`);
      await new Promise(resolve => setTimeout(resolve, Math.min(5000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2)));
    }
  }
}

function report(collection, done, total, started) {
  const step = Math.max(1, Math.floor(total / 20));
  if (done % step !== 0 && done !== total) return;
  const seconds = (performance.now() - started) / 1000;
  console.log(`${collection}: ${done} of ${total} (${Math.floor((100 * done) / total)} %), ${Math.round(done / seconds)} a second`);
}
