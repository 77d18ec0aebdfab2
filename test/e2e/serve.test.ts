/** Left alone: an error comes in over HTTP, and ends as a proven fix that waits for a person, by the real client. */
import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix } from '../../cli/demo/play.ts';
import type { Script } from '../../cli/demo/scripted-model.ts';
import { expectUntouched } from './healed.ts';
import { UNVERIFIED } from './plays/acts.ts';
import { type RunningProduct, type Stage, setStage } from './stage.ts';

const TOKEN = 'a-token-of-the-test';
const SOON = 'intake: { settle: 100ms, min_severity: low }';

let stage: Stage;
afterEach(() => stage.remove());

/** A `serve` that listens; `until` resolves when it has written the text. */
async function serving(script: Script, ...args: string[]) {
  let said = '';
  let look = () => {};
  const until = (text: string) =>
    new Promise<string>((resolve) => {
      look = () => {
        if (said.includes(text)) resolve(said);
      };
      look();
    });
  const running = await stage.start(['serve', '--port', '0', ...args], script, {
    env: { GENERIC_TOKEN: TOKEN },
    onOutput: (text) => {
      said += text;
      look();
    },
  });
  const url = /http:\/\/[\d.:]+/.exec(await until('Ready: '))?.[0] ?? '';
  return { ...running, until, url, said: () => said };
}

async function send(url: string): Promise<string> {
  const log = await readFile(stage.logFile, 'utf8');
  const from = log.indexOf('TypeError:');
  const stack = log.slice(from, from + 1500);
  const [, message = ''] = /^TypeError: (.*)$/m.exec(stack) ?? [];
  const answer = await fetch(`${url}/intake/generic`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ type: 'TypeError', message, stack, service: 'orders' }),
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { incidents: string[] }).incidents[0] ?? '';
}

const shown = async (incident: string) => JSON.parse((await stage.run(['show', incident, '--json'])).stdout);

it('heals what was posted to it, once, and leaves publishing to a person', async () => {
  stage = await setStage('node-orders', { origin: true, config: SOON });
  const serve = await serving(honestFix(ORDERS_PART, UNVERIFIED));
  const incident = await send(serve.url);
  const said = await serve.until('"event":"run_ended"');
  expect(said).toContain(`"event":"run_ended","incident":"${incident}","status":"awaiting_publish"`);
  expect(said).toContain('"verdict":"pass"');
  // The same error once more is the same incident: nothing is started for it.
  expect(await send(serve.url)).toBe(incident);
  serve.kill('SIGTERM');
  const ended = await serve.done;
  expect(ended.exit, ended.stderr).toBe(0);
  expect(ended.stderr.match(/"event":"run_started"/g)).toHaveLength(1);
  expect(await shown(incident)).toMatchObject({ status: 'awaiting_publish', round: 1, count: 2 });
  const branch = `hotfix/auto-${incident.slice(4)}`;
  expect(await stage.git(['branch', '--list', branch], stage.origin)).toBe('');
  expect(await stage.processes()).toEqual([]);

  const approved = await stage.person(['approve', incident]);
  expect(approved.exit, approved.text).toBe(0);
  expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
  await expectUntouched(stage);
});

it('goes on after a SIGKILL in the middle of the fix, and publishes once where policy lets it', async () => {
  stage = await setStage('node-orders', { origin: true, config: `${SOON}\napproval: { publish: auto }` });
  let first: RunningProduct | undefined;
  const honest = honestFix(ORDERS_PART, UNVERIFIED);
  const serve = await serving((turn: Turn) => {
    if (turn.agent === 'self-healing' && turn.step === 3) first?.kill('SIGKILL');
    return honest(turn);
  });
  first = serve;
  const incident = await send(serve.url);
  expect((await serve.done).signal).toBe('SIGKILL');
  const second = await serving(honest);
  const said = await second.until('"event":"run_ended"');
  expect(said).toContain(`"event":"resumed","incident":"${incident}"`);
  second.kill('SIGTERM');
  const ended = await second.done;
  expect(ended.stderr).toContain('"status":"proposed"');
  expect(await shown(incident)).toMatchObject({ status: 'proposed', round: 1 });
  const branch = `hotfix/auto-${incident.slice(4)}`;
  expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
  await expectUntouched(stage);
});

it('does everything but publish in a dry run, and a later `approve` publishes what it proved', async () => {
  stage = await setStage('node-orders', { origin: true, config: `${SOON}\napproval: { publish: auto }` });
  const serve = await serving(honestFix(ORDERS_PART, UNVERIFIED), '--dry-run');
  const incident = await send(serve.url);
  const said = await serve.until('"event":"would_publish"');
  const branch = `hotfix/auto-${incident.slice(4)}`;
  expect(said).toContain(`"event":"would_publish","incident":"${incident}","branch":"${branch}","base":"main"`);
  serve.kill('SIGTERM');
  expect((await serve.done).exit).toBe(0);
  expect(await shown(incident)).toMatchObject({ status: 'awaiting_publish', round: 1 });
  expect(await stage.git(['for-each-ref', '--format=%(refname)'], stage.origin)).toBe('refs/heads/main');
  expect(await stage.processes()).toEqual([]);
  await expectUntouched(stage);

  const approved = await stage.person(['approve', incident]);
  expect(approved.exit, approved.text).toBe(0);
  expect(await stage.git(['rev-list', '--count', `main..${branch}`], stage.origin)).toBe('1');
});
