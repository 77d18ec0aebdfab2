/**
 * Builds the service and runs it as production does, sends it the requests of a working day, and leaves its log in the given file
 * (logs/shop.log by default). Prints the file's path.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const logFile = resolve(process.argv[2] ?? join(import.meta.dirname, 'logs', 'shop.log'));
/** What `npm run build` does. */
const BUILD = ['src/server.ts', '--bundle', '--platform=node', '--format=esm', '--sourcemap', '--outfile=dist/server.js', '--log-level=warning'];
const api = join(import.meta.dirname, 'packages', 'api');
const bin = (name) => join(import.meta.dirname, 'node_modules', '.bin', name);

mkdirSync(dirname(logFile), { recursive: true });
rmSync(logFile, { force: true });
writeFileSync(logFile, '');

execFileSync(bin('esbuild'), BUILD, { cwd: api, stdio: ['ignore', 'ignore', 'inherit'] });
const service = spawn(process.execPath, ['--enable-source-maps', join(api, 'dist', 'server.js')], {
  env: { PATH: process.env.PATH, PORT: '0', LOG_FILE: logFile },
  stdio: ['ignore', 'inherit', 'inherit'],
});
try {
  const url = await listening();
  for (const path of ['/carts/k-1/total', '/carts/k-2/lines', '/carts/k-9/total']) await get(path);
  for (let time = 0; time < 3; time++) await get('/carts/k-3/total');
  await get('/carts/k-2/total');

  async function get(path) {
    const response = await fetch(url + path);
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
