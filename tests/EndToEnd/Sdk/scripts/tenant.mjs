// What the scripts share: clients of the tenant under test, named by the environment, and what they expect of errors.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { EventSource } from 'eventsource';
import PocketBase, { ClientResponseError } from 'pocketbase';

// {tenant}.localhost is the loopback (RFC 6761), but not every system's resolver knows.
const lookup = dns.lookup;
dns.lookup = (host, options, callback) => lookup(host.endsWith('.localhost') ? '127.0.0.1' : host, options, callback);

// What browsers have and Node does not.
globalThis.EventSource = EventSource;

export const url = process.env.TENANT_URL;
export const email = process.env.TENANT_EMAIL;
export const password = process.env.TENANT_PASSWORD;

export const guest = () => new PocketBase(url).autoCancellation(false);

export async function superuser() {
  const client = guest();
  await client.collection('_superusers').authWithPassword(email, password);
  return client;
}

/** Awaits a refusal and checks its shape: status, message, and for each field named a code (or any code). */
export async function refused(promise, status, fields = {}) {
  let error;
  try { await promise; } catch (caught) { error = caught; }
  assert.ok(error instanceof ClientResponseError, `refused with ${status}, not ${error ?? 'done'}`);
  assert.equal(error.status, status, JSON.stringify(error.response));
  assert.equal(error.response.status, status);
  assert.equal(typeof error.response.message, 'string');
  assert.ok(error.response.message.length > 0);
  assert.doesNotMatch(JSON.stringify(error.response), /\bat [A-Z]\w+\.|SELECT |Exception|\.cs:/, 'no stack trace and no SQL');
  for (const [field, code] of Object.entries(fields)) {
    assert.ok(error.response.data[field], `${field} in ${JSON.stringify(error.response)}`);
    // What is wrong inside a list is said by its index.
    const reason = error.response.data[field].message ? error.response.data[field] : Object.values(error.response.data[field])[0];
    assert.equal(typeof reason?.message, 'string', JSON.stringify(error.response));
    if (code) assert.equal(reason.code, code, JSON.stringify(error.response));
  }
  return error.response;
}
