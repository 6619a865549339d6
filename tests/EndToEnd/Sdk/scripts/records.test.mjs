import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { refused, superuser } from './tenant.mjs';

const client = await superuser();
const authors = client.collection('authors');
const books = client.collection('books');
const date = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/;
let ann, bob;

before(async () => {
  const { id } = await client.collections.create({
    name: 'authors', type: 'base', fields: [{ name: 'name', type: 'text', required: true }],
    indexes: ['CREATE UNIQUE INDEX idx_authors_name ON authors (name)'],
  });
  await client.collections.create({
    name: 'books', type: 'base',
    fields: [
      { name: 'title', type: 'text', required: true, min: 2, max: 30 },
      { name: 'pages', type: 'number', min: 1, onlyInt: true },
      { name: 'sold_out', type: 'bool' },
      { name: 'contact', type: 'email' },
      { name: 'site', type: 'url' },
      { name: 'published', type: 'date' },
      { name: 'genre', type: 'select', values: ['novel', 'poem', 'essay'], maxSelect: 1 },
      { name: 'tags', type: 'select', values: ['new', 'old', 'rare'], maxSelect: 3 },
      { name: 'meta', type: 'json' },
      { name: 'author', type: 'relation', collectionId: id, maxSelect: 1 },
      { name: 'others', type: 'relation', collectionId: id, maxSelect: 5 },
      { name: 'created', type: 'autodate', onCreate: true },
      { name: 'updated', type: 'autodate', onCreate: true, onUpdate: true },
    ],
  });
  ann = await authors.create({ name: 'Ann' });
  bob = await authors.create({ name: 'Bob' });
});

test('a record keeps every type of field', async () => {
  const given = {
    title: 'Grün und "quoted"', pages: 120, sold_out: true, contact: 'a@example.com', site: 'https://example.com/a?b=c',
    published: '2024-02-29 12:30:00.000Z', genre: 'novel', tags: ['rare', 'new'], meta: { deep: [1, 'two', null, { three: true }] },
    author: ann.id, others: [bob.id, ann.id],
  };
  const created = await books.create(given);
  assert.match(created.id, /^[a-z0-9]{15}$/);
  assert.match(created.created, date);
  assert.equal(created.created, created.updated);
  assert.equal(created.collectionName, 'books');
  const read = await books.getOne(created.id);
  assert.deepEqual(read, created);
  for (const [field, value] of Object.entries(given)) assert.deepEqual(read[field], value, field);
});

test('defaults are those of the types', async () => {
  const record = await books.create({ title: 'Defaults' });
  assert.equal(record.pages, 0);
  assert.equal(record.sold_out, false);
  assert.equal(record.contact, '');
  assert.equal(record.published, '');
  assert.equal(record.genre, '');
  assert.deepEqual(record.tags, []);
  assert.equal(record.meta, null);
  assert.equal(record.author, '');
  assert.deepEqual(record.others, []);
});

test('an update changes what it names, and the time of the update', async () => {
  const created = await books.create({ title: 'Before', pages: 10, tags: ['old'] });
  const updated = await books.update(created.id, { title: 'After', 'pages+': 5, 'tags+': 'rare' });
  assert.equal(updated.title, 'After');
  assert.equal(updated.pages, 15);
  assert.deepEqual(updated.tags, ['old', 'rare']);
  assert.equal(updated.created, created.created);
  assert.ok(updated.updated >= created.updated);
});

test('a deleted record is gone', async () => {
  const created = await books.create({ title: 'Short-lived' });
  await books.delete(created.id);
  await refused(books.getOne(created.id), 404);
  await refused(books.update(created.id, { title: 'Zombie' }), 404);
  await refused(books.delete(created.id), 404);
});

test('a chosen id is kept, taken ids and ids of a wrong form are refused', async () => {
  const created = await authors.create({ id: 'chosen000000001', name: 'Chosen' });
  assert.equal(created.id, 'chosen000000001');
  await refused(authors.create({ id: 'chosen000000001', name: 'Other' }), 400, { id: null });
  await refused(authors.create({ id: 'short', name: 'Short' }), 400, { id: null });
  await refused(authors.create({ id: 'UPPER_CASE_NOT!', name: 'Form' }), 400, { id: null });
});

test('what is wrong with a record is said by field', async () => {
  await refused(books.create({}), 400, { title: 'validation_required' });
  await refused(books.create({ title: 'x' }), 400, { title: 'validation_min_text_constraint' });
  await refused(books.create({ title: 'x'.repeat(31) }), 400, { title: 'validation_max_text_constraint' });
  await refused(books.create({ title: 'Both', pages: 1.5, contact: 'nobody' }), 400, { pages: null, contact: 'validation_is_email' });
  await refused(books.create({ title: 'Site', site: 'not a url' }), 400, { site: 'validation_is_url' });
  await refused(books.create({ title: 'Genre', genre: 'opera' }), 400, { genre: 'validation_invalid_value' });
  await refused(books.create({ title: 'Author', author: 'nobody000000000' }), 400, { author: null });
  await refused(authors.create({ name: 'Ann' }), 400, { name: 'validation_not_unique' });
  await refused(authors.update(bob.id, { name: 'Ann' }), 400, { name: 'validation_not_unique' });
});

test('relations expand, in records and in lists, forwards and back', async () => {
  const book = await books.create({ title: 'Expanded', author: ann.id, others: [bob.id, ann.id] });
  const one = await books.getOne(book.id, { expand: 'author,others' });
  assert.equal(one.expand.author.name, 'Ann');
  assert.deepEqual(one.expand.others.map(author => author.name), ['Bob', 'Ann']);
  const list = await books.getList(1, 5, { filter: `id = "${book.id}"`, expand: 'author' });
  assert.equal(list.items[0].expand.author.id, ann.id);
  const back = await authors.getOne(bob.id, { expand: 'books_via_others' });
  assert.ok(back.expand.books_via_others.some(other => other.id === book.id));
});
