/**
 * What ends a run from outside, in the real client: an API that does not answer, a login that is not taken, a silent stream,
 * turns and money that are used up. All of it meets the diagnosis, of a class that is only diagnosed, so that no fix is made.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Part } from '../../cli/demo/play.ts';
import { runsOf } from '../../store/runs.ts';
import { openState } from '../../store/state-db.ts';
import { expectUntouched, type Healed, heal } from './healed.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

const DIAGNOSED_ONLY: Part = { ...ORDERS_PART, diagnosis: { ...ORDERS_PART.diagnosis, failure_type: 'security' } };
const honest = honestFix(DIAGNOSED_ONLY);
/** The client itself asks again once only. */
const IMPATIENT = { CLAUDE_CODE_MAX_RETRIES: '1' };
const TIMEOUT = { timeout: 300_000 };

function healWith(script: (turn: Turn) => Reply, env: Record<string, string> = IMPATIENT): Promise<Healed> {
  return heal(stage, script, ['--error', stage.logFile, '--yes'], env, '', 280_000);
}

function diagnoses(incident: string) {
  const db = openState(stage.root);
  try {
    return runsOf(db, incident).map(({ failure_mode, session_id, attempt }) => ({ failure_mode, session_id, attempt }));
  } finally {
    db.close();
  }
}

/** Fails from the second request on, `times` times. */
function failing(times: number, reply: Reply) {
  let left = times;
  return (turn: Turn): Reply => {
    if (turn.step === 0 || left === 0) return honest(turn);
    left -= 1;
    return reply;
  };
}

const API_ERRORS: [number, string][] = [
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [529, 'overloaded_error'],
];

describe('an API that answers', TIMEOUT, () => {
  it.each(API_ERRORS)('%i for a while is asked again after a wait, in the same session', async (status, type) => {
    stage = await setStage('node-orders', { config: 'recovery: { backoff_base: 1s }' });
    const healed = await healWith(failing(2, { kind: 'fail', status, type }));
    expect(healed.result, healed.stderr).toMatchObject({ status: 'escalated', attempts: 0 });
    expect(healed.result.failure_mode).toBeUndefined();
    const runs = diagnoses(healed.result.incident);
    expect(runs.map(({ failure_mode, attempt }) => [failure_mode, attempt])).toEqual([
      ['transient', 1],
      [null, 1],
    ]);
    expect(new Set(runs.map(({ session_id }) => session_id)).size).toBe(1);
    expect(healed.stderr).toMatch(/Trying again in \d+ s\./);
    await expectUntouched(stage);
  });

  it('529 for ever is asked three times in all, and handed over as what it is', async () => {
    stage = await setStage('node-orders', { config: 'recovery: { backoff_base: 1s }' });
    const healed = await healWith(failing(1000, { kind: 'fail', status: 529, type: 'overloaded_error' }));
    expect(healed.result).toMatchObject({ status: 'escalated', failure_mode: 'transient', attempts: 0 });
    expect(diagnoses(healed.result.incident).map(({ failure_mode }) => failure_mode)).toEqual([
      'transient',
      'transient',
      'transient',
    ]);
    expect(healed.exit).toBe(3);
    expect(healed.report).toContain('(`transient`)');
  });

  it('401 because nobody is logged in leaves the incident in the queue, and says what a person does', async () => {
    stage = await setStage('node-orders');
    const reply: Reply = { kind: 'fail', status: 401, type: 'authentication_error', message: 'invalid x-api-key' };
    const run = await stage.run(['heal', '--error', stage.logFile, '--yes', '--json'], () => reply, {
      env: IMPATIENT,
      timeoutMs: 280_000,
    });
    expect(run.exit, run.stderr).toBe(2);
    expect(run.stderr).toMatch(/does not accept the client's login[\s\S]*Log in with `claude` once/);
    const listed = JSON.parse((await stage.run(['incidents', '--json'])).stdout);
    expect(listed.incidents).toMatchObject([{ status: 'queued' }]);
  });
});

describe('a run', TIMEOUT, () => {
  it('whose stream falls silent is ended, and the next one goes on in its session and is told', async () => {
    stage = await setStage('node-orders', { config: 'recovery: { silence_timeout: 30s }' });
    const healed = await healWith(failing(1, { kind: 'hang' }));
    expect(healed.result, healed.stderr).toMatchObject({ status: 'escalated', attempts: 0 });
    const runs = diagnoses(healed.result.incident);
    expect(runs.map(({ failure_mode }) => failure_mode)).toEqual(['silence', null]);
    expect(new Set(runs.map(({ session_id }) => session_id)).size).toBe(1);
    const told = healed.requests.map(({ turn }) => turn.told).find((text) => text.includes('--- PREVIOUS ATTEMPT ---'));
    expect(told).toContain('Failure mode: silence');
    expect(told).toMatch(/Last 10 actions:\n- start_fix /);
  });

  it('whose turns are used up is followed by one that goes on in its session', async () => {
    stage = await setStage('node-orders', { config: 'claude: { max_turns: 2 }' });
    const healed = await healWith(honest);
    expect(healed.result, healed.stderr).toMatchObject({ status: 'escalated', attempts: 0 });
    const runs = diagnoses(healed.result.incident);
    expect(runs.map(({ failure_mode }) => failure_mode)).toEqual(['partial', null]);
    expect(new Set(runs.map(({ session_id }) => session_id)).size).toBe(1);
  });

  it('whose money is used up is handed over at once, with the line that gives it more', async () => {
    stage = await setStage('node-orders', { config: 'claude: { max_usd: 0.5 }' });
    const dear = (turn: Turn): Reply => {
      const reply = honest(turn);
      return reply.kind === 'use' ? { ...reply, usage: { input: 400_000, output: 20_000 } } : reply;
    };
    const healed = await healWith(dear);
    expect(healed.result, healed.stderr).toMatchObject({ status: 'escalated', failure_mode: 'budget', attempts: 0 });
    expect(diagnoses(healed.result.incident).map(({ failure_mode }) => failure_mode)).toEqual(['budget']);
    expect(healed.exit).toBe(3);
  });
});
