// Runs in the browser, beside the SDK's bundle; browser.test.mjs serves it and gets the results.
(async () => {
  const { url, email, password } = window.tenant;
  const client = new PocketBase(url).autoCancellation(false);
  const results = [];
  const expect = (condition, what) => { if (!condition) throw new Error(what); };
  const check = async (name, run) => {
    try {
      await run();
      results.push({ name, error: null });
    } catch (error) {
      results.push({ name, error: `${error?.message ?? error} ${JSON.stringify(error?.response ?? null)}` });
    }
  };

  await check('signs in', async () => {
    const answer = await client.collection('_superusers').authWithPassword(email, password);
    expect(answer.record.email === email && client.authStore.isSuperuser, 'signed in');
  });

  await check('creates, reads, lists, changes and deletes', async () => {
    const notes = client.collection('notes');
    const note = await notes.create({ text: 'one' });
    expect((await notes.getOne(note.id)).text === 'one', 'read');
    expect((await notes.getFirstListItem(client.filter('text = {:text}', { text: 'one' }))).id === note.id, 'found');
    expect((await notes.update(note.id, { text: 'two' })).text === 'two', 'changed');
    expect((await notes.getFullList()).length === 1, 'listed');
    expect(await notes.delete(note.id), 'deleted');
    expect((await notes.getList(1, 10)).totalItems === 0, 'gone');
  });

  await check('preflights let headers and methods through', async () => {
    // Neither the method nor the header is a simple one: the browser asks first.
    const answer = await fetch(`${url}api/collections/notes`, {
      method: 'PATCH', body: '{}', headers: { 'Content-Type': 'application/json', Authorization: client.authStore.token, 'X-Custom': 'yes' },
    });
    expect(answer.status === 200 && (await answer.json()).name === 'notes', `answered ${answer.status}`);
  });

  await check('errors can be read', async () => {
    try {
      await client.collection('notes').create({ text: 'x'.repeat(21) });
    } catch (error) {
      expect(error.status === 400 && error.response.data.text.code === 'validation_max_text_constraint', JSON.stringify(error.response));
      return;
    }
    throw new Error('not refused');
  });

  await check('hears of changes over EventSource', async () => {
    const events = [];
    const leave = await client.collection('notes').subscribe('*', event => events.push(`${event.action} ${event.record.text}`));
    // Messages show the record as it is when they are written, so each is waited for before the next change.
    const heard = async text => {
      for (let round = 0; !events.includes(text) && round < 300; round++) await new Promise(done => setTimeout(done, 50));
      expect(events.includes(text), `${text} not in ${events}`);
    };
    const note = await client.collection('notes').create({ text: 'a' });
    await heard('create a');
    await client.collection('notes').update(note.id, { text: 'b' });
    await heard('update b');
    await client.collection('notes').delete(note.id);
    await heard('delete b');
    await leave();
    expect(!client.realtime.isConnected, 'left');
  });

  let uploaded;
  await check('uploads files with FormData', async () => {
    const form = new FormData();
    form.append('text', 'with files');
    form.append('files', new File(['hello'], 'hello.txt', { type: 'text/plain' }));
    form.append('files', new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"/>'], { type: 'image/svg+xml' }), 'picture.svg');
    uploaded = await client.collection('notes').create(form);
    expect(uploaded.files.length === 2 && /^hello_\w{10}\.txt$/.test(uploaded.files[0]), JSON.stringify(uploaded));
    const text = await (await fetch(client.files.getURL(uploaded, uploaded.files[0]))).text();
    expect(text === 'hello', text);
    uploaded = await client.collection('notes').update(uploaded.id, { 'files-': uploaded.files[0] });
    expect(uploaded.files.length === 1, JSON.stringify(uploaded.files));
  });

  await check('shows a file', () => new Promise((done, fail) => {
    const picture = new Image();
    picture.onload = () => (picture.naturalWidth === 7 ? done() : fail(new Error(`${picture.naturalWidth} wide`)));
    picture.onerror = () => fail(new Error('not shown'));
    picture.src = client.files.getURL(uploaded, uploaded.files[0]);
  }));

  await check('keeps the session for the next visit', async () => {
    const next = new PocketBase(url);
    expect(next.authStore.isValid && next.authStore.record.email === email, 'kept');
    await next.collection('_superusers').authRefresh();
    next.authStore.clear();
    expect(localStorage.getItem('pocketbase_auth') === null, 'cleared');
  });

  await fetch('/results', { method: 'POST', body: JSON.stringify(results) });
})();
