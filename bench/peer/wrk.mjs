// One measured interval of one server by wrk.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resolves to {rps, p50, p99} (milliseconds); any answer other than 2xx is an error. */
export async function measure({ script, args, port, host, connections, seconds, headers = {} }) {
  const { stdout } = await run('wrk', [
    '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '10s', '-s', new URL(script, import.meta.url).pathname,
    ...(host ? ['-H', `Host: ${host}`] : []), ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), `http://127.0.0.1:${port}`, '--', ...args.map(String),
  ], { maxBuffer: 1 << 24 });
  const result = JSON.parse(stdout.slice(stdout.lastIndexOf('RESULT ') + 7));
  if (result.errors > 0) throw new Error(`${script} on port ${port}: ${result.errors} failed answers of ${result.requests}`);
  return { rps: result.requests / result.seconds, p50: result.p50 / 1000, p99: result.p99 / 1000 };
}
