import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();
const rows = client.collection('rows');

before(async () => {
  const { id } = await client.collections.create({ name: 'teams', type: 'base', listRule: '', viewRule: '', fields: [{ name: 'name', type: 'text' }] });
  const red = await client.collection('teams').create({ name: 'red' });
  const blue = await client.collection('teams').create({ name: 'blue' });
  await client.collections.create({
    name: 'rows', type: 'base', listRule: '', viewRule: '',
    fields: [
      { name: 'n', type: 'number' }, { name: 'word', type: 'text' }, { name: 'on', type: 'bool' }, { name: 'at', type: 'date' },
      { name: 'doc', type: 'json' }, { name: 'team', type: 'relation', collectionId: id, maxSelect: 1 },
      { name: 'marks', type: 'select', values: ['x', 'y', 'z'], maxSelect: 3 },
    ],
    indexes: ['CREATE INDEX idx_rows_n ON rows (n)'],
  });
  const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
  for (let n = 1; n <= 40; n++) {
    await rows.create({
      n, word: words[n % 5], on: n % 2 === 0, at: `2024-01-${String(1 + (n % 28)).padStart(2, '0')} 00:00:00.000Z`,
      doc: { half: n / 2, tags: [`t${n % 3}`] }, team: n % 4 === 0 ? '' : (n % 2 ? red.id : blue.id), marks: n % 3 ? ['x', 'y'] : ['z'],
    });
  }
});

const numbers = async (filter, options = {}) => (await rows.getFullList({ filter, sort: 'n', ...options })).map(row => row.n);
const range = (from, to, step = 1) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

test('comparisons and their combinations', async () => {
  assert.deepEqual(await numbers('n = 7'), [7]);
  assert.deepEqual(await numbers('n > 37'), [38, 39, 40]);
  assert.deepEqual(await numbers('n >= 39 || n < 2'), [1, 39, 40]);
  assert.deepEqual(await numbers('on = true && (n <= 4 || n != 6) && n < 9'), [2, 4, 8]);
  assert.deepEqual(await numbers("word = 'beta' && n < 12"), [1, 6, 11]);
  assert.deepEqual(await numbers('word ~ "LPH" && n <= 10'), [5, 10]);
  assert.deepEqual(await numbers('word ~ "g%" && n <= 10'), [2, 7]);
  assert.deepEqual(await numbers('word !~ "a" && n <= 10'), [4, 9]);
  assert.deepEqual(await numbers('at >= "2024-01-28 00:00:00.000Z"'), [27]);
});

test('through relations, into json and over several values', async () => {
  assert.deepEqual(await numbers('team.name = "red" && n < 8'), [1, 3, 5, 7]);
  assert.deepEqual(await numbers('team = "" && n < 13'), [4, 8, 12]);
  assert.deepEqual(await numbers('doc.half > 19'), [39, 40]);
  assert.deepEqual(await numbers('marks:each ?= "z" && n < 10'), [3, 6, 9]);
  assert.deepEqual(await numbers('marks:length = 1 && n < 7'), [3, 6]);
  assert.deepEqual(await numbers(client.filter('word = {:word} && n < {:n}', { word: 'delta', n: 9 })), [3, 8]);
});

test('sorting by several fields, both ways', async () => {
  const page = await rows.getList(1, 4, { sort: '-word,n' });
  assert.deepEqual(page.items.map(row => [row.word, row.n]), [['gamma', 2], ['gamma', 7], ['gamma', 12], ['gamma', 17]]);
  assert.deepEqual((await rows.getList(1, 2, { sort: 'team.name,-n', filter: 'team != ""' })).items.map(row => row.n), [38, 34]);
});

test('pages cover everything once', async () => {
  const seen = [];
  for (let page = 1; page <= 5; page++) {
    const answer = await rows.getList(page, 9, { sort: '-n' });
    assert.deepEqual([answer.page, answer.perPage, answer.totalItems, answer.totalPages], [page, 9, 40, 5]);
    seen.push(...answer.items.map(row => row.n));
  }
  assert.deepEqual(seen, range(1, 40).reverse());
  assert.deepEqual((await rows.getList(6, 9)).items, []);
});

test('totals are skipped on demand', async () => {
  const answer = await rows.getList(2, 15, { sort: 'n', skipTotal: true });
  assert.deepEqual([answer.totalItems, answer.totalPages], [-1, -1]);
  assert.deepEqual(answer.items.map(row => row.n), range(16, 30));
});

test('the first match, or none', async () => {
  assert.equal((await rows.getFirstListItem('word = "gamma"', { sort: '-n' })).n, 37);
  await assert.rejects(rows.getFirstListItem('n = 1000'), { status: 404 });
});

test('only the fields asked for', async () => {
  const page = await rows.getList(1, 1, { sort: 'n', fields: 'n,word,expand.team.name', expand: 'team' });
  assert.deepEqual(page.items, [{ n: 1, word: 'beta', expand: { team: { name: 'red' } } }]);
  const one = await rows.getFirstListItem('n = 2', { fields: '*,word:excerpt(2)' });
  assert.equal(one.word, 'ga');
  assert.equal(one.n, 2);
});

test('what is wrong with a list is said, with the place in the filter', async () => {
  const answer = await refused(rows.getList(1, 1, { filter: 'n = 1 &&& n = 2' }), 400);
  assert.match(answer.message, /\d/, 'the position');
  await refused(rows.getList(1, 1, { filter: 'nothing = 1' }), 400);
  await refused(rows.getList(1, 1, { filter: `${'('.repeat(500)}n = 1${')'.repeat(500)}` }), 400);
  await refused(rows.getList(1, 1, { filter: `word = "${'x'.repeat(5000)}"` }), 400);
  await refused(rows.getList(1, 1, { sort: 'nothing' }), 400);
  assert.equal((await rows.getList(1, 5000)).perPage, 1000);
});

test('a filter is a value, never SQL', async () => {
  assert.deepEqual(await numbers(`word = "' OR 1=1 --"`), []);
  await refused(guest().collection('rows').getList(1, 1, { filter: 'n = 1); DROP TABLE rows; --' }), 400);
  assert.equal((await rows.getList()).totalItems, 40);
});
