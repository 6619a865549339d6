import assert from 'node:assert/strict';
import { test } from 'node:test';
import { email, guest, password, refused, superuser } from './tenant.mjs';

test('a superuser signs in and gets a record and a token', async () => {
  const client = guest();
  const answer = await client.collection('_superusers').authWithPassword(email, password);
  assert.equal(answer.record.email, email);
  assert.equal(answer.record.collectionName, '_superusers');
  assert.equal(answer.record.password, undefined);
  assert.equal(answer.record.tokenKey, undefined);
  assert.equal(client.authStore.isValid, true);
  assert.equal(client.authStore.isSuperuser, true);
  const claims = JSON.parse(Buffer.from(answer.token.split('.')[1], 'base64url').toString());
  assert.equal(claims.type, 'auth');
  assert.equal(claims.id, answer.record.id);
  assert.equal(claims.collectionId, answer.record.collectionId);
});

test('a wrong password and an unknown e-mail are told apart by nobody', async () => {
  const wrong = await refused(guest().collection('_superusers').authWithPassword(email, 'not-the-password'), 400);
  const unknown = await refused(guest().collection('_superusers').authWithPassword('nobody@example.com', password), 400);
  assert.deepEqual(wrong, unknown);
});

test('a blank password is a field error', async () => {
  await refused(guest().collection('_superusers').authWithPassword(email, ''), 400, { password: 'validation_required' });
});

test('a token is refreshed', async () => {
  const client = await superuser();
  const answer = await client.collection('_superusers').authRefresh();
  assert.equal(answer.record.email, email);
  assert.ok(client.authStore.isValid);
});

test('superuser endpoints refuse guests and damaged tokens', async () => {
  await refused(guest().collections.getFullList(), 401);
  const client = await superuser();
  const [head, claims, signature] = client.authStore.token.split('.');
  client.authStore.save([head, claims, signature.slice(0, -4) + 'AAAA'].join('.'), null);
  await refused(client.collections.getFullList(), 401);
});

test('the methods of signing in are listed', async () => {
  const methods = await guest().collection('_superusers').listAuthMethods();
  assert.equal(methods.password.enabled, true);
  assert.deepEqual(methods.password.identityFields, ['email']);
});

test('health answers', async () => {
  const answer = await guest().health.check();
  assert.equal(answer.code, 200);
  assert.equal(typeof answer.message, 'string');
});
