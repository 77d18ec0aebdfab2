/** The other commands in the real client, carried out by a model that does what their texts say, and no more. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bash, livingContext, type Reply, say, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';
import { expectUntouched } from './healed.ts';
import type { ClientRun } from './run-client.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.remove());

/** Runs the one command that a text names, calls the tool that it names first, and says what came of it. */
function obedient(turn: Turn): Reply {
  if (turn.lastToolResults.length > 0) return say(`It answered: ${turn.lastToolResults.join('\n')}`);
  const typed = /<command-name>\/self-healing:(\w+)<\/command-name>[\s\S]*/.exec(turn.told) ?? [];
  const [text = ''] = typed;
  const command = /`(self-healing [^`]+)` with Bash/.exec(text)?.[1];
  if (command !== undefined) return use(bash(command.trim()));
  return /call `list_incidents`/i.test(text)
    ? use(livingContext('list_incidents', {}))
    : say('The text names nothing.');
}

/** What the model said to each prompt, in order; for a decision what the hook said. */
const said = ({ events }: ClientRun) =>
  events.filter(({ type }) => type === 'result').map(({ result }) => String(result));

describe('commands that run the command line', () => {
  it('set up a fresh repository, judge its changes, learn from it, look at the installation', async () => {
    stage = await setStage('node-orders');
    await stage.git(['rm', '-rq', '.self-healing']);
    await stage.git(['-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'No settings']);
    const run = await stage.session(
      ['/self-healing:init', '/self-healing:verify --base HEAD', '/self-healing:learn', '/self-healing:doctor'],
      obedient,
      { timeoutMs: 300_000 },
    );
    const [init = '', verify = '', learn = '', doctor = ''] = said(run);
    expect(init).toContain('.self-healing/config.yaml');
    expect(await readFile(join(stage.root, '.self-healing/config.yaml'), 'utf8')).toMatch(/^ {2}command: .*test/m);
    expect(verify).toMatch(/pass|fail/);
    expect(verify).not.toContain('command not found');
    // What init drafted or made a scenario of a moment ago is not drafted again.
    expect(learn).toMatch(/"drafts": ?\[/);
    expect(learn).not.toContain('command not found');
    expect(doctor).toMatch(/node/i);
    expect(doctor).not.toContain('command not found');
    expect(await stage.git(['log', '--format=%s', '-1'])).toBe('No settings');
  }, 350_000);
});

describe('commands with nothing, or with something wrong', () => {
  it('answer something that helps', async () => {
    stage = await setStage('node-orders');
    let looked: boolean | undefined;
    const prompts = [
      '/self-healing:status',
      '/self-healing:heal',
      () => {
        looked = existsSync(join(stage.root, '.self-healing/state.db'));
        return '/self-healing:approve';
      },
      '/self-healing:approve INC-0000000000000000',
      '/self-healing:skip nonsense',
    ];
    const run = await stage.session(prompts, obedient);
    const [status, heal] = said(run);
    expect(status).toContain('{"incidents":[]}');
    expect(heal).toContain('{"incidents":[]}');
    const decisions = JSON.stringify(run.events.filter(({ subtype }) => subtype === 'hook_response'));
    expect(decisions).toContain('Which incident? Type /self-healing:approve INC-<fingerprint>');
    expect(decisions).toContain('Not carried out: There is no incident');
    expect(decisions).toContain('Which incident? Type /self-healing:skip INC-<fingerprint>');
    expect(looked, 'looking leaves no database behind').toBe(false);
    await expectUntouched(stage);
  });

  it('say where there is no repository that there is none', async () => {
    stage = await setStage('node-orders');
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    try {
      await writeFile(join(outside, 'notes.txt'), '');
      const run = await stage.session(
        [
          '/self-healing:status',
          '/self-healing:heal',
          '/self-healing:init',
          '/self-healing:approve INC-0000000000000000',
        ],
        obedient,
        { cwd: outside },
      );
      for (const answer of said(run).slice(0, 3)) expect(answer).toContain('not inside a git repository');
      expect(JSON.stringify(run.events)).toMatch(/Not carried out: [^"]*not inside a git repository/);
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });
});
