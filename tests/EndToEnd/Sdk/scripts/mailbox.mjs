// A mail server on loopback that keeps what it gets, for the flows that go by e-mail.
import net from 'node:net';

export async function openMailbox() {
  const mails = [];
  let heard = () => {};
  const server = net.createServer(socket => {
    let buffer = '', message = null, to = '';
    const say = text => socket.write(text + '\r\n');
    const hear = line => {
      if (message !== null) {
        if (line !== '.') { message += line + '\r\n'; return; }
        mails.push({ to, html: htmlOf(message) });
        message = null;
        say('250 taken');
        heard();
        return;
      }
      const verb = line.split(/[ :]/)[0].toUpperCase();
      if (verb === 'RCPT') to = line.match(/<(.*)>/)[1];
      if (verb === 'DATA') { message = ''; say('354 go on'); } else if (verb === 'QUIT') { say('221 bye'); socket.end(); } else say('250 ok');
    };
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', data => {
      buffer += data;
      for (let end; (end = buffer.indexOf('\r\n')) >= 0; buffer = buffer.slice(end + 2)) hear(buffer.slice(0, end));
    });
    say('220 test');
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    close: () => server.close(),
    /** The next mail to that address, within ten seconds. */
    async next(to) {
      const late = Date.now() + 10_000;
      while (true) {
        const index = mails.findIndex(mail => mail.to === to);
        if (index >= 0) return mails.splice(index, 1)[0];
        const left = late - Date.now();
        if (left <= 0) throw new Error(`no mail to ${to}`);
        await new Promise(done => { heard = done; setTimeout(done, left); });
      }
    },
  };
}

/** The token of a link in a mail. */
export const tokenOf = (mail, action) => mail.html.match(new RegExp(`/${action}/([\\w.-]+)`))[1];

function htmlOf(message) {
  const part = message.match(/Content-Type: text\/html[^]*?\r\n\r\n([^]*?)\r\n--/);
  return Buffer.from(part[1], 'base64').toString();
}
