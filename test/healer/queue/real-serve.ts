/** A real `serve` as a process of its own, in a repository where a stand-in for the client does what a test wants. */
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { runsOf } from '../../../store/runs.ts';
import { sqliteIncidents } from '../../../store/sqlite-incidents.ts';
import { openState } from '../../../store/state-db.ts';
import { cliProcess, repository, scratch } from '../../cli/program.ts';
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

export function prepared() {
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
