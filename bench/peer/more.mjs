// What the further scenarios need in a server: users, relations, files, batches.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inParallel } from './http.mjs';

export const users = 50;
export const links = 3000;

/** Sets it up after the rows are loaded, and keeps what scripts read in files of the folder. */
export async function loadMore(target, itemIds, options) {
  const admin = await target.superuser();
  await target.createLinks(admin);
  await target.createFiles(admin);
  await inParallel(links, 32, i => admin.must('POST', '/api/collections/links/records', { item: itemIds[i * 7 % itemIds.length] }));
  await target.prepareUsers(admin);
  await inParallel(users, 2, i => {
    const password = `password of user ${i}`;
    return admin.must('POST', '/api/collections/users/records', { email: `user${i}@example.com`, password, passwordConfirm: password });
  });
  const paths = [];
  await inParallel(200, 8, async i => {
    const form = new FormData();
    form.append('document', new File([`file ${i} `.repeat(1600)], 'text.txt', { type: 'text/plain' }));
    const record = await admin.form('/api/collections/files/records', form);
    paths[i] = `/api/files/files/${record.id}/${record.document}`;
  });
  target.pathFile = join(options.folder, `${target.id ?? 'pocketbase'}.paths`);
  writeFileSync(target.pathFile, `${paths.join('\n')}\n`);
  await target.enableBatches?.(admin);
  admin.close();
}
