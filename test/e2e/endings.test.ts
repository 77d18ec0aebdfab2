/** Every way in which an agent can end without a proven fix, and the end that its incident comes to. */
import { afterEach, describe, expect, it } from 'vitest';
import { say, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Part } from '../../cli/demo/play.ts';
import { answered, expectUntouched, heal } from './healed.ts';
import { fixBy, tool, UNVERIFIED } from './plays/acts.ts';
import { type Stage, setStage } from './stage.ts';

const ONE_ATTEMPT = { config: 'recovery: { corrective_retries: 0, decompose: false }' };
const SENT_BACK = /\((\d) of 3; after that a person takes over\.\)/;
const WRONG = "  if (session === null) throw new HttpError(401, 'expired');\n";

let stage: Stage;
afterEach(() => stage.remove());

describe('an agent that stops', () => {
  it('without a verdict is sent back three times; then the incident is handed over', async () => {
    stage = await setStage('node-orders', ONE_ATTEMPT);
    const healed = await heal(stage, honestFix(ORDERS_PART, { ...UNVERIFIED, scenario: null, fix: null }));
    const sent = answered(healed).flatMap((text) => SENT_BACK.exec(text)?.[1] ?? []);
    expect(sent).toEqual(['1', '2', '3']);
    expect(healed.result).toMatchObject({ status: 'escalated', verdict: 'fail', failure_mode: 'verification' });
    expect(healed.exit).toBe(3);
    expect(healed.report).toContain('needs a person');
    expect(healed.report).toContain('reproduction.missing');
    await expectUntouched(stage);
  });

  it('without a diagnosis is sent back three times, twice; then the incident is handed over', async () => {
    stage = await setStage('node-orders');
    const healed = await heal(stage, (turn) =>
      turn.step === 0 ? honestFix(ORDERS_PART)(turn) : say('I do not know what is wrong.'),
    );
    expect(answered(healed).filter((text) => SENT_BACK.test(text)).length).toBeGreaterThanOrEqual(3);
    expect(new Set(healed.requests.map(({ turn }) => turn.agent))).toEqual(new Set(['diagnostician']));
    expect(healed.result).toMatchObject({ status: 'escalated', failure_mode: 'partial', attempts: 0 });
    expect(healed.exit).toBe(3);
    await expectUntouched(stage);
  });
});

describe('a failed attempt', () => {
  it('is followed by one that is told what happened, and the second fix is proposed', async () => {
    stage = await setStage('node-orders');
    const [honest] = ORDERS_PART.edits;
    if (!honest) throw new Error('the part has no edit');
    const first = honestFix(ORDERS_PART, { ...UNVERIFIED, ...fixBy([honest.file, honest.find, honest.find + WRONG]) });
    const second = honestFix(ORDERS_PART, { ...UNVERIFIED, test: null, scenario: null });
    const healed = await heal(stage, (turn) => {
      const corrected = correctedAt(turn);
      if (corrected === -1) return first(turn);
      const step = turn.messages.slice(corrected).filter(({ role }) => role === 'assistant').length;
      return second({ ...turn, step });
    });
    const corrective = healed.requests.find(({ turn }) => turn.told.includes('--- PREVIOUS ATTEMPT ---'))?.turn.told;
    expect(corrective).toContain('The previous attempt at the following task failed. Here is what happened:');
    expect(corrective).toContain('reproduction.still_red');
    expect(corrective).toContain('--- END OF PREVIOUS ATTEMPT ---');
    expect(corrective).toContain('Please try again, taking into account what went wrong.');
    expect(healed.result).toMatchObject({ status: 'proposed', verdict: 'pass', attempts: 2 });
    expect(healed.exit).toBe(0);
    await expectUntouched(stage);
  });
});

describe('an incident ends visibly', () => {
  const dismissal = tool('dismiss_incident', ({ incident }) => ({
    incident,
    verdict: 'third_party',
    reason: 'The client sends sessions that were never issued.',
    suggestion: 'Ask its makers to sign in again.',
  }));
  const handOver = tool('escalate', ({ incident }) => ({
    incident,
    reason: 'Two teams own this.',
    needs: 'A decision.',
  }));
  const unsure: Part = { ...ORDERS_PART, diagnosis: { ...ORDERS_PART.diagnosis, confidence: 0.5 } };
  const securityIssue: Part = { ...ORDERS_PART, diagnosis: { ...ORDERS_PART.diagnosis, failure_type: 'security' } };
  const inDoubt: Part = { ...ORDERS_PART, diagnosis: { ...ORDERS_PART.diagnosis, failure_type: 'configuration' } };
  const stopping = { ...UNVERIFIED, test: null, scenario: null };

  it.each([
    {
      name: 'dismissed by the agent: 5',
      script: honestFix(ORDERS_PART, { ...stopping, fix: (scene) => use(dismissal(scene)) }),
      result: { status: 'dismissed' },
      exit: 5,
    },
    {
      name: 'handed over by the agent: 3, in its words',
      script: honestFix(ORDERS_PART, { ...stopping, fix: (scene) => use(handOver(scene)) }),
      result: { status: 'escalated' },
      exit: 3,
      report: 'Two teams own this.',
    },
    {
      name: 'low confidence: 4, and nothing is fixed',
      script: honestFix(unsure),
      result: { status: 'escalated', failure_mode: 'low_confidence', attempts: 0 },
      exit: 4,
      report: '0.5',
    },
    {
      name: 'a class that is only diagnosed: 3, and nothing is fixed',
      script: honestFix(securityIssue),
      result: { status: 'escalated', attempts: 0 },
      exit: 3,
      report: 'autonomy.security',
    },
    {
      name: 'a class that asks, without --yes: 0, waiting for a person',
      script: honestFix(inDoubt),
      args: [],
      result: { status: 'awaiting_start', attempts: 0 },
      exit: 0,
    },
  ])('$name', async ({ script, args = ['--yes'], result, exit, report = '' }) => {
    stage = await setStage('node-orders');
    const healed = await heal(stage, script, ['--error', stage.logFile, ...args]);
    expect(healed.result, healed.stderr).toMatchObject(result);
    expect(healed.exit).toBe(exit);
    expect(healed.report).toContain(report);
    await expectUntouched(stage);
  });
});

/** Where in the conversation the last corrective prompt stands; -1 before it. */
function correctedAt({ messages }: Turn): number {
  return messages.findLastIndex(
    ({ role, content }) => role === 'user' && JSON.stringify(content).includes('--- PREVIOUS ATTEMPT ---'),
  );
}
