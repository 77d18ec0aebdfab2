/** A person's session: `/self-healing:heal` sends the two agents, and what only a person may decide waits for the person. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bash, livingContext, say, use } from '../../cli/demo/model-reply.ts';
import { ORDERS_PART } from '../../cli/demo/orders-part.ts';
import { honestFix, type Overrides } from '../../cli/demo/play.ts';
import { expectUntouched } from './healed.ts';
import { byProgram, inWorktree, UNVERIFIED } from './plays/acts.ts';
import { type ClientRun, type StreamEvent, toolUses } from './run-client.ts';
import { sessionWith } from './session-play.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage('node-orders', { origin: true });
});
afterEach(() => stage.remove());

const play = (overrides: Overrides = {}) =>
  sessionWith(honestFix(ORDERS_PART, { run: null, lesson: null, ...overrides }));
const incidentIn = (events: StreamEvent[]) => /INC-[0-9a-f]{16}/.exec(JSON.stringify(events))?.[0] ?? 'INC-none';
const decide = (command: string) => (events: StreamEvent[]) => `/self-healing:${command} ${incidentIn(events)}`;
const heal = () => `/self-healing:heal ${stage.log}`;
/** What every agent's tools answered, oldest first. */
const results = ({ requests }: ClientRun) => requests.flatMap(({ turn }) => turn.lastToolResults);
const statusOf = async (incident: string) => JSON.parse((await stage.run(['show', incident, '--json'])).stdout).status;

describe('a session', () => {
  it('loads the plugin, heals by its two agents, and publishes on the word of the person in it', async () => {
    const run = await stage.session([heal(), decide('approve')], play());
    const init = run.events.find(({ subtype }) => subtype === 'init');
    expect(init).toMatchObject({
      mcp_servers: [{ name: 'plugin:self-healing:living-context', status: 'connected' }],
      agents: expect.arrayContaining(['self-healing:diagnostician', 'self-healing:self-healing']),
      slash_commands: expect.arrayContaining(
        ['heal', 'init', 'status', 'verify', 'learn', 'doctor', 'approve', 'skip'].map(
          (name) => `self-healing:${name}`,
        ),
      ),
    });
    expect(init?.plugin_errors ?? []).toEqual([]);
    expect(toolUses(run.events).filter(({ name }) => name === 'Agent')).toHaveLength(2);

    const incident = incidentIn(run.events);
    const branch = `hotfix/auto-${incident.slice(4)}`;
    expect(results(run).join('\n')).toContain('"status":"awaiting_approval"');
    expect(JSON.stringify(run.events)).toContain(`${incident} is published on ${branch}, pushed.`);
    expect(await statusOf(incident)).toBe('proposed');
    expect(await stage.git(['rev-parse', branch], stage.origin)).toBe(await stage.git(['rev-parse', branch]));
    expect(await readFile(join(stage.root, `.self-healing/reports/${incident}.md`), 'utf8')).toContain('## Check');
    await expectUntouched(stage);
  });

  it('publishes nothing on the word of a session that does not hold the evidence', async () => {
    const first = await stage.session([heal()], play());
    const incident = incidentIn(first.events);
    expect(await statusOf(incident)).toBe('awaiting_publish');
    const resumed = String(first.events.find(({ subtype }) => subtype === 'init')?.session_id);
    const second = await stage.session(
      ['/self-healing:status', `/self-healing:approve ${incident}`],
      ({ told }) =>
        told.includes('Call `list_incidents`') ? use(livingContext('list_incidents', {})) : say('I looked.'),
      { args: ['--resume', resumed] },
    );
    const terminal = `\`self-healing approve ${incident}\` in a terminal verifies the kept fix again`;
    expect(JSON.stringify(second.requests[0]?.body.messages)).toContain(`tell the person: ${terminal}`);
    const standing = results(second).find((text) => text.startsWith('{"incidents"')) ?? '{}';
    expect(JSON.parse(standing).incidents).toMatchObject([
      {
        incident,
        status: 'awaiting_publish',
        verdict: 'pass',
        needs_person: true,
        next: expect.stringContaining(terminal),
      },
    ]);
    expect(JSON.stringify(second.events)).toContain('not_allowed: this session does not hold the evidence');
    expect(await statusOf(incident)).toBe('awaiting_publish');
    expect(await stage.git(['branch', '--list', 'hotfix/*'], stage.origin)).toBe('');
    await expectUntouched(stage);
  });

  it('publishes nothing that changed after it was verified', async () => {
    const late = byProgram("add('src/tenant-context.js', '// one more thing\\n');");
    const run = await stage.session([heal()], play({ after: { verify: late } }));
    expect(results(run).find((text) => text.startsWith('stale:'))).toContain('changed after it was verified');
    expect(await stage.git(['branch', '--list', 'hotfix/*'], stage.origin)).toBe('');
    await expectUntouched(stage);
  });

  it('tells the agent why a call is denied, and leaves everybody else in the session alone', async () => {
    const healing = play({
      ...UNVERIFIED,
      after: { read: [(scene) => use(inWorktree('git push origin HEAD')(scene))] },
    });
    const run = await stage.session([heal(), 'Now look around.'], (turn) =>
      turn.agent === 'main' && turn.told.includes('Now look around.')
        ? use(
            bash('git push --dry-run origin HEAD 2>&1; echo pushed'),
            bash('echo x > notes.txt && rm notes.txt; echo written'),
          )
        : turn.agent === 'main' && turn.lastToolResults.some((text) => text.includes('written'))
          ? say('Looked.')
          : healing(turn),
    );
    const told = results(run);
    expect(told.find((text) => text.includes('publish.push'))).toContain('Denied: git push');
    expect(told.find((text) => text.includes('pushed'))).not.toContain('Denied');
    expect(told).toContainEqual(expect.stringContaining('written'));
    await expectUntouched(stage);
  });

  it('hands over what an agent leaves without a verdict, after three send-backs', async () => {
    const run = await stage.session([heal()], play({ ...UNVERIFIED, fix: null }));
    const feedback = run.requests.flatMap(({ turn }) => /\((\d) of 3; after that/.exec(turn.told)?.[1] ?? []);
    expect(feedback).toEqual(['1', '2', '3']);
    expect(await statusOf(incidentIn(run.events))).toBe('escalated');
    await expectUntouched(stage);
  });
});
