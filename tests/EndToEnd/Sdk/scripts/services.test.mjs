import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

let root;

before(async () => { root = await superuser(); });

test('health tells superusers more', async () => {
  assert.deepEqual((await guest().health.check()).data, {});
  assert.equal(typeof (await root.health.check()).data.canBackup, 'boolean');
});

test('settings are read and changed, and never show secrets', async () => {
  await root.settings.update({ meta: { appName: 'Services' }, smtp: { password: 'mail secret' } });
  const settings = await root.settings.getAll();
  assert.equal(settings.meta.appName, 'Services');
  assert.doesNotMatch(JSON.stringify(settings), /mail secret/);
  await refused(root.settings.update({ meta: { appName: '' } }), 400);
  await refused(guest().settings.getAll(), 401);
  await refused(root.settings.testEmail('_superusers', 'not an address', 'verification'), 400, { email: null });
  await refused(root.settings.testS3('storage'), 400);
});

test('collections are scaffolded, imported, emptied and deleted', async () => {
  const scaffolds = await root.collections.getScaffolds();
  assert.deepEqual(Object.keys(scaffolds).sort(), ['auth', 'base', 'view']);
  const books = { ...scaffolds.base, name: 'books', fields: [...scaffolds.base.fields, { type: 'text', name: 'title' }] };
  assert.equal(await root.collections.import([books, { name: 'members', type: 'auth' }], false), true);
  assert.equal((await root.collections.getOne('members')).type, 'auth');
  await root.collection('books').create({ title: 'One' });
  await root.collection('books').create({ title: 'Two' });
  assert.equal((await root.collection('books').getList(1, 1)).totalItems, 2);
  assert.equal(await root.collections.truncate('books'), true);
  assert.equal((await root.collection('books').getFullList()).length, 0);
  const exported = (await root.collections.getFullList()).filter(collection => collection.name !== 'members');
  assert.equal(await root.collections.import(exported, true), true);
  await refused(root.collections.getOne('members'), 404);
  assert.equal(await root.collections.delete('books'), true);
  await refused(guest().collections.getFullList(), 401);
});

test('files have URLs and protected ones need a token', async () => {
  await root.collections.create({
    name: 'papers', type: 'base', viewRule: '@request.auth.id != ""', fields: [{ type: 'file', name: 'paper', protected: true }],
  });
  const record = await root.collection('papers').create({ paper: new File(['the paper'], 'paper.txt') });
  const url = root.files.getURL(record, record.paper);
  assert.match(url, /\/api\/files\/\w+\/\w+\/paper_\w{10}\.txt$/);
  assert.equal((await fetch(url)).status, 404);
  const token = await root.files.getToken();
  const answer = await fetch(root.files.getURL(record, record.paper, { token }));
  assert.equal(await answer.text(), 'the paper');
  await refused(guest().files.getToken(), 401);
});

test('requests are logged', async () => {
  await refused(guest().collection('nothing_of_the_sort').getList(), 404);
  const logs = await root.logs.getList(1, 10, { filter: 'data.url ~ "nothing_of_the_sort"' });
  assert.equal(logs.totalItems, 1);
  assert.equal(logs.items[0].data.status, 404);
  assert.equal((await root.logs.getOne(logs.items[0].id)).id, logs.items[0].id);
  const stats = await root.logs.getStats({ filter: 'data.url ~ "nothing_of_the_sort"' });
  assert.equal(stats[0].total, 1);
  await refused(guest().logs.getList(), 401);
});

test('requests that are cancelled say so', async () => {
  const client = guest().autoCancellation(true);
  const [first, second] = await Promise.allSettled([client.health.check(), client.health.check()]);
  assert.equal(first.status, 'rejected');
  assert.equal(first.reason.isAbort, true);
  assert.equal(second.value.code, 200);
});
