import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();
const docs = client.collection('docs');

before(() => client.collections.create({
  name: 'docs', type: 'base', viewRule: '@request.auth.id != ""', listRule: '',
  fields: [
    { name: 'title', type: 'text' },
    { name: 'tags', type: 'select', values: ['a', 'b'], maxSelect: 2 },
    { name: 'picture', type: 'file', maxSelect: 1, mimeTypes: ['image/png'], thumbs: ['40x20'] },
    { name: 'papers', type: 'file', maxSelect: 3, maxSize: 1000 },
    { name: 'secret', type: 'file', maxSelect: 1, protected: true },
  ],
}));

/** A grey PNG of that size (RFC 2083). */
function png(width, height) {
  const crc = (bytes) => {
    let value = ~0;
    for (const byte of bytes) {
      value ^= byte;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return ~value >>> 0;
  };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
    return Buffer.concat([number(data.length), body, number(crc(body))]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))), chunk('IEND', Buffer.alloc(0)),
  ]);
}

const paper = (text, name = 'paper.txt') => new File([text], name, { type: 'text/plain' });
const text = async (address, init) => (await fetch(address, init)).text();

test('a form and an object with files create the same record', async () => {
  const form = new FormData();
  form.append('title', 'by form');
  form.append('tags', 'a');
  form.append('tags', 'b');
  form.append('papers', paper('one', 'My First.txt'));
  form.append('papers', paper('two'));
  const byForm = await docs.create(form);
  assert.deepEqual(byForm.tags, ['a', 'b']);
  assert.equal(byForm.papers.length, 2);
  assert.match(byForm.papers[0], /^my_first_\w{10}\.txt$/);
  assert.equal(await text(client.files.getURL(byForm, byForm.papers[1])), 'two');

  const byObject = await docs.create({ title: 'by object', tags: ['a', 'b'], papers: [paper('three')] });
  assert.deepEqual(byObject.tags, ['a', 'b']);
  assert.equal(await text(client.files.getURL(byObject, byObject.papers[0])), 'three');
});

test('files are appended, removed and replaced', async () => {
  const { id, papers: [first] } = await docs.create({ papers: [paper('first')] });
  const appended = await docs.update(id, { 'papers+': paper('second') });
  assert.equal(appended.papers[0], first);
  assert.equal(await text(client.files.getURL(appended, appended.papers[1])), 'second');
  const removed = await docs.update(id, { 'papers-': [first] });
  assert.deepEqual(removed.papers, [appended.papers[1]]);
  assert.equal((await fetch(client.files.getURL(appended, first))).status, 404);
  assert.deepEqual((await docs.update(id, { papers: [] })).papers, []);
});

test('what a field does not take is refused with its reason', async () => {
  await refused(docs.create({ papers: paper('x'.repeat(1001)) }), 400, { papers: 'validation_file_size_limit' });
  await refused(docs.create({ picture: paper('no picture') }), 400, { picture: 'validation_invalid_mime_type' });
  await refused(
    docs.create({ papers: ['1', '2', '3', '4'].map((content) => paper(content)) }), 400,
    { papers: 'validation_too_many_files' });
  await refused(docs.create({ papers: ['../../data.db'] }), 400, { papers: 'validation_invalid_file' });
});

test('a thumbnail has the size that was asked for', async () => {
  const record = await docs.create({ picture: new File([png(200, 100)], 'wide.png') });
  for (const [thumb, width, height] of [['40x20', 40, 20], ['100x100', 100, 100], ['77x77', 200, 100]]) {
    const answer = await fetch(client.files.getURL(record, record.picture, { thumb }));
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(answer.headers.get('content-type'), 'image/png');
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [width, height], thumb);
  }
});

test('a protected file needs a token that passes the view rule', async () => {
  const record = await docs.create({ secret: paper('hidden') });
  const address = client.files.getURL(record, record.secret);
  assert.equal((await fetch(address)).status, 404);
  await refused(guest().files.getToken(), 401);
  const token = await client.files.getToken();
  assert.equal(await text(client.files.getURL(record, record.secret, { token })), 'hidden');
  assert.equal((await fetch(client.files.getURL(record, record.secret, { token: `${token}x` }))).status, 404);
});

test('parts, downloads and unchanged files are answered as HTTP says', async () => {
  const record = await docs.create({ papers: [paper('0123456789')] });
  const address = client.files.getURL(record, record.papers[0]);
  const part = await fetch(address, { headers: { Range: 'bytes=2-4' } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get('content-range'), 'bytes 2-4/10');
  assert.equal(await part.text(), '234');
  assert.equal((await fetch(address, { headers: { Range: 'bytes=10-' } })).status, 416);
  assert.equal((await fetch(address, { headers: { 'If-None-Match': part.headers.get('etag') } })).status, 304);
  const saved = await fetch(client.files.getURL(record, record.papers[0], { download: true }));
  assert.match(saved.headers.get('content-disposition'), /^attachment/);
  assert.match(saved.headers.get('content-security-policy'), /sandbox/);
});

test('no path leads out of a record', async () => {
  const record = await docs.create({ papers: [paper('x')] });
  const folder = `${client.baseURL}/api/files/docs/${record.id}`;
  for (const name of ['..%2f..%2fdata.db', '%2e%2e%2fmetadata.json', '..%5cdata.db', 'x', '%00'])
    assert.ok([400, 404].includes((await fetch(`${folder}/${name}`)).status), name);
});

test('a deleted record has no files', async () => {
  const record = await docs.create({ papers: [paper('x')] });
  await docs.delete(record.id);
  assert.equal((await fetch(client.files.getURL(record, record.papers[0]))).status, 404);
});
