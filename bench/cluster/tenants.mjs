// Many registered tenants: how fast they come, how fast they are found, what they cost, and how long a start takes with them.
import { execFileSync } from 'node:child_process';
import { inParallel, seededRandom, until } from '../peer/http.mjs';
import { Client } from '../peer/http.mjs';
import { Cluster } from '../gateway/cluster.mjs';
import { Times, settle } from './stats.mjs';

const nameOf = i => `tenant-${String(i).padStart(6, '0')}`;

export async function measureTenants({ folder, tenants }) {
  const cluster = new Cluster(`${folder}-tenants`, { LC_PORT: '23500', LC_CONTROL: '2', LC_NODES: '1', LC_GATEWAYS: '1' });
  process.on('exit', () => { try { cluster.command('destroy'); } catch { /* gone already */ } });
  cluster.start();
  const rows = [];
  const processes = ['cp1', 'cp2', 'gw1', 'node1'];
  const look = () => Object.fromEntries(processes.map(name => [name, cluster.look(name).rss]));
  await settle(2);
  const before = look();

  const creating = new Times();
  let start = performance.now();
  await inParallel(tenants, 200, i => creating.of(() => cluster.operator.must('POST', '/api/cp/tenants', {
    id: nameOf(i), metadata: { plan: i % 10 === 0 ? 'pro' : 'free', region: `r${i % 7}` }, ...(i % 100 === 0 ? { domains: [`www.customer-${i}.example.com`] } : {}),
  })));
  const seconds = (performance.now() - start) / 1000;
  rows.push({ what: `${tenants} tenants registered, 200 at once`, asked: '100,000', measured: `${(tenants / seconds).toFixed(0)} a second, ${creating.text}` });

  start = performance.now();
  const gateway = new Client(cluster.internalPortOf('gw1'));
  const known = async () => Number((await gateway.send('GET', '/metrics')).text.match(/^platform_registry_tenants(?:\{[^}]*\})? (\d+)/m)?.[1] ?? 0);
  await until('the gateway knows all', async () => await known() >= tenants, 60).catch(() => {});
  rows.push({ what: 'after the last answer, until the gateway knows all', asked: '< 1 s', measured: `${((performance.now() - start) / 1000).toFixed(2)} s (${await known()})` });

  const random = seededRandom(7);
  const any = () => Math.floor(random() * tenants);
  const ask = async (count, path) => {
    const times = new Times();
    for (let i = 0; i < count; i++) await times.of(() => cluster.operator.must('GET', path(i)));
    return times.text;
  };
  const pages = Math.ceil(tenants / 50);
  rows.push({ what: 'list: first page of 50', asked: 'p99 < 200 ms', measured: await ask(100, () => '/api/cp/tenants?perPage=50') });
  rows.push({ what: 'list: any page of 50, newest first', asked: 'p99 < 200 ms', measured: await ask(100, () => `/api/cp/tenants?perPage=50&sort=-created&page=${1 + Math.floor(random() * pages)}`) });
  rows.push({ what: 'search by a part of the name', asked: 'p99 < 200 ms', measured: await ask(100, () => `/api/cp/tenants?perPage=50&search=${nameOf(any()).slice(-5)}`) });
  rows.push({ what: 'one tenant with its route', asked: 'p99 < 200 ms', measured: await ask(1000, () => `/api/cp/tenants/${nameOf(any())}`) });
  const unknown = new Client(cluster.portOf('gw1'), { 'X-Tenant-ID': 'not-there' });
  const refusing = new Times();
  for (let i = 0; i < 1000; i++) await refusing.of(() => unknown.send('GET', '/api/health'));
  rows.push({ what: 'a request for a tenant that does not exist, at the gateway', measured: refusing.text });

  await settle(10);
  const after = look();
  for (const name of processes) rows.push({ what: `memory of ${name}`, measured: `${before[name].toFixed(0)} -> ${after[name].toFixed(0)} MB, ${((after[name] - before[name]) * 1024 / tenants).toFixed(2)} kB a tenant` });
  for (const name of ['cp2', 'gw1']) {
    start = performance.now();
    cluster.command('restart', name);
    rows.push({ what: `restart of ${name}, until it is ready`, asked: '< 10 s', measured: `${((performance.now() - start) / 1000).toFixed(1)} s, then ${cluster.look(name).rss.toFixed(0)} MB` });
  }
  start = performance.now();
  cluster.command('kill', 'cp1');
  const other = new Client(cluster.portOf('cp2'), cluster.operator.headers);
  let fresh = 0;
  await until('a tenant is placed again', async () => (await new Client(cluster.portOf('gw1'), { Host: `${nameOf(fresh++)}.localhost` }).send('GET', '/api/health')).status === 200, 30);
  rows.push({ what: 'a control plane killed, until new tenants are placed', asked: '< 2 s', measured: `${((performance.now() - start) / 1000).toFixed(2)} s` });
  await other.must('GET', `/api/cp/tenants/${nameOf(any())}`);
  const size = execFileSync('du', ['-sm', `${folder}-tenants/etcd`], { encoding: 'utf8' }).split('\t')[0];
  rows.push({ what: "etcd's three data folders together", measured: `${size} MB` });
  cluster.stop();
  return rows;
}
