/**
 * What `serve` costs while nothing happens: its resident memory, and the processor time it takes in 30 s, with nothing in
 * its queue and with 10,000 incidents that wait because it is paused. The built program (`npm run build`), Linux only.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqliteIncidents } from '../store/sqlite-incidents.ts';
import { openState } from '../store/state-db.ts';

const ALLOWED_MB = 120;
const ALLOWED_CPU = 0.02;
const SETTLED_MS = 5_000;
const MEASURED_MS = 30_000;
const QUEUED = 10_000;
const TICKS_PER_SECOND = 100;
const PROGRAM = join(import.meta.dirname, '..', 'dist', 'cli.cjs');

const folder = mkdtempSync(join(tmpdir(), 'bench-idle-'));

function repository(name: string): string {
  const root = join(folder, name);
  mkdirSync(join(root, '.self-healing'), { recursive: true });
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, stdio: 'ignore' });
  writeFileSync(join(root, 'shop.js'), 'export const price = 1;\n');
  git('init', '--quiet', '-b', 'main');
  git('add', '--all');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '-m', 'first');
  return root;
}

async function fill(root: string): Promise<void> {
  const db = openState(root);
  const store = sqliteIncidents(db);
  for (let from = 0; from < QUEUED; from += 500) {
    const events = Array.from({ length: 500 }, (_, at) => {
      const seen = '2026-11-20T10:00:00.000Z';
      return {
        ...{ id: `e${from + at}`, fingerprint: (from + at).toString(16).padStart(16, '0'), source: 'log' },
        ...{ severity: 'high', type: 'TypeError', message: 'x is not a function', file: 'shop.js', count: 1 },
        ...{ first_seen: seen, last_seen: seen, received_at: seen },
      };
    });
    await store.deliver({ source: 'log', id: undefined, events });
    for (const to of ['detected', 'queued'] as const)
      await store.transitionAll(
        events.map(({ fingerprint }) => ({ incident: `INC-${fingerprint}`, to, who: 'intake', why: '' })),
      );
  }
  db.close();
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function measure(name: string, root: string): Promise<void> {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home, SELF_HEALING_HOME: home };
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('it ended'))),
    ]);
    const pid = child.pid ?? 0;
    await sleep(SETTLED_MS);
    const before = cpuSeconds(pid);
    const started = performance.now();
    await sleep(MEASURED_MS);
    const cpu = (cpuSeconds(pid) - before) / ((performance.now() - started) / 1000);
    const mb = residentMb(pid);
    console.log(
      `${name}: ${mb.toFixed(0)} MB resident (allowed ${ALLOWED_MB}), ${(cpu * 100).toFixed(2)} % of a processor (allowed ${ALLOWED_CPU * 100} %)`,
    );
    if (!(mb <= ALLOWED_MB && cpu <= ALLOWED_CPU)) process.exitCode = 1;
  } finally {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGTERM');
    await ended;
  }
}

try {
  await measure('serve with nothing to do', repository('empty'));
  const full = repository('full');
  await fill(full);
  writeFileSync(join(full, '.self-healing', 'PAUSE'), '');
  await measure(`serve paused, ${QUEUED.toLocaleString('en')} queued`, full);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
