// The same rows for everyone, from a seed.
import { inParallel, seededRandom } from './http.mjs';

/** Loads them through the public API, as users would; resolves to their ids. */
export async function loadRows(target, collection, count, { seed = 1, titleLength = 24 } = {}) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, (_, i) => ({
    title: `title ${i} ${words(random, titleLength)}`,
    n: Math.floor(random() * count),
    m: Math.floor(random() * count),
    active: random() < 0.5,
  }));
  const ids = new Array(count);
  await inParallel(count, 64, async i => {
    ids[i] = (await target.client.must('POST', `/api/collections/${collection}/records`, rows[i])).id;
  });
  return ids;
}

function words(random, length) {
  let text = '';
  while (text.length < length) text += Math.floor(random() * 0x7fffffff).toString(36) + ' ';
  return text.slice(0, length);
}
