// The table on the terminal and the targets.
const megabytes = bytes => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** What must hold, each {target, value, limit, pass}. */
export function judge({ http, realtime, mixed, memory, cold }) {
  const targets = [];
  const add = (target, value, limit, pass) => targets.push({ target, value: Math.round(value * 1000) / 1000, limit, pass });
  for (const row of http ?? []) {
    const least = leastRatio(row);
    if (least) add(`${row.scenario} at ${row.connections}`, row.ratio, `>= ${least} x`, row.ratio >= least);
  }
  for (const { subscribers, peer, platform } of realtime ?? []) {
    const lost = platform.expected - platform.received;
    add(`realtime, ${subscribers} subscribers: events lost`, lost, '0', lost === 0);
    // With few subscribers the write is most of the time; and here it waits for object storage.
    if (subscribers >= 1000) add(`realtime, ${subscribers} subscribers: p99 ms / PocketBase's`, platform.p99 / peer.p99, '<= 0.5', platform.p99 <= peer.p99 / 2);
    add(`realtime, ${subscribers} subscribers: CPU / PocketBase's`, platform.cpu / peer.cpu, '<= 1', platform.cpu <= peer.cpu);
  }
  for (const { tenants, connections, worstP99 } of mixed ?? [])
    add(`mixed load of ${tenants} tenants at ${connections}, worst p99 ms`, worstP99, '< 200', worstP99 < 200);
  if (memory) add('memory of an idle tenant / a PocketBase process', memory.ratio, '<= 0.1', memory.ratio <= 0.1);
  if (cold) add('cold tenant of 1 MB, median ms', cold.p50, '<= 100', cold.p50 <= 100);
  return targets;
}

const added = new Set([
  'update (local)', 'update (replicated)', 'list with expand', 'file upload (4 KiB, local)', 'file upload (4 KiB, replicated)', 'file download (12 KiB)', 'batch of 50, records',
]);

function leastRatio({ scenario, connections }) {
  if (scenario === 'create (local)') return connections >= 8 ? 3 : null;
  if (scenario === 'create (replicated)') return connections >= 8 ? 1.5 : null;
  if (connections < 8) return scenario === 'auth-with-password' || added.has(scenario) ? null : 3;
  // A password costs both the same computation.
  if (scenario === 'auth-with-password') return 0.95;
  return added.has(scenario) ? 2 : 3;
}

export function print({ http, realtime, mixed, memory, cold, machine, peer, rounds, seconds, targets }) {
  console.log(`\n${machine.cpu}, ${machine.cores} cores, load before ${machine.loadBefore.toFixed(1)}; ${peer}; medians of ${rounds} alternating intervals of ${seconds} s\n`);
  if (http) {
    table([['scenario', 'conns', 'PocketBase/s', 'platform/s', 'ratio', 'p50 ms', 'p50 ms', 'p99 ms', 'p99 ms'],
      ...http.map(row => [row.scenario, row.connections, row.peer.rps.toFixed(0), row.platform.rps.toFixed(0), row.ratio.toFixed(2),
        row.peer.p50.toFixed(2), row.platform.p50.toFixed(2), row.peer.p99.toFixed(2), row.platform.p99.toFixed(2)])]);
  }
  if (realtime) {
    console.log('\nRealtime: 50 writes a second to one collection');
    table([['subscribers', 'p50 ms', 'p50 ms', 'p99 ms', 'p99 ms', 'CPU s/s', 'CPU s/s', 'lost', 'lost'],
      ...realtime.map(({ subscribers, peer, platform }) => [subscribers, peer.p50.toFixed(1), platform.p50.toFixed(1), peer.p99.toFixed(1), platform.p99.toFixed(1),
        peer.cpu.toFixed(2), platform.cpu.toFixed(2), peer.expected - peer.received, platform.expected - platform.received])]);
  }
  if (mixed) {
    console.log('\nMixed load over many tenants');
    table([['tenants', 'conns', 'platform/s', 'p50 ms', 'p99 ms', 'worst p99 ms'],
      ...mixed.map(row => [row.tenants, row.connections, row.rps.toFixed(0), row.p50.toFixed(2), row.p99.toFixed(1), row.worstP99.toFixed(1)])]);
  }
  if (memory) {
    console.log(`\nMemory: an idle tenant ${megabytes(memory.perTenant)} (${memory.tenants} tenants: ${megabytes(memory.platformBefore.rss)} -> ${megabytes(memory.platformAfter.rss)}), `
      + `a PocketBase process ${megabytes(memory.peerProcess.rss)}: ratio 1/${(1 / memory.ratio).toFixed(1)}`);
  }
  if (cold) {
    const size = cold.databaseBytes ? megabytes(cold.databaseBytes) : 'about 1 MB';
    console.log(`Cold tenant (${size}), ${cold.samples} first answers: p50 ${cold.p50.toFixed(1)} ms, p95 ${cold.p95.toFixed(1)} ms, max ${cold.max.toFixed(1)} ms`);
  }
  console.log('\nTargets');
  table(targets.map(({ target, value, limit, pass }) => [pass ? 'pass' : 'FAIL', target, value, limit]));
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => String(row[column]).length)));
  const isNumber = rows.at(-1).map(cell => !Number.isNaN(Number(cell)));
  for (const row of rows) console.log(row.map((cell, i) => isNumber[i] ? String(cell).padStart(widths[i]) : String(cell).padEnd(widths[i])).join('  '));
}
