// Both servers behind one face: start, a collection, a client for it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { Client, until } from './http.mjs';
import { Server } from './process.mjs';

const email = 'bench@example.com';
const password = 'bench-password-1';
const passwordCost = 12;

function freePort() {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// What both know, in the words of each: text, number (indexed), number (not indexed), bool, created, updated.
const rules = { listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '' };
const index = name => [`CREATE INDEX idx_${name}_n ON ${name} (n)`];

export class PocketBase {
  constructor(folder) { this.folder = folder; this.program = process.env.BENCH_POCKETBASE; }

  async init() {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    this.port = await freePort();
    const dirs = ['--dir', join(this.folder, 'pb_data'), '--dev=false'];
    execFileSync(this.program, ['migrate', 'up', ...dirs], { stdio: 'ignore' });
    execFileSync(this.program, ['admin', 'create', email, password, ...dirs], { stdio: 'ignore' });
    await this.start();
  }

  async start() {
    this.server = new Server(this.program, ['serve', '--http', `127.0.0.1:${this.port}`, '--dir', join(this.folder, 'pb_data'), '--dev=false'], { cwd: this.folder });
    this.client = new Client(this.port);
    await until('PocketBase answers', async () => (await this.client.send('GET', '/api/health')).status === 200);
    const { token } = await this.client.must('POST', '/api/admins/auth-with-password', { identity: email, password });
    this.admin = new Client(this.port, { Authorization: token });
  }

  createCollection(name) {
    return this.admin.must('POST', '/api/collections', {
      name, type: 'base', ...rules, indexes: index(name),
      schema: [
        { name: 'title', type: 'text', options: {} }, { name: 'n', type: 'number', options: {} },
        { name: 'm', type: 'number', options: {} }, { name: 'active', type: 'bool', options: {} },
      ],
    });
  }

  superuser() { return this.admin; }

  async createLinks(admin) {
    const { id } = await admin.must('GET', '/api/collections/items');
    await admin.must('POST', '/api/collections', {
      name: 'links', type: 'base', ...rules, schema: [{ name: 'item', type: 'relation', options: { collectionId: id, maxSelect: 1, cascadeDelete: false } }],
    });
  }

  createFiles(admin) {
    return admin.must('POST', '/api/collections', {
      name: 'files', type: 'base', ...rules,
      schema: [{ name: 'title', type: 'text', options: {} }, { name: 'document', type: 'file', options: { maxSelect: 1, maxSize: 5242880 } }],
    });
  }

  async prepareUsers() { /* The users of a new server are ready. */ }

  async stop() { this.client.close(); this.admin.close(); await this.server.stop(); }
}

export class Platform {
  constructor(folder, settings = {}) {
    this.folder = folder;
    this.program = process.env.BENCH_PLATFORM;
    this.settings = settings;
    this.port = 0;
  }

  async init() {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    await this.start();
  }

  async start() {
    const sets = Object.entries({ 'data-dir': this.folder, 'http.listen': `127.0.0.1:${this.port}`, ...this.settings })
      .flatMap(([key, value]) => ['--set', `platform.${key}=${value}`]);
    this.server = new Server(this.program, ['serve', ...sets], { cwd: this.folder });
    this.port = Number((await this.server.line(/http:\/\/\{tenant\}\.localhost:(\d+)/))[1]);
    this.operator = new Client(this.port, { Authorization: `Bearer ${readFileSync(join(this.folder, 'admin-token'), 'utf8').trim()}` });
    await until('the platform is ready', async () => (await this.operator.send('GET', '/ready')).status === 200);
  }

  async stop() { this.operator.close(); return this.server.stop(); }

  deleteCache() { rmSync(join(this.folder, 'cache'), { recursive: true, force: true }); }

  async createTenant(id, durability) {
    await this.operator.must('POST', '/api/cp/tenants', { id, durability, superuser: { email, password } });
    return this.tenant(id);
  }

  tenant(id) { return new Tenant(this, id); }
}

export class Tenant {
  constructor(platform, id) {
    this.id = id;
    this.platform = platform;
    this.host = `${id}.localhost`;
    this.client = new Client(platform.port, { Host: this.host });
  }

  get port() { return this.platform.port; }

  async superuser() {
    const { token } = await this.client.must('POST', '/api/collections/_superusers/auth-with-password', { identity: email, password });
    return new Client(this.port, { Host: this.host, Authorization: token });
  }

  async createLinks(admin) {
    const { id } = await admin.must('GET', '/api/collections/items');
    await admin.must('POST', '/api/collections', { name: 'links', type: 'base', ...rules, fields: [{ name: 'item', type: 'relation', collectionId: id, maxSelect: 1 }] });
  }

  createFiles(admin) {
    return admin.must('POST', '/api/collections', {
      name: 'files', type: 'base', ...rules, fields: [{ name: 'title', type: 'text' }, { name: 'document', type: 'file', maxSelect: 1, maxSize: 5242880 }],
    });
  }

  /** PocketBase 0.22 hashes passwords with cost 12, so here it is 12 too; and mails about new places are no part of it. */
  async prepareUsers(admin) {
    const { fields } = await admin.must('GET', '/api/collections/users');
    for (const field of fields) if (field.name === 'password') field.cost = passwordCost;
    await admin.must('PATCH', '/api/collections/users', { fields, authAlert: { enabled: false } });
  }

  enableBatches(admin) { return admin.must('PATCH', '/api/settings', { batch: { enabled: true, maxRequests: 50, timeout: 10 } }); }

  async createCollection(name) {
    const admin = await this.superuser();
    await admin.must('POST', '/api/collections', {
      name, type: 'base', ...rules, indexes: index(name),
      fields: [
        { name: 'title', type: 'text' }, { name: 'n', type: 'number' },
        { name: 'm', type: 'number' }, { name: 'active', type: 'bool' },
        { name: 'created', type: 'autodate', onCreate: true }, { name: 'updated', type: 'autodate', onCreate: true, onUpdate: true },
      ],
    });
    admin.close();
  }

  close() { this.client.close(); }
}
