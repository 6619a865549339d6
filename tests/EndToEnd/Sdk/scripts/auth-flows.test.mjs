import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openMailbox, tokenOf } from './mailbox.mjs';
import { guest, refused, superuser } from './tenant.mjs';

let root, mailbox;

before(async () => {
  mailbox = await openMailbox();
  root = await superuser();
  await root.settings.update({
    meta: { appName: 'Flows', appURL: 'https://flows.example.com' },
    smtp: { enabled: true, host: '127.0.0.1', port: mailbox.port },
  });
  await root.collections.update('users', { authAlert: { enabled: false } });
});

after(() => mailbox.close());

async function signUp(name) {
  const [email, password] = [`${name}@example.com`, `${name} password`];
  const client = guest();
  const record = await client.collection('users').create({ email, password, passwordConfirm: password, name });
  await client.collection('users').authWithPassword(email, password);
  return { client, id: record.id, email, password };
}

test('a user signs up, signs in, refreshes and signs out', async () => {
  const { client, id, email } = await signUp('ann');
  assert.equal(client.authStore.record.id, id);
  assert.equal(client.authStore.record.email, email);
  assert.equal(client.authStore.isSuperuser, false);
  const refreshed = await client.collection('users').authRefresh();
  assert.equal(refreshed.record.id, id);
  client.authStore.clear();
  assert.equal(client.authStore.isValid, false);
  await refused(client.collection('users').authRefresh(), 401);
});

test('an address is verified by mail', async () => {
  const { client, id, email } = await signUp('vera');
  await client.collection('users').requestVerification(email);
  const token = tokenOf(await mailbox.next(email), 'confirm-verification');
  assert.equal(await guest().collection('users').confirmVerification(token), true);
  assert.equal((await root.collection('users').getOne(id)).verified, true);
  await refused(guest().collection('users').confirmVerification('not.a.token'), 400, { token: null });
});

test('a password is reset by mail, and old sessions end', async () => {
  const { client, email } = await signUp('rita');
  await guest().collection('users').requestPasswordReset(email);
  const token = tokenOf(await mailbox.next(email), 'confirm-password-reset');
  assert.equal(await guest().collection('users').confirmPasswordReset(token, 'another password', 'another password'), true);
  await refused(client.collection('users').authRefresh(), 401);
  await guest().collection('users').authWithPassword(email, 'another password');
  await refused(guest().collection('users').confirmPasswordReset(token, 'third password', 'third password'), 400, { token: null });
});

test('an address is changed by mail to the new one', async () => {
  const { client, email, password } = await signUp('cora');
  await client.collection('users').requestEmailChange('cora.new@example.com');
  const token = tokenOf(await mailbox.next('cora.new@example.com'), 'confirm-email-change');
  await refused(guest().collection('users').confirmEmailChange(token, 'wrong password'), 400, { password: null });
  assert.equal(await guest().collection('users').confirmEmailChange(token, password), true);
  await refused(guest().collection('users').authWithPassword(email, password), 400);
  const answer = await guest().collection('users').authWithPassword('cora.new@example.com', password);
  assert.equal(answer.record.verified, true);
});

test('a one-time password signs in once, and a second factor asks for both ways', async () => {
  const { email, password } = await signUp('otto');
  await root.collections.update('users', {
    otp: { enabled: true, length: 6, emailTemplate: { subject: 'Code', body: 'code={OTP}.' } },
  });
  const { otpId } = await guest().collection('users').requestOTP(email);
  const code = (await mailbox.next(email)).html.match(/code=(\d{6})\./)[1];
  await refused(guest().collection('users').authWithOTP(otpId, '000000' === code ? '111111' : '000000'), 400);
  const answer = await guest().collection('users').authWithOTP(otpId, code);
  assert.equal(answer.record.email, email);
  await refused(guest().collection('users').authWithOTP(otpId, code), 400);

  await root.collections.update('users', { mfa: { enabled: true } });
  const half = await assert.rejects(guest().collection('users').authWithPassword(email, password), error => {
    assert.equal(error.status, 401);
    assert.match(error.response.mfaId, /^\w{15}$/);
    otto.mfaId = error.response.mfaId;
    return true;
  });
  assert.equal(half, undefined);
  const second = await guest().collection('users').requestOTP(email);
  const secondCode = (await mailbox.next(email)).html.match(/code=(\d{6})\./)[1];
  const both = await guest().collection('users').authWithOTP(second.otpId, secondCode, { mfaId: otto.mfaId });
  assert.equal(both.record.email, email);
  await root.collections.update('users', { mfa: { enabled: false } });
});

const otto = {};

test('a superuser becomes somebody else for a while', async () => {
  const { id, email } = await signUp('ivan');
  const client = await root.collection('users').impersonate(id, 60);
  assert.equal(client.authStore.record.email, email);
  assert.equal((await client.collection('users').getList(1, 10)).totalItems, 1);
  await refused(guest().collection('users').impersonate(id, 60), 401);
});

test('the ways to sign in are listed', async () => {
  await root.collections.update('users', {
    oauth2: { enabled: true, providers: [{ name: 'google', clientId: 'id', clientSecret: 'secret' }] },
  });
  const methods = await guest().collection('users').listAuthMethods();
  assert.deepEqual(methods.password, { enabled: true, identityFields: ['email'] });
  assert.equal(methods.otp.enabled, true);
  assert.equal(methods.oauth2.providers[0].name, 'google');
  assert.match(methods.oauth2.providers[0].authURL, /redirect_uri=$/);
  await refused(guest().collection('users').authWithOAuth2Code('github', 'code', 'verifier', 'https://example.com'), 400);
});
