// A signed-in client of the tenant, from the command line that both programs share.
import dns from 'node:dns';
import { parseArgs } from 'node:util';
import PocketBase from 'pocketbase';

// cities.localhost is this machine (RFC 6761), but not every system's resolver knows, and Node asks the resolver.
const lookup = dns.lookup;
dns.lookup = (host, options, callback) => lookup(host.endsWith('.localhost') ? 'localhost' : host, options, callback);

export const { values: options } = parseArgs({ options: {
  url: { type: 'string', default: 'http://cities.localhost:8090' },
  email: { type: 'string', default: process.env.CITIES_EMAIL ?? 'admin@example.com' },
  password: { type: 'string', default: process.env.CITIES_PASSWORD ?? 'a-long-password' },
  limit: { type: 'string', default: 'all' },
  connections: { type: 'string', default: '32' },
} });

export async function signIn() {
  const tenant = client();
  try {
    await tenant.collection('_superusers').authWithPassword(options.email, options.password);
  } catch (error) {
    throw new Error(`cannot sign in at ${options.url} as ${options.email}: ${explain(error)}`);
  }

  return tenant;
}

/** A client of anyone: the rules of the collections let everyone read. */
export function client() {
  const tenant = new PocketBase(options.url);
  // The SDK would cancel a request when a like one follows, which suits search boxes, not programs.
  return tenant.autoCancellation(false);
}

/** Runs a program; what goes wrong is said in one line. */
export async function run(program) {
  try {
    await program();
  } catch (error) {
    console.error(`Stopped: ${explain(error)}`);
    process.exitCode = 1;
  }
}

export function explain(error) {
  if (error.status === 0) return error.originalError?.cause?.message || error.originalError?.message || 'no answer';
  const fields = Object.entries(error.response?.data ?? {}).map(([field, { message }]) => `${field}: ${message}`);
  return [error.message, ...fields].join(' ');
}
