// Many active tenants on one node, asked through the gateway.
import { Client, inParallel } from '../peer/http.mjs';
import { Cluster } from '../gateway/cluster.mjs';
import { Times, settle } from './stats.mjs';

export async function measureActive({ folder, active, seconds }) {
  const cluster = new Cluster(`${folder}-active`, {
    LC_PORT: '23400', LC_CONTROL: '1', LC_NODES: '1', LC_GATEWAYS: '1',
    LC_SET: `platform.tenant-node.max-active=${active + 100} platform.tenant-node.memory-budget=4GiB platform.tenant-node.idle-after=1h`,
  });
  process.on('exit', () => { try { cluster.command('destroy'); } catch { /* gone already */ } });
  cluster.start();
  await inParallel(active, 32, i => cluster.operator.must('POST', '/api/cp/tenants', { id: `a-${i}` }));
  const before = { node: cluster.look('node1'), gateway: cluster.look('gw1') };
  const port = cluster.portOf('gw1');
  const clients = Array.from({ length: active }, (_, i) => new Client(port, { Host: `a-${i}.localhost` }));
  // One agent for all: connections are the gateway's, not the tenants'.
  for (const client of clients) client.agent = clients[0].agent;

  const first = new Times();
  const start = performance.now();
  await inParallel(active, 32, i => first.of(() => clients[i].must('GET', '/api/health')));
  const opened = (performance.now() - start) / 1000;
  await settle(2);
  const open = { node: cluster.look('node1'), gateway: cluster.look('gw1') };

  const again = new Times();
  const from = performance.now();
  while (performance.now() - from < seconds * 1000)
    await inParallel(active, 32, i => again.of(() => clients[i].must('GET', '/api/collections/users/auth-methods')));
  const elapsed = (performance.now() - from) / 1000;
  const status = (await cluster.operator.must('GET', '/api/cp/nodes')).items?.find(node => node.id === 'node1') ?? {};
  const after = { node: cluster.look('node1'), gateway: cluster.look('gw1') };
  clients[0].close();
  cluster.stop();
  return [
    { what: 'active tenants on one node', asked: '200, goal 2,000', measured: `${status.load?.tenantsActive ?? status.tenantsActive ?? active}` },
    { what: 'first request of each through the gateway: placed, opened', measured: `${first.text}, ${(active / opened).toFixed(0)} a second` },
    { what: `requests to all of them in turn, 32 at once, ${elapsed.toFixed(0)} s`, asked: 'p99 < 200 ms', measured: `${again.text}, ${(again.count / elapsed).toFixed(0)} a second` },
    { what: "the node's memory", measured: `${before.node.rss.toFixed(0)} -> ${open.node.rss.toFixed(0)} -> ${after.node.rss.toFixed(0)} MB` },
    { what: "the gateway's memory", measured: `${before.gateway.rss.toFixed(0)} -> ${after.gateway.rss.toFixed(0)} MB` },
  ];
}
