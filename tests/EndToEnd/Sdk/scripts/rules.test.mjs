import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();
const anyone = guest();
const all = rule => ({ listRule: rule, viewRule: rule, createRule: rule, updateRule: rule, deleteRule: rule });
const fields = [{ name: 'title', type: 'text' }, { name: 'open', type: 'bool' }];

before(async () => {
  await client.collections.create({ name: 'closed', type: 'base', ...all(null), fields });
  await client.collections.create({ name: 'anyones', type: 'base', ...all(''), fields });
  await client.collections.create({ name: 'partly', type: 'base', ...all('open = true'), fields });
  await client.collections.create({ name: 'signed', type: 'base', ...all('@request.auth.id != ""'), fields });
});

test('null is for superusers', async () => {
  const record = await client.collection('closed').create({ title: 'secret' });
  const closed = anyone.collection('closed');
  await refused(closed.getList(), 403);
  await refused(closed.getOne(record.id), 403);
  await refused(closed.create({ title: 'mine' }), 403);
  await refused(closed.update(record.id, { title: 'mine' }), 403);
  await refused(closed.delete(record.id), 403);
  assert.equal((await client.collection('closed').getOne(record.id)).title, 'secret');
});

test('an empty rule is for anyone', async () => {
  const anyones = anyone.collection('anyones');
  const record = await anyones.create({ title: 'mine' });
  assert.equal((await anyones.update(record.id, { title: 'yours' })).title, 'yours');
  assert.equal((await anyones.getList()).totalItems, 1);
  assert.equal((await anyones.getOne(record.id)).title, 'yours');
  await anyones.delete(record.id);
  await refused(anyones.getOne(record.id), 404);
});

test('an expression is a filter: hidden rows are not there', async () => {
  const open = await client.collection('partly').create({ title: 'open', open: true });
  const hidden = await client.collection('partly').create({ title: 'hidden', open: false });
  const partly = anyone.collection('partly');
  assert.deepEqual((await partly.getList()).items.map(row => row.id), [open.id]);
  assert.equal((await partly.getList(1, 10, { filter: 'title = "hidden"' })).totalItems, 0);
  await refused(partly.getOne(hidden.id), 404);
  await refused(partly.update(hidden.id, { open: true }), 404);
  await refused(partly.delete(hidden.id), 404);
  await refused(partly.create({ title: 'no', open: false }), 400);
  assert.equal((await partly.create({ title: 'yes', open: true })).open, true);
  assert.equal((await client.collection('partly').getOne(hidden.id)).open, false);
});

test('a rule may ask who asks', async () => {
  await client.collection('signed').create({ title: 'for superusers at least' });
  assert.equal((await anyone.collection('signed').getList()).totalItems, 0);
  await refused(anyone.collection('signed').create({ title: 'no' }), 400);
  assert.equal((await client.collection('signed').getList()).totalItems, 1);
});
