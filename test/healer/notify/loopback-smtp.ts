/** A mail server on the loopback interface, for the real client: it keeps what it takes, and can refuse or be slow. */
import { createServer, type Socket } from 'node:net';
import { afterAll } from 'vitest';

export interface LoopbackSmtp {
  env: { SMTP_URL: string };
  mails: { from: string; to: string[]; data: string; login: string | undefined }[];
  /** Answered in place of the true answer, by the first word of the command; each once. */
  failures: { command: string; answer: string }[];
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

export async function loopbackSmtp(): Promise<LoopbackSmtp> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  closing.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  const smtp: LoopbackSmtp = {
    env: { SMTP_URL: `smtp://robot:pass%2Fword1@127.0.0.1:${port}` },
    mails: [],
    failures: [],
  };

  function talk(socket: Socket): void {
    let buffer = '';
    let data: string[] | undefined;
    let mail = { from: '', to: [] as string[], data: '', login: undefined as string | undefined };
    const say = (line: string) => void socket.write(`${line}\r\n`);
    say('220 loopback');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      buffer += chunk;
      for (let end = buffer.indexOf('\r\n'); end !== -1; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data) take(line);
        else obey(line);
      }
    });
    function take(line: string): void {
      if (line !== '.') return void data?.push(line.replace(/^\./, ''));
      mail.data = (data ?? []).join('\n');
      data = undefined;
      smtp.mails.push(mail);
      mail = { ...mail, from: '', to: [], data: '' };
      say('250 taken');
    }
    function obey(line: string): unknown {
      const command = (line.split(/[ :]/)[0] ?? '').toUpperCase();
      const at = smtp.failures.findIndex((one) => one.command === command);
      if (at !== -1) return say(smtp.failures.splice(at, 1)[0]?.answer ?? '');
      switch (command) {
        case 'EHLO':
          return say('250-loopback\r\n250 AUTH PLAIN');
        case 'AUTH':
          mail.login = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString();
          return say('235 welcome');
        case 'MAIL':
          mail.from = /<(.*)>/.exec(line)?.[1] ?? '';
          return say('250 ok');
        case 'RCPT':
          mail.to.push(/<(.*)>/.exec(line)?.[1] ?? '');
          return say('250 ok');
        case 'DATA':
          data = [];
          return say('354 go on');
        case 'QUIT':
          say('221 bye');
          return void socket.end();
        default:
          return say('500 unknown');
      }
    }
  }
  return smtp;
}
