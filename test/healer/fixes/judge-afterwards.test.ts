import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeAfterwards, type Observed } from '../../../healer/fixes/judge-afterwards.ts';
import type { OpenFix } from '../../../healer/fixes/open-fix.ts';
import { keepTranscript, transcriptOf } from '../../../healer/fixes/transcripts.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import type { Workbench } from '../../../healer/workbench.ts';
import { bindAgent } from '../../../store/bindings.ts';
import { healHonestly, started } from '../sample-fix.ts';
import { freshFolder } from '../sample-repository.ts';

const agent = { sessionId: 's1', agentId: 'a1' };
const NOTHING_SEEN: Observed = { saw: () => false, now: 'now', fromTheStart: false };
const GUARDED: Observed = { saw: (id) => id === 'now', now: 'now', fromTheStart: true };

let bench: Workbench;
let fix: OpenFix;
let file: string;
beforeEach(async () => {
  ({ bench, fix } = await started({ role: 'session' }));
  const main = join(freshFolder('transcripts'), 's1.jsonl');
  bindAgent(bench.db, {
    session_id: 's1',
    agent_id: 'a1',
    incident: fix.incident,
    tool_use_id: 'start',
    at: new Date().toISOString(),
  });
  keepTranscript(bench, agent, main);
  file = transcriptOf(bench, agent) ?? '';
  mkdirSync(dirname(file), { recursive: true });
});
afterEach(() => bench.close());

/** A transcript of commands, each with its result, and of the call that asks for the verdict. */
function transcript(...commands: [id: string, command: string, result?: string, failed?: boolean][]): void {
  const line = (type: string, content: object) =>
    JSON.stringify({
      type,
      isSidechain: true,
      agentId: 'a1',
      cwd: fix.worktree,
      message: { role: type, content: [content] },
    });
  const lines = commands.flatMap(([id, command, result = '', failed = false]) => [
    line('assistant', { type: 'tool_use', id, name: 'Bash', input: { command } }),
    line('user', { type: 'tool_result', tool_use_id: id, content: result, is_error: failed }),
  ]);
  lines.push(line('assistant', { type: 'tool_use', id: 'now', name: 'mcp__x__verify_fix', input: {} }));
  writeFileSync(file, `${lines.join('\n')}\n`);
}
const judged = (observed: Observed) => judgeAfterwards(bench, fix, observed);

describe('what no hook has seen', () => {
  it('is nothing where hooks were there from the start, also without a transcript', async () => {
    expect(await judged(GUARDED)).toEqual([]);
    transcript(['t1', 'git status']);
    expect(await judged({ ...GUARDED, saw: () => true })).toEqual([]);
  });

  it('is a warning with its number where the guards would have let it pass', async () => {
    transcript(
      ['t1', 'git status'],
      ['t2', 'node --test'],
      ['t3', 'git push', 'Denied: git push [publish.push]', true],
    );
    expect(await judged(NOTHING_SEEN)).toMatchObject([
      { severity: 'warn', message: expect.stringContaining('guards: judged afterwards (2 calls)') },
    ]);
  });

  it('refuses with what it was, also when only one hook was missed', async () => {
    transcript(['t1', 'git status'], ['t2', 'git push origin HEAD']);
    for (const observed of [NOTHING_SEEN, GUARDED, { ...GUARDED, saw: (id: string) => id !== 't2' }])
      expect(await judged(observed)).toMatchObject([
        {
          severity: 'refuse',
          code: 'guardrails.unguarded_call',
          message: expect.stringMatching(/Bash "git push origin HEAD" \[publish\.push\]/),
        },
      ]);
  });

  it('refuses where the transcript is gone or does not reach to this call', async () => {
    rmSync(file, { force: true });
    expect(await judged(NOTHING_SEEN)).toMatchObject([
      { severity: 'refuse', code: 'guardrails.not_judged', next: expect.stringContaining('A person can') },
    ]);
    transcript(['t1', 'git status']);
    expect(await judged({ ...NOTHING_SEEN, now: 'later' })).toMatchObject([
      { code: 'guardrails.not_judged', message: expect.stringContaining('does not hold the call that asks') },
    ]);
  });

  it('refuses where a call was taken out of the transcript and its result is left', async () => {
    transcript(['t1', 'git status'], ['t2', 'git push origin HEAD']);
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.filter((line) => !line.includes('git push')).join('\n'));
    expect(await judged(NOTHING_SEEN)).toMatchObject([
      { severity: 'refuse', code: 'guardrails.not_judged', message: expect.stringContaining('line 3') },
    ]);
  });

  it('stands in the verdict: a fix that the gate passes is refused all the same', async () => {
    await healHonestly(bench, fix);
    transcript(['t1', 'git push origin HEAD']);
    const { verification } = await verifyFix(bench, fix.incident, { judgeUnseen: () => judged(NOTHING_SEEN) });
    expect(verification).toMatchObject({
      verdict: 'refuse',
      checks: {
        guardrails: { status: 'refuse', findings: [{ code: 'guardrails.unguarded_call' }] },
        reproduction: { status: 'pass' },
      },
    });
  });
});
