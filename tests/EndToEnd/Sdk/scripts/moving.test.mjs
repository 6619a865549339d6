// Subscriptions of the SDK outlive the moves of their tenant: run against a cluster, whose operator this script is as well.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { guest, superuser } from './tenant.mjs';

const operator = process.env.OPERATOR_URL;
const token = process.env.OPERATOR_TOKEN;
const nodes = process.env.NODES.split(',');
const tenant = process.env.TENANT_ID;
let root;

async function ask(method, path, body) {
  const answer = await fetch(new URL(`api/cp/tenants/${tenant}/${path}`, operator), {
    method, body: body && JSON.stringify(body), headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
  });
  const document = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(document));
  return document;
}

/** Writes until a subscriber has heard of a write that was made after this call. */
async function hears(heard) {
  const late = Date.now() + 30_000;
  const mine = new Set();
  while (![...heard].some(id => mine.has(id))) {
    assert.ok(Date.now() < late, 'the subscription delivers no more');
    mine.add((await root.collection('notes').create({ text: 'said' })).id);
    await new Promise(done => setTimeout(done, 100));
  }
}

before(async () => {
  root = await superuser();
  const open = { listRule: '', viewRule: '', createRule: '' };
  await root.collections.create({ name: 'notes', type: 'base', ...open, fields: [{ type: 'text', name: 'text' }] });
});

test('a subscription delivers after each move of its tenant', async () => {
  const client = guest();
  const heard = new Set();
  const connections = new Set();
  await client.realtime.subscribe('PB_CONNECT', event => connections.add(event.clientId ?? JSON.parse(event.data ?? '{}').clientId));
  await client.collection('notes').subscribe('*', event => heard.add(event.record.id));
  await hears(heard);
  for (let move = 0; move < 4; move++) {
    const { node } = await ask('GET', 'location');
    const { to } = await ask('POST', 'migrate', { node: nodes.find(name => name !== node) });
    assert.notEqual(to, node);
    await hears(heard);
    assert.equal(client.realtime.isConnected, true);
  }
  assert.ok(connections.size >= 4, `the SDK connected anew after each move: ${connections.size}`);
  await client.realtime.unsubscribe();
});

test('what is created right after a move is written once, whoever answers', async () => {
  const { node } = await ask('GET', 'location');
  const moving = ask('POST', 'migrate', { node: nodes.find(name => name !== node) });
  const made = await Promise.all(Array.from({ length: 20 }, (_, n) => root.collection('notes').create({ text: `once ${n}` })));
  await moving;
  const list = await root.collection('notes').getFullList({ filter: 'text ~ "once"' });
  assert.deepEqual(list.map(note => note.id).sort(), made.map(note => note.id).sort());
});
