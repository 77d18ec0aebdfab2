/** The honest part, acted out by hand in a sample repository: its reproduction is red, then green; so is every variation's frame. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ToolCall, use } from '../../../cli/demo/model-reply.ts';
import { type PlayedAgent, readTurn } from '../../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../../cli/demo/orders-part.ts';
import { honestFix } from '../../../cli/demo/play.ts';
import { createSample } from '../../../cli/demo/sample-repository.ts';

const INCIDENT = 'INC-0011223344556677';
const PREFIX = 'mcp__plugin_self-healing_living-context__';

let folder: string;
let worktree: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "play's-"));
  worktree = (await createSample('node-orders', folder)).root;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the honest part', () => {
  it('diagnoses by looking and one record_diagnosis', async () => {
    const calls = await act('diagnostician', honestFix(ORDERS_PART));
    expect(calls.map(short)).toEqual(['start_fix', 'Bash', 'Bash', 'Bash', 'record_diagnosis']);
    expect(calls.at(-1)?.input).toMatchObject({ incident: INCIDENT, failure_type: 'runtime_error' });
  });

  it('writes a reproduction that is red for the reason of the incident, and a fix that turns it green', async () => {
    const red: string[] = [];
    const calls = await act('self-healing', honestFix(ORDERS_PART), async (call) => {
      if (call.name === 'Edit') red.push((await nodeTest()).output);
    });
    expect(calls.map(short)).toEqual(
      'start_fix Read Write edit_context Edit run_scenarios edit_context verify_fix propose_pr'.split(' '),
    );
    expect(red[0]).toContain("Cannot read properties of undefined (reading 'tenantId')");
    expect(red[0]).toContain("name: 'TypeError'");
    expect(red[0]).toContain('tenant-context.js');
    expect(await nodeTest()).toMatchObject({ exit: 0 });
    expect(execFileSync('git', ['diff', '--numstat'], { cwd: worktree, encoding: 'utf8' })).toBe(
      '1\t0\tsrc/tenant-context.js\n',
    );
  });

  it('can be varied: a step replaced, left out, something before and after', async () => {
    const note = (text: string) => () => use({ name: 'Note', input: { text } });
    const calls = await act(
      'self-healing',
      honestFix(ORDERS_PART, {
        test: null,
        fix: note('another fix'),
        before: { open: [note('first')], verify: [note('before verify')] },
        after: { close: [note('once more')] },
      }),
    );
    expect(calls.map(short)).toEqual(
      'Note start_fix Read edit_context Note run_scenarios edit_context Note verify_fix propose_pr Note'.split(' '),
    );
  });
});

/** Plays client and tools: files are really written, our own tools answer with the worktree. */
async function act(
  agent: PlayedAgent,
  script: ReturnType<typeof honestFix>,
  before: (call: ToolCall) => Promise<void> = async () => {},
): Promise<ToolCall[]> {
  const messages: { role: string; content: unknown }[] = [{ role: 'user', content: `Fix incident ${INCIDENT}.` }];
  const calls: ToolCall[] = [];
  for (let step = 0; step < 20; step++) {
    const turn = readTurn(
      { model: 'm', system: `You are the ${agent}.`, messages } as Parameters<typeof readTurn>[0],
      {},
    );
    const reply = script(turn);
    const made = reply.kind === 'use' ? reply.calls : [];
    if (reply.kind === 'say' && reply.text === 'I have done what I could.') return calls;
    const results: { type: string; tool_use_id: string; content: string }[] = [];
    for (const call of made) {
      await before(call);
      results.push({ type: 'tool_result', tool_use_id: `t${step}`, content: perform(call) });
    }
    calls.push(...made);
    messages.push({ role: 'assistant', content: 'done' }, { role: 'user', content: results });
  }
  throw new Error('the part does not end');
}

function perform({ name, input }: ToolCall): string {
  const file = String(input.file_path);
  if (name === 'Bash') return execFileSync('sh', ['-c', String(input.command)], { encoding: 'utf8' });
  if (name === 'Read') return readFileSync(file, 'utf8');
  if (name === 'Write') writeFileSync(file, String(input.content));
  if (name === 'Edit') {
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(input.old_string);
    writeFileSync(file, text.replace(String(input.old_string), String(input.new_string)));
  }
  return name.startsWith(PREFIX) ? JSON.stringify({ incident: INCIDENT, worktree }) : 'done';
}

function short({ name }: ToolCall): string {
  return name.replace(PREFIX, '');
}

async function nodeTest(): Promise<{ exit: number; output: string }> {
  const env = { PATH: process.env.PATH };
  const args = String(ORDERS_PART.scenario.test_command).split(' ').slice(1);
  try {
    return { exit: 0, output: (await promisify(execFile)(process.execPath, args, { cwd: worktree, env })).stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { exit: code, output: stdout };
  }
}
