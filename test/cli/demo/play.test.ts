/** The honest parts, acted out by hand in the sample repositories. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ToolCall, use } from '../../../cli/demo/model-reply.ts';
import { type PlayedAgent, readTurn } from '../../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../../cli/demo/orders-part.ts';
import { honestFix, type Part } from '../../../cli/demo/play.ts';
import { createSample, type SampleName } from '../../../cli/demo/sample-repository.ts';
import { BILLING_PART, INVENTORY_PART } from '../../e2e/parts.ts';

const INCIDENT = 'INC-0011223344556677';
const PREFIX = 'mcp__plugin_self-healing_living-context__';

const PARTS: { sample: SampleName; part: Part; error: string; diff: string }[] = [
  {
    sample: 'node-orders',
    part: ORDERS_PART,
    error: "Cannot read properties of undefined (reading 'tenantId')",
    diff: '1\t0\tsrc/tenant-context.js\n',
  },
  {
    sample: 'typescript-billing',
    part: BILLING_PART,
    error: "Cannot read properties of undefined (reading 'cents')",
    diff: '2\t0\tsrc/prices.ts\n',
  },
  {
    sample: 'python-inventory',
    part: INVENTORY_PART,
    error: "'NoneType' object has no attribute 'quantity'",
    diff: '3\t0\tinventory/stock.py\n',
  },
];

let folder: string;
let worktree: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "play's-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function enter(sample: SampleName): Promise<void> {
  worktree = (await createSample(sample, mkdtempSync(join(folder, 'sample-')))).root;
}

describe('the honest part', () => {
  it('diagnoses by looking and one record_diagnosis', async () => {
    await enter('node-orders');
    const calls = act('diagnostician', honestFix(ORDERS_PART));
    expect(calls.map(short)).toEqual(['start_fix', 'Bash', 'Bash', 'Bash', 'record_diagnosis']);
    expect(calls.at(-1)?.input).toMatchObject({ incident: INCIDENT, failure_type: 'runtime_error' });
  });

  it.each(PARTS)('$sample: the reproduction is red as production was, and green after the fix', async (given) => {
    await enter(given.sample);
    const red: string[] = [];
    const calls = act('self-healing', honestFix(given.part), (call) => {
      if (call.name === 'Edit' && red.length === 0) red.push(reproduction(given.part).output);
    });
    const order = 'start_fix Read Write edit_context Edit run_scenarios edit_context verify_fix propose_pr';
    expect([...new Set(calls.map(short))]).toEqual([...new Set(order.split(' '))]);
    expect(red[0]).toContain(given.error);
    expect(reproduction(given.part)).toMatchObject({ exit: 0 });
    expect(execFileSync('git', ['diff', '--numstat'], { cwd: worktree, encoding: 'utf8' })).toBe(given.diff);
  });

  it('can be varied: a step replaced, left out, something before and after', async () => {
    await enter('node-orders');
    const note = (text: string) => () => use({ name: 'Note', input: { text } });
    const calls = act(
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
function act(
  agent: PlayedAgent,
  script: ReturnType<typeof honestFix>,
  before: (call: ToolCall) => void = () => {},
): ToolCall[] {
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
      before(call);
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

/** Runs the part's own scenario in the sample. */
function reproduction({ scenario }: Part): { exit: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', String(scenario.test_command)], {
    cwd: worktree,
    env: { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  return { exit: status, output: stdout + stderr };
}
