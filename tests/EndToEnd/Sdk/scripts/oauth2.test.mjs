import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();
const codes = new Map();
let user = { sub: '1', name: 'Eve', email: 'eve@example.com', email_verified: true };

// An OpenID Connect provider whose users agree to everything.
const provider = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://provider');
  const answer = (status, body) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === '/auth') {
    const code = crypto.randomUUID();
    codes.set(code, url.searchParams.get('code_challenge'));
    const target = new URL(url.searchParams.get('redirect_uri'));
    target.searchParams.set('state', url.searchParams.get('state'));
    if (user) target.searchParams.set('code', code);
    else target.searchParams.set('error', 'access_denied');
    response.writeHead(302, { Location: target.toString() });
    response.end();
  } else if (url.pathname === '/token') {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const challenge = crypto.createHash('sha256').update(form.get('code_verifier')).digest('base64url');
    const isGood = codes.get(form.get('code')) === challenge;
    answer(isGood ? 200 : 400, isGood ? { access_token: 'access', expires_in: 60 } : {});
  } else {
    answer(200, user);
  }
});

before(async () => {
  await new Promise((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${provider.address().port}`;
  await client.collections.update('users', {
    createRule: '',
    oauth2: {
      enabled: true, mappedFields: { name: 'name' },
      providers: [{
        name: 'oidc', clientId: 'me', clientSecret: 'secret',
        authURL: `${url}/auth`, tokenURL: `${url}/token`, userInfoURL: `${url}/user`, displayName: 'Here',
      }],
    },
  });
});

after(() => provider.close());

/** What a browser's window would do: follows the provider's redirect to the tenant, and notes where that leads. */
const visit = (visited) => async (url) => {
  const toTenant = await fetch(url, { redirect: 'manual' });
  const arrived = await fetch(toTenant.headers.get('location').replace(/\/\/[^/]*/, new URL(client.baseURL).origin.slice(5)), { redirect: 'manual' });
  visited.push([arrived.status, arrived.headers.get('location')]);
};

test('a login in a window of its own signs up and comes back', async () => {
  const visited = [];
  const first = guest();
  const answer = await first.collection('users').authWithOAuth2({ provider: 'oidc', urlCallback: visit(visited) });
  assert.equal(answer.record.name, 'Eve');
  assert.equal(answer.record.verified, true);
  assert.equal(answer.meta.isNew, true);
  assert.equal(first.authStore.isValid, true);
  assert.equal(visited[0][0], 307);
  assert.match(visited[0][1], /oauth2-redirect-success$/);
  const again = await guest().collection('users').authWithOAuth2({ provider: 'oidc', urlCallback: visit(visited) });
  assert.equal(again.record.id, answer.record.id);
  assert.equal(again.meta.isNew, false);
});

test('a refusal of the provider ends the login', async () => {
  const visited = [];
  const agreed = user;
  user = null;
  await assert.rejects(
    guest().collection('users').authWithOAuth2({ provider: 'oidc', urlCallback: visit(visited) }),
    (error) => /access_denied/.test(error.originalError?.message));
  user = agreed;
  assert.match(visited[0][1], /oauth2-redirect-failure$/);
});

test('the meta endpoints answer superusers', async () => {
  const providers = await client.collections.getAllOAuth2Providers();
  assert.ok(providers.some((one) => one.name === 'google' && one.displayName === 'Google' && one.logo));
  const run = await client.collections.dryRunViewQuery('SELECT id, name FROM users');
  assert.deepEqual(run.fields.map((field) => field.name), ['id', 'name']);
  assert.equal(run.sample[0].name, 'Eve');
  await refused(client.collections.dryRunViewQuery('SELECT nothing'), 400);
  await refused(guest().collections.getAllOAuth2Providers(), 401);
  await refused(client.settings.testS3('storage'), 400);
  const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const { secret } = await client.settings.generateAppleClientSecret('app', 'TEAM567890', 'KEY4567890', pem, 60);
  assert.equal(secret.split('.').length, 3);
});
