/**
 * Runs the service as production does, sends it the requests of a working day, and leaves its log in the given file
 * (logs/orders.log by default). Prints the file's path.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const logFile = resolve(process.argv[2] ?? join(import.meta.dirname, 'logs', 'orders.log'));
mkdirSync(dirname(logFile), { recursive: true });
rmSync(logFile, { force: true });
writeFileSync(logFile, '');

const service = spawn(process.execPath, [join(import.meta.dirname, 'src', 'server.js')], {
  env: { PATH: process.env.PATH, PORT: '0', LOG_FILE: logFile },
  stdio: ['ignore', 'inherit', 'inherit'],
});
try {
  const url = await listening();
  const order = { lines: [{ sku: 'tea-green', quantity: 2 }] };
  await send('POST', '/orders', 'acme-anna', order);
  await send('GET', '/orders', 'acme-anna');
  for (let time = 0; time < 3; time++) await send('GET', '/orders', 'acme-old');
  await send('GET', '/orders', 'north-nils');

  async function send(method, path, session, body) {
    const headers = { authorization: `Bearer ${session}` };
    const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    await response.text();
  }
} finally {
  service.kill('SIGTERM');
  setTimeout(() => service.kill('SIGKILL'), 5_000).unref();
}
console.log(logFile);

async function listening() {
  for (let time = 0; time < 200; time++) {
    const url = /listening on (\S+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
    if (url !== undefined) return url;
    if (service.exitCode !== null) throw new Error(`the service ended with ${service.exitCode}`);
    await wait(50);
  }
  throw new Error('the service did not start within 10 s');
}
