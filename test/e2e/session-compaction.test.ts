/** A context that is compacted in the middle of a fix: what is lost is the model's memory, and nothing else. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { say, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Overrides } from '../../cli/demo/play.ts';
import { expectUntouched } from './healed.ts';
import { edit, tool, write } from './plays/acts.ts';
import type { ClientRun, StreamEvent } from './run-client.ts';
import { sessionWith } from './session-play.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage('node-orders', { origin: true });
});
afterEach(() => stage.remove());

const SHORT: Overrides = { run: null, lesson: null };
const SUMMARY = say('<summary>The person works on a service for orders.</summary>');
const isSummary = ({ told }: Turn) => told.includes('an <analysis> block followed by a <summary> block');
const incidentIn = (events: StreamEvent[]) => /INC-[0-9a-f]{16}/.exec(JSON.stringify(events))?.[0] ?? 'INC-none';
const show = async (incident: string) => JSON.parse((await stage.run(['show', incident, '--json'])).stdout);
const compacted = ({ events }: ClientRun) => events.filter(({ subtype }) => subtype === 'compact_boundary').length;
const results = ({ requests }: ClientRun) => requests.flatMap(({ turn }) => turn.lastToolResults);
const reminders = ({ requests }: ClientRun) =>
  requests.flatMap(({ turn }) => /self-healing, in this session: .*/.exec(turn.told)?.[0] ?? []);

it('reminds the main conversation of the incident and its next step; scope, verdict and approval survive', async () => {
  const outside: Overrides = { ...SHORT, after: { read: [(scene) => use(write('src/other.js', 'x')(scene))] } };
  const heals = sessionWith(honestFix(ORDERS_PART, outside));
  const approve = (events: StreamEvent[]) => `/self-healing:approve ${incidentIn(events)}`;
  const run = await stage.session(
    [`/self-healing:heal ${stage.log}`, '/compact', 'Go on.', '/compact', 'Where are we?', approve],
    (turn) => {
      if (isSummary(turn)) return SUMMARY;
      const diagnosed = turn.lastToolResults.some((text) => text.includes('The cause is recorded'));
      return turn.agent === 'main' && diagnosed ? say('I stop here.') : heals(turn);
    },
    { timeoutMs: 300_000 },
  );
  const incident = incidentIn(run.events);
  expect(compacted(run)).toBe(2);
  const [afterDiagnosis, afterProposal] = reminders(run);
  expect(afterDiagnosis).toContain(`${incident} is healing (round 1, diagnosed, not verified yet, worktree `);
  expect(afterDiagnosis).toContain(`start the agent self-healing:self-healing in the foreground with "Fix incident`);
  expect(afterProposal).toContain(`${incident} is awaiting_publish (round 1, diagnosed, last verdict pass`);
  expect(afterProposal).toContain(`tell the person: /self-healing:approve ${incident} publishes it`);
  expect(results(run).find((text) => text.includes('scope.outside_diagnosis'))).toContain('src/tenant-context.js');
  expect(await show(incident)).toMatchObject({
    status: 'proposed',
    verifications: [{ iteration: 1, verdict: 'pass' }],
  });
  await expectUntouched(stage);
}, 350_000);

it('lets an agent go on in its fix, with the verifications it has used', async () => {
  /** The client compacts before the next request of a conversation that fills its window. */
  const full = { input: 195_000, output: 10 };
  const again: Overrides = {
    ...SHORT,
    fix: null,
    after: {
      verify: [
        (scene) => ({ ...use(tool('list_incidents', () => ({}))(scene)), usage: full }),
        (scene) => use(tool('start_fix', ({ incident }) => ({ incident }))(scene)),
        (scene) => use({ name: 'Read', input: { file_path: scene.at('src/tenant-context.js') } }),
        (scene) => use(...ORDERS_PART.edits.map(({ file, find, put }) => edit(file, find, put)(scene))),
        (scene) => use(tool('verify_fix', ({ incident }) => ({ incident }))(scene)),
      ],
    },
  };
  const honest = honestFix(ORDERS_PART, again);
  let answered = 0;
  const run = await stage.session(
    [`/self-healing:heal ${stage.log}`],
    sessionWith((turn) => {
      if (isSummary(turn)) return SUMMARY;
      // A compaction shortens the conversation, so that its length is no measure of what was done.
      return honest(turn.agent === 'self-healing' ? { ...turn, step: answered++ } : turn);
    }),
    { timeoutMs: 300_000, env: { CLAUDE_CODE_AUTO_COMPACT_WINDOW: '200000' } },
  );
  const incident = incidentIn(run.events);
  const [reminder] = reminders(run);
  expect(reminder).toContain(`${incident} is healing (round 1, diagnosed, last verdict fail, worktree `);
  expect(reminder).toContain('who works on it calls start_fix again');
  const { status, verifications } = await show(incident);
  expect(verifications).toMatchObject([
    { iteration: 1, verdict: 'fail' },
    { iteration: 2, verdict: 'pass' },
  ]);
  expect(status).toBe('awaiting_publish');
  await expectUntouched(stage);
}, 350_000);
