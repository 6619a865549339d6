import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();

test('a collection with every type of field is created and read back by name and by id', async () => {
  const target = await client.collections.create({ name: 'kinds_target', type: 'base', fields: [{ name: 'label', type: 'text' }] });
  const created = await client.collections.create({
    name: 'kinds', type: 'base', listRule: '', viewRule: null, createRule: '@request.auth.id != ""',
    fields: [
      { name: 'text', type: 'text', required: true, min: 2, max: 10, pattern: '^[a-z]+$' },
      { name: 'number', type: 'number', min: -5, max: 5, onlyInt: true },
      { name: 'bool', type: 'bool' },
      { name: 'email', type: 'email', exceptDomains: ['example.org'] },
      { name: 'url', type: 'url' },
      { name: 'date', type: 'date' },
      { name: 'select', type: 'select', values: ['a', 'b', 'c'], maxSelect: 1 },
      { name: 'selects', type: 'select', values: ['a', 'b', 'c'], maxSelect: 3 },
      { name: 'json', type: 'json', maxSize: 2000 },
      { name: 'relation', type: 'relation', collectionId: target.id, maxSelect: 1 },
      { name: 'relations', type: 'relation', collectionId: target.id, maxSelect: 5 },
      { name: 'editor', type: 'editor' },
      { name: 'created', type: 'autodate', onCreate: true },
      { name: 'updated', type: 'autodate', onCreate: true, onUpdate: true },
    ],
    indexes: ['CREATE INDEX idx_kinds_number ON kinds (number)'],
  });
  assert.equal(created.type, 'base');
  assert.equal(created.system, false);
  assert.equal(created.createRule, '@request.auth.id != ""');
  assert.equal(created.viewRule, null);
  assert.equal(created.fields[0].name, 'id');
  assert.equal(created.fields[0].primaryKey, true);
  for (const field of created.fields) assert.ok(field.id, `${field.name} has an id`);
  for (const key of ['kinds', created.id]) assert.deepEqual(await client.collections.getOne(key), created);
});

test('collections are listed with filter, sort and paging', async () => {
  const all = await client.collections.getFullList();
  assert.ok(all.some(collection => collection.name === '_superusers' && collection.system));
  const page = await client.collections.getList(1, 1, { filter: 'system = true', sort: '-name' });
  assert.equal(page.perPage, 1);
  assert.equal(page.items.length, 1);
  assert.ok(page.totalItems > 1);
});

test('an update adds, renames and removes fields and keeps the data', async () => {
  const created = await client.collections.create({
    name: 'evolving', type: 'base', fields: [{ name: 'old', type: 'text' }, { name: 'gone', type: 'number' }],
  });
  const record = await client.collection('evolving').create({ old: 'kept', gone: 3 });
  const fields = created.fields.filter(field => field.name !== 'gone').map(field => (field.name === 'old' ? { ...field, name: 'renamed' } : field));
  const updated = await client.collections.update('evolving', {
    name: 'evolved', fields: [...fields, { name: 'added', type: 'bool' }],
    indexes: ['CREATE UNIQUE INDEX idx_evolved ON evolved (renamed)'],
  });
  assert.equal(updated.id, created.id);
  assert.equal(updated.name, 'evolved');
  const after = await client.collection('evolved').getOne(record.id);
  assert.equal(after.renamed, 'kept');
  assert.equal(after.added, false);
  assert.equal('gone' in after, false);
  assert.equal(after.collectionName, 'evolved');
  await refused(client.collections.getOne('evolving'), 404);
  await refused(client.collection('evolved').create({ renamed: 'kept' }), 400, { renamed: 'validation_not_unique' });
});

test('a collection is deleted, and not while another needs it', async () => {
  const target = await client.collections.create({ name: 'needed', type: 'base', fields: [] });
  const other = await client.collections.create({
    name: 'needing', type: 'base', fields: [{ name: 'to', type: 'relation', collectionId: target.id, maxSelect: 1 }],
  });
  await refused(client.collections.delete('needed'), 400);
  await client.collections.delete(other.id);
  await client.collections.delete('needed');
  await refused(client.collections.getOne('needed'), 404);
  await refused(client.collection('needed').getList(), 404);
});

test('what is wrong with a collection is said by field', async () => {
  await refused(client.collections.create({ type: 'base' }), 400, { name: 'validation_required' });
  await refused(client.collections.create({ name: 'no spaces', type: 'base' }), 400, { name: null });
  await refused(client.collections.create({ name: 'kinds', type: 'base' }), 400, { name: null });
  await refused(client.collections.create({ name: 'bad_field', type: 'base', fields: [{ name: 'x', type: 'nothing' }] }), 400);
  await refused(client.collections.create({ name: 'bad_rule', type: 'base', listRule: 'missing = 1' }), 400, { listRule: null });
  await refused(client.collections.create({ name: 'bad_index', type: 'base', indexes: ['CREATE NONSENSE'] }), 400, { indexes: null });
  await refused(client.collections.delete('_superusers'), 400);
});

test('guests see no collections', async () => {
  await refused(guest().collections.getOne('_superusers'), 401);
  await refused(guest().collections.create({ name: 'mine', type: 'base' }), 401);
});
