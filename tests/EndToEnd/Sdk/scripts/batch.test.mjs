import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();
const items = client.collection('items');

before(async () => {
  await client.collections.create({
    name: 'items', type: 'base', listRule: '', viewRule: '', createRule: "@request.auth.id != ''",
    fields: [
      { name: 'title', type: 'text', min: 2 },
      { name: 'count', type: 'number' },
      { name: 'document', type: 'file', maxSelect: 1 },
    ],
  });
});

test('batches are refused until they are switched on', async () => {
  const batch = client.createBatch();
  batch.collection('items').create({ title: 'one' });
  await refused(batch.send(), 403);
  await client.settings.update({ batch: { enabled: true, maxRequests: 50, timeout: 5 } });
});

test('creates, updates, upserts and deletes run as one', async () => {
  const old = await items.create({ title: 'old', count: 1 });
  const doomed = await items.create({ title: 'doomed' });
  const batch = client.createBatch();
  batch.collection('items').create({ title: 'first' }, { fields: 'title' });
  batch.collection('items').update(old.id, { 'count+': 4 });
  batch.collection('items').upsert({ id: old.id, title: 'upserted' });
  batch.collection('items').upsert({ id: 'fresh0000000001', title: 'fresh' });
  batch.collection('items').delete(doomed.id);
  const results = await batch.send();
  assert.deepEqual(results.map((result) => result.status), [200, 200, 200, 200, 204]);
  assert.deepEqual(results[0].body, { title: 'first' });
  assert.equal(results[1].body.count, 5);
  assert.deepEqual([results[2].body.title, results[2].body.count], ['upserted', 5]);
  assert.equal((await items.getOne('fresh0000000001')).title, 'fresh');
  await refused(items.getOne(doomed.id), 404);
});

test('files go with their request', async () => {
  const batch = client.createBatch();
  batch.collection('items').create({ title: 'plain' });
  batch.collection('items').create({ title: 'filed', document: new File(['hello'], 'hello.txt') });
  const results = await batch.send();
  assert.equal(results[0].body.document, '');
  const answer = await fetch(client.files.getURL(results[1].body, results[1].body.document));
  assert.equal(await answer.text(), 'hello');
});

test('a refusal names the request and undoes the others', async () => {
  const batch = client.createBatch();
  batch.collection('items').create({ id: 'undone000000001', title: 'fine' });
  batch.collection('items').create({ title: 'x' });
  const response = await refused(batch.send(), 400);
  assert.equal(response.message, 'Batch transaction failed.');
  assert.equal(response.data.requests[1].response.data.title.code, 'validation_min_text_constraint');
  await refused(items.getOne('undone000000001'), 404);
  const stranger = guest().createBatch();
  stranger.collection('items').create({ title: 'stranger' });
  assert.equal((await refused(stranger.send(), 400)).data.requests[0].response.status, 400);
});

test('a subscriber hears of each record of a batch', async () => {
  const heard = [];
  const listener = guest();
  let resolve;
  const all = new Promise((done) => { resolve = done; });
  await listener.collection('items').subscribe('*', (event) => {
    heard.push(`${event.action} ${event.record.title}`);
    if (heard.length === 2) resolve();
  });
  const batch = client.createBatch();
  batch.collection('items').create({ title: 'heard' });
  batch.collection('items').create({ title: 'heard too' });
  await batch.send();
  await all;
  assert.deepEqual(heard, ['create heard', 'create heard too']);
  await listener.realtime.unsubscribe();
});
