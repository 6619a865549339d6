import assert from 'node:assert/strict';
import net from 'node:net';
import { before, test } from 'node:test';
import PocketBase from 'pocketbase';
import { guest, superuser, url } from './tenant.mjs';

let root;

before(async () => {
  root = await superuser();
  const open = { listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '' };
  await root.collections.create({ name: 'notes', type: 'base', ...open, fields: [{ type: 'text', name: 'text' }] });
  await root.collections.create({ name: 'secrets', type: 'base', fields: [{ type: 'text', name: 'text' }] });
});

/** A list that can be waited on. */
function inbox() {
  const events = [];
  let heard = () => {};
  const listen = event => { events.push(event); heard(); };
  const next = async () => {
    const late = Date.now() + 15_000;
    while (events.length === 0) {
      if (Date.now() > late) throw new Error('no event');
      await new Promise(done => { heard = done; setTimeout(done, 200); });
    }
    return events.shift();
  };
  return { events, listen, next };
}

test('a subscriber hears creates, updates and deletes of a collection', async () => {
  const [client, box] = [guest(), inbox()];
  await client.collection('notes').subscribe('*', box.listen);
  assert.equal(client.realtime.isConnected, true);
  const note = await root.collection('notes').create({ text: 'one' });
  assert.equal((await box.next()).record.text, 'one');
  await root.collection('notes').update(note.id, { text: 'two' });
  const update = await box.next();
  assert.deepEqual([update.action, update.record.text, update.record.collectionName], ['update', 'two', 'notes']);
  await root.collection('notes').delete(note.id);
  assert.deepEqual([(await box.next()).action], ['delete']);
  await client.collection('notes').unsubscribe();
  assert.equal(client.realtime.isConnected, false);
});

test('a subscriber of one record hears of no other', async () => {
  const [client, box] = [guest(), inbox()];
  const [mine, other] = [await root.collection('notes').create({ text: 'mine' }), await root.collection('notes').create({ text: 'other' })];
  await client.collection('notes').subscribe(mine.id, box.listen, { fields: 'id,text' });
  await root.collection('notes').update(other.id, { text: 'changed' });
  await root.collection('notes').update(mine.id, { text: 'changed' });
  const event = await box.next();
  assert.deepEqual(event.record, { id: mine.id, text: 'changed' });
  assert.equal(box.events.length, 0);
  await client.realtime.unsubscribe();
});

test('after unsubscribing from one topic the others are still heard', async () => {
  const [client, all, one] = [guest(), inbox(), inbox()];
  const note = await root.collection('notes').create({ text: 'a' });
  await client.collection('notes').subscribe('*', all.listen);
  const leave = await client.collection('notes').subscribe(note.id, one.listen);
  await leave();
  await root.collection('notes').update(note.id, { text: 'b' });
  assert.equal((await all.next()).record.text, 'b');
  assert.equal(one.events.length, 0);
  await client.realtime.unsubscribe();
});

test('what is for superusers is heard by superusers only', async () => {
  const [outsider, insider] = [inbox(), inbox()];
  const client = guest();
  await client.collection('secrets').subscribe('*', outsider.listen);
  await client.collection('notes').subscribe('*', outsider.listen);
  await root.collection('secrets').subscribe('*', insider.listen);
  await root.collection('secrets').create({ text: 'hush' });
  await root.collection('notes').create({ text: 'loud' });
  assert.equal((await insider.next()).record.text, 'hush');
  assert.equal((await outsider.next()).record.text, 'loud');
  await Promise.all([client.realtime.unsubscribe(), root.realtime.unsubscribe()]);
});

test('a lost connection comes back with its subscriptions', async () => {
  const target = new URL(url);
  const sockets = new Set();
  const proxy = net.createServer(near => {
    const far = net.connect(Number(target.port), '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => { near.destroy(); far.destroy(); });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise(done => proxy.listen(0, '127.0.0.1', done));
  const client = new PocketBase(`http://${target.hostname}:${proxy.address().port}`).autoCancellation(false);
  const [box, connects] = [inbox(), inbox()];
  await client.realtime.subscribe('PB_CONNECT', connects.listen);
  await client.collection('notes').subscribe('*', box.listen);
  const first = (await connects.next()).clientId;
  for (const socket of sockets) socket.destroy();
  const second = (await connects.next()).clientId;
  assert.notEqual(second, first);
  // The subscriptions follow the connection.
  for (let round = 0; box.events.length === 0 && round < 50; round++) {
    await root.collection('notes').create({ text: `round ${round}` });
    await new Promise(done => setTimeout(done, 100));
  }
  assert.match((await box.next()).record.text, /^round /);
  await client.realtime.unsubscribe();
  for (const socket of sockets) socket.destroy();
  proxy.close();
});
