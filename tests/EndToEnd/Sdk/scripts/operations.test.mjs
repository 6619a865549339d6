import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guest, refused, superuser } from './tenant.mjs';

const client = await superuser();

test('a superuser learns his own address', async () => {
  const health = await client.health.check();
  assert.equal(health.data.canBackup, true);
  assert.match(health.data.realIP, /^(127\.0\.0\.1|::1)$/);
  assert.deepEqual((await guest().health.check()).data, {});
});

test('cron jobs are listed and run', async () => {
  const jobs = await client.crons.getFullList();
  assert.deepEqual(
    jobs.map((job) => job.id),
    ['__pbDBOptimize__', '__pbMFACleanup__', '__pbOTPCleanup__', '__pbLogsCleanup__'],
  );
  for (const job of jobs) assert.equal(await client.crons.run(job.id), true);
  await refused(client.crons.run('unknown'), 404);
  await refused(guest().crons.getFullList(), 401);
});

test('the SQL console answers', async () => {
  const result = await client.sql.run("SELECT count(*) AS n FROM users; SELECT 'last' AS word");
  assert.deepEqual(result.rows, [['last']]);
  assert.equal(result.columns[0].name, 'word');
  await refused(client.sql.run("ATTACH 'x' AS y"), 400);
  await refused(guest().sql.run('SELECT 1'), 401);
});

test('a backup is made, downloaded, uploaded, restored and deleted', async () => {
  const users = client.collection('users');
  const account = (name) => ({ email: `${name}@example.com`, password: 'a-password', passwordConfirm: 'a-password' });
  await users.create(account('before'));
  await client.backups.create('one.zip');
  const link = client.backups.getDownloadURL(await client.files.getToken(), 'one.zip');
  const answer = await fetch(link);
  assert.equal(answer.status, 200);
  const zip = await answer.arrayBuffer();
  await client.backups.upload({ file: new File([zip], 'two.zip', { type: 'application/zip' }) });
  const listed = await client.backups.getFullList();
  assert.deepEqual(listed.map((backup) => [backup.key, backup.size]).sort(), [['one.zip', zip.byteLength], ['two.zip', zip.byteLength]]);

  await users.create(account('after'));
  await client.backups.restore('two.zip');
  assert.deepEqual((await users.getFullList()).map((user) => user.email), ['before@example.com']);
  await client.backups.delete('two.zip');
  assert.equal((await client.backups.getFullList()).length, 1);
});

test('requests are in the logs', async () => {
  await refused(guest().collections.getFullList(), 401);
  const page = await client.logs.getList(1, 1, { sort: '-@rowid', filter: 'data.status >= 400' });
  assert.equal(page.items[0].message.startsWith('GET /api/collections'), true);
  assert.equal(page.items[0].level, 8);
  assert.equal((await client.logs.getOne(page.items[0].id)).data.status, 401);
  const hours = await client.logs.getStats({ filter: 'data.status >= 400' });
  assert.ok(hours.reduce((sum, hour) => sum + hour.total, 0) >= 1);
});

test('requests over the limit are refused', async () => {
  const rule = { label: '/api/health', audience: '@guest', duration: 60, maxRequests: 1 };
  await client.settings.update({ rateLimits: { enabled: true, rules: [rule] } });
  await guest().health.check();
  await refused(guest().health.check(), 429);
  await client.health.check();
});
