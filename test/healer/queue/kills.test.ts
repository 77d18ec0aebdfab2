/** A real `serve` that is killed at several moments: the next one goes on in the same round, and two runs are never at work. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runsOf } from '../../../store/runs.ts';
import { sqliteIncidents } from '../../../store/sqlite-incidents.ts';
import { openState } from '../../../store/state-db.ts';
import { cli, cliProcess, repository, scratch } from '../../cli/program.ts';
import { fakeClient } from '../runs/fake-client.ts';
import { ERROR, PROJECT } from '../sample-fix.ts';

const TOKEN = { GENERIC_TOKEN: 'a-token-of-the-test' };
/** Notes that it runs, and whether another one does; hangs while the file `hang` is there, else ends without a diagnosis. */
const CLIENT = `
  const fs = require('node:fs'); const path = require('node:path');
  const log = path.join(__dirname, 'pids');
  const before = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trim().split('\\n') : [];
  const alive = before.filter((pid) => {
    // One that is dead and that nobody has asked about yet still has a number.
    try { return !/\\) [ZX] /.test(fs.readFileSync('/proc/' + pid + '/stat', 'utf8')); } catch { return false; }
  });
  if (alive.length > 0) fs.writeFileSync(path.join(__dirname, 'overlap'), alive.join());
  fs.appendFileSync(log, process.pid + '\\n');
  print(INIT);
  if (fs.existsSync(path.join(__dirname, 'hang'))) return void setInterval(() => {}, 1000);
  print(RESULT);`;

let made = 0;
const children: ReturnType<typeof cliProcess>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function prepared() {
  const folder = join(scratch, `client-${++made}`);
  mkdirSync(folder);
  const command = JSON.stringify(fakeClient(folder, CLIENT));
  const config = `version: "1.0"\ntests: { command: node --test }\nintake: { settle: 50ms, min_severity: low }\nclaude: { command: ${command} }\n`;
  const root = repository({ ...PROJECT, '.self-healing/config.yaml': config });
  const serving = async (...args: string[]) => {
    const child = cliProcess(root, ['serve', '--port', '0', ...args], TOKEN);
    children.push(child);
    const said = { out: '', log: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.log += text));
    const ended = once(child, 'close').then(([exit]) => exit as number | null);
    /** When its log holds the text; throws when it ends without it. */
    const until = async (text: string) => {
      while (!said.log.includes(text)) {
        const more = await Promise.race([once(child.stderr, 'data'), ended]);
        if (typeof more === 'number' || more === null) throw new Error(`ended without ${text}: ${said.log}`);
      }
    };
    while (!said.out.includes('Listening')) await once(child.stdout, 'data');
    const url = /http:\/\/[\d.:]+/.exec(said.out)?.[0] ?? '';
    return { child, said, until, ended, url };
  };
  const send = async (url: string): Promise<string> => {
    const answer = await fetch(`${url}/intake/generic`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN.GENERIC_TOKEN}` },
      body: JSON.stringify({ message: "Cannot read properties of undefined (reading 'tenantId')", stack: ERROR }),
    });
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { incidents: string[] }).incidents[0] ?? '';
  };
  const rows = async (incident: string) => {
    const state = openState(root);
    const store = sqliteIncidents(state);
    const found = {
      record: await store.get(incident),
      steps: await store.transitions(incident),
      runs: runsOf(state, incident),
    };
    state.close();
    return found;
  };
  const hang = (on: boolean) =>
    on ? writeFileSync(join(folder, 'hang'), '') : rmSync(join(folder, 'hang'), { force: true });
  /** When a client is at work. */
  const working = async (incident: string) => {
    while ((await rows(incident)).runs.every(({ pid }) => pid === null)) await new Promise((go) => setTimeout(go, 50));
  };
  return { root, folder, serving, send, rows, hang, working };
}

it.each([
  ['as it takes the incident up', 'run_started', false],
  ['while the client works', 'run_started', true],
])('SIGKILL %s: the next serve goes on in the same round, and ends what was left', async (_when, line, atWork) => {
  const { folder, serving, send, rows, hang, working } = prepared();
  hang(true);
  const first = await serving();
  const incident = await send(first.url);
  await first.until(line);
  if (atWork) await working(incident);
  first.child.kill('SIGKILL');
  await first.ended;
  hang(false);
  const second = await serving();
  await second.until('"event":"run_ended"');
  const { record, steps, runs } = await rows(incident);
  expect(record).toMatchObject({ status: 'escalated', round: 1 });
  if (atWork) {
    expect(runs[0]).toMatchObject({ failure_mode: 'crash' });
    expect(steps.map(({ why }) => why)).toContain('taken up again after a crash');
  }
  expect(existsSync(join(folder, 'overlap'))).toBe(false);
  expect(second.said.log.match(/"event":"run_started"/g)).toHaveLength(1);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

it('SIGKILL while it drains, and a pause in between: nothing is started until the pause is over', async () => {
  const { root, folder, serving, send, rows, hang, working } = prepared();
  hang(true);
  const first = await serving();
  const incident = await send(first.url);
  await working(incident);
  first.child.kill('SIGTERM');
  await first.until('"event":"draining"');
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await cli(root, ['pause'])).exit).toBe(0);
  hang(false);
  const second = await serving();
  await second.until('"event":"standing_still"');
  expect(await (await fetch(`${second.url}/healthz`)).json()).toMatchObject({
    next: [incident],
    standing_still: { by: 'pause' },
  });
  expect(second.said.log).not.toContain('run_started');
  expect((await cli(root, ['resume'])).exit).toBe(0);
  await second.until('"event":"run_ended"');
  expect(await rows(incident)).toMatchObject({ record: { status: 'escalated', round: 1 } });
  expect(existsSync(join(folder, 'overlap'))).toBe(false);
});

it('a pause ends what runs; a dry run starts nothing and says what it would', async () => {
  const { root, folder, serving, send, rows, hang, working } = prepared();
  hang(true);
  const first = await serving();
  const incident = await send(first.url);
  await working(incident);
  await cli(root, ['pause']);
  await first.until('"event":"run_stopped"');
  expect(await rows(incident)).toMatchObject({ record: { status: 'queued', round: 1 } });
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  await cli(root, ['resume']);
  const pids = readFileSync(join(folder, 'pids'), 'utf8');
  const dry = await serving('--dry-run');
  await dry.until(`"event":"would_run","incident":"${incident}"`);
  dry.child.kill('SIGTERM');
  expect(await dry.ended).toBe(0);
  expect(readFileSync(join(folder, 'pids'), 'utf8')).toBe(pids);
});
