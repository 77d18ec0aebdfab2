/** The watcher and the fixer as processes: killed in the middle of a burst, cut off from each other, and everything is there once. */
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openState } from '../../store/state-db.ts';
import { cli, cliProcess, repository, SHOP, scratch } from './program.ts';

const SECRET = { SELF_HEALING_RELAY_SECRET: 'a-secret-of-the-test' };
const LATER = 'version: "1.0"\nintake: { settle: 1h, settle_max: 1h }\n';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function serving(root: string, port: number, env: Record<string, string> = {}) {
  const child = cliProcess(root, ['serve', '--port', String(port)], { ...SECRET, ...env });
  const ended = once(child, 'close');
  let said = '';
  child.stderr.resume();
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said += text;
    if (said.includes('Ready: ')) break;
  }
  return { child, ended };
}

/** Occurrences by message, as the fixer has them on disk; it goes on writing meanwhile. */
function counted(root: string): Map<string, number> {
  if (!existsSync(join(root, '.self-healing', 'state.db'))) return new Map();
  const db = openState(root);
  try {
    const rows = db.all<{ error: string; count: number }>('SELECT error, count FROM incidents');
    return new Map(rows.map(({ error, count }) => [error, count]));
  } finally {
    db.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

/** Words and no numbers, which masking would make one error of all. */
const NAMES = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november'.split(' ');
const message = (n: number) => `cart ${NAMES[n % 14]} ${NAMES[Math.floor(n / 14) % 14]} is gone`;
const line = (n: number) => `2026-11-20T10:00:00.000Z ERROR ${message(n)}\n`;

function place() {
  const folder = mkdtempSync(join(scratch, 'host-'));
  mkdirSync(join(folder, 'home'));
  const log = join(folder, 'app.log');
  writeFileSync(log, '');
  return {
    folder,
    log,
    env: { ...SECRET, SELF_HEALING_HOME: join(folder, 'home') },
    spool: join(folder, 'home', 'watch', 'spool'),
  };
}

const waiting = (spool: string) =>
  existsSync(spool) ? readdirSync(spool).filter((name) => /^\d+\.json$/.test(name)) : [];

// Processes start slowly where several tests run at once.
const PATIENT = 150_000;

describe('watch', { timeout: PATIENT }, () => {
  it('relays while both are killed in the middle of a burst: every error is there once', async () => {
    const root = repository({ ...SHOP, '.self-healing/config.yaml': LATER });
    const { folder, log, env } = place();
    const port = await freePort();
    const watching = () =>
      cliProcess(folder, ['watch', '--log', 'app.log', '--relay', `http://127.0.0.1:${port}`], env);
    let fixer = await serving(root, port);
    let watcher = watching();
    const total = 150;
    for (let n = 0; n < total; n++) {
      appendFileSync(log, line(n));
      if (n === 40 || n === 90) {
        await until(() => counted(root).size > 0);
        watcher.kill('SIGKILL');
        await once(watcher, 'close');
        watcher = watching();
      }
      if (n === 60) {
        fixer.child.kill('SIGKILL');
        await fixer.ended;
        fixer = await serving(root, port);
      }
    }
    await until(() => counted(root).size >= total);
    watcher.kill('SIGTERM');
    expect(await once(watcher, 'close')).toEqual([0, null]);
    const found = counted(root);
    fixer.child.kill('SIGTERM');
    await fixer.ended;
    expect([...found.values()].filter((count) => count !== 1)).toEqual([]);
    expect([...found.keys()].sort()).toEqual(Array.from({ length: total }, (_, n) => message(n)).sort());
  });

  it('keeps what it found while the fixer is away, and goes on from there after a restart', async () => {
    const root = repository({ ...SHOP, '.self-healing/config.yaml': LATER });
    const { folder, log, env, spool } = place();
    const port = await freePort();
    const words = ['watch', '--log', 'app.log', '--relay', `http://127.0.0.1:${port}`];
    appendFileSync(log, line(0));
    const first = cliProcess(folder, words, env);
    await until(() => waiting(spool).length === 1);
    first.kill('SIGTERM');
    expect(await once(first, 'close')).toEqual([0, null]);
    expect(waiting(spool)).toHaveLength(1);

    const { child, ended } = await serving(root, port);
    appendFileSync(log, line(1));
    const second = cliProcess(folder, words, env);
    await until(() => counted(root).size === 2);
    await until(() => waiting(spool).length === 0);
    second.kill('SIGTERM');
    await once(second, 'close');
    expect(Object.fromEntries(counted(root))).toEqual({ [message(0)]: 1, [message(1)]: 1 });
    child.kill('SIGTERM');
    await ended;
  });

  it('prints events where there is no relay, and reads what is piped in', async () => {
    const { folder, env } = place();
    const { exit, stdout, stderr } = await cli(folder, ['watch', '--log', '-'], { env, input: `INFO x\n${line(3)}` });
    expect([exit, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ message: message(3), source: 'log', count: 1 });
  });

  it('says what is missing', async () => {
    const { folder, env } = place();
    const { SELF_HEALING_RELAY_SECRET: _, ...bare } = env;
    expect(await cli(folder, ['watch'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('--log') });
    expect(await cli(folder, ['watch', '--log', 'x', '--relay', 'nowhere'], { env })).toMatchObject({ exit: 2 });
    const unset = await cli(folder, ['watch', '--log', 'x', '--relay', 'http://127.0.0.1:1'], { env: bare });
    expect(unset).toMatchObject({ exit: 2, stderr: expect.stringContaining('SELF_HEALING_RELAY_SECRET') });
    writeFileSync(join(folder, 'bad.yaml'), 'version: "1.0"\nsource: {}\n');
    const bad = await cli(folder, ['watch', '--config', 'bad.yaml']);
    expect(bad).toMatchObject({ exit: 2, stderr: expect.stringContaining('bad.yaml:2:1') });
  });

  it('lets no second one into its folder', async () => {
    const { folder, log, env, spool } = place();
    const first = cliProcess(folder, ['watch', '--log', 'app.log'], env);
    await until(() => existsSync(spool));
    const second = await cli(folder, ['watch', '--log', 'app.log'], { env });
    expect(second).toMatchObject({ exit: 2, stderr: expect.stringContaining(`process ${first.pid}`) });
    first.kill('SIGTERM');
    await once(first, 'close');
    expect(readFileSync(log, 'utf8')).toBe('');
  });
});

describe('serve', { timeout: PATIENT }, () => {
  it('follows sources.logs itself, over a SIGKILL', async () => {
    const root = repository({
      ...SHOP,
      '.self-healing/config.yaml': `${LATER}sources: { logs: [{ glob: "logs/*.log", service: shop }] }\n`,
    });
    mkdirSync(join(root, 'logs'));
    const log = join(root, 'logs', 'a.log');
    const port = await freePort();
    let fixer = await serving(root, port);
    for (let n = 0; n < 60; n++) {
      appendFileSync(log, line(n));
      if (n !== 30) continue;
      await until(() => counted(root).size > 0);
      fixer.child.kill('SIGKILL');
      await fixer.ended;
      fixer = await serving(root, port);
    }
    await until(() => counted(root).size >= 60);
    fixer.child.kill('SIGTERM');
    await fixer.ended;
    const found = counted(root);
    expect(found.size).toBe(60);
    expect([...found.values()].filter((count) => count !== 1)).toEqual([]);
  });
});
