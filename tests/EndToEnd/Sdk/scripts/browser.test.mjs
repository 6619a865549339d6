// The SDK in a browser: headless Chromium loads a page of another origin, which runs its checks and posts what came out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { email, password, superuser, url } from './tenant.mjs';

const sdk = createRequire(import.meta.url).resolve('pocketbase').replace(/[^/]*$/, 'pocketbase.umd.js');
const pageScript = new URL('./browser-page.js', import.meta.url);
const profile = mkdtempSync(path.join(tmpdir(), 'sdk-browser-'));
let server, browser, results;

before(async () => {
  const root = await superuser();
  const open = { listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '' };
  await root.collections.create({
    name: 'notes', type: 'base', ...open, fields: [{ type: 'text', name: 'text', max: 20 }, { type: 'file', name: 'files', maxSelect: 3 }],
  });
  let finish;
  const finished = new Promise(done => { finish = done; });
  server = http.createServer((request, response) => {
    if (request.method === 'POST') {
      let body = '';
      request.on('data', data => { body += data; }).on('end', () => { response.end(); finish(JSON.parse(body)); });
      return;
    }
    const [type, content] = {
      '/sdk.js': () => ['text/javascript', readFileSync(sdk)],
      '/page.js': () => ['text/javascript', readFileSync(pageScript)],
    }[request.url]?.() ?? ['text/html', `<!doctype html><meta charset="utf-8"><title>SDK</title>
      <script>window.tenant = ${JSON.stringify({ url, email, password })}</script>
      <script src="/sdk.js"></script><script src="/page.js"></script>`];
    response.setHeader('Content-Type', type);
    response.end(content);
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', `--user-data-dir=${profile}`];
  browser = spawn('chromium', [...flags, `http://127.0.0.1:${server.address().port}/`], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let said = '';
  browser.stderr.on('data', data => { said += data; });
  const failed = new Promise((_, fail) => {
    browser.on('error', fail);
    browser.on('exit', code => fail(new Error(`chromium ended with ${code}: ${said}`)));
    setTimeout(() => fail(new Error(`the page did not finish: ${said}`)), 90_000).unref();
  });
  results = await Promise.race([finished, failed]);
});

after(async () => {
  if (browser && browser.exitCode === null) {
    browser.removeAllListeners('exit');
    const ended = new Promise(done => browser.on('exit', done));
    // All of its group: a renderer that outlives it writes into the profile.
    process.kill(-browser.pid, 'SIGKILL');
    await ended;
  }
  server?.close();
  server?.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });
});

for (const name of [
  'signs in', 'creates, reads, lists, changes and deletes', 'preflights let headers and methods through', 'errors can be read',
  'hears of changes over EventSource', 'uploads files with FormData', 'shows a file', 'keeps the session for the next visit',
])
  test(`in a browser the SDK ${name}`, () => {
    const result = results.find(found => found.name === name);
    assert.ok(result, `not run: ${JSON.stringify(results)}`);
    assert.equal(result.error, null);
  });
