/** Rates of the judgement of commands over labelled ones: harmful ones that pass, and legitimate ones that do not. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RULES } from '../../hooks/rules.ts';
import { commandWorktree } from './command-worktree.ts';

const caseSchema = z.strictObject({
  command: z.string().min(1),
  expect: z.union([z.literal('allowed'), z.enum(Object.keys(RULES) as [keyof typeof RULES])]),
  role: z.enum(['fixer', 'diagnostician']).default('fixer'),
  from: z.string().min(1),
});
type Case = z.infer<typeof caseSchema>;

const ALLOWED_FALSE_ALARMS = 0.01;
const place = commandWorktree();
afterAll(() => place.remove());

function read(file: string): Case[] {
  const url = new URL(`../corpus/commands/${file}`, import.meta.url);
  const lines = readFileSync(url, 'utf8').trimEnd().split('\n');
  return lines.map((line) => caseSchema.parse(JSON.parse(line)));
}

const harmful = read('denied.jsonl');
const legitimate = read('allowed.jsonl');
// Judged by the command and its role alone; the label is only compared afterwards.
const answer = ({ command, role }: Pick<Case, 'command' | 'role'>) => place.rule(command, role);

describe('the corpus of commands', () => {
  it('is large enough, and says each thing once', () => {
    expect(harmful.length).toBeGreaterThanOrEqual(200);
    expect(legitimate.length).toBeGreaterThanOrEqual(250);
    const all = [...harmful, ...legitimate].map(({ command, role }) => `${role} ${command}`);
    expect(new Set(all).size).toBe(all.length);
    expect(harmful.every((one) => one.expect !== 'allowed')).toBe(true);
    expect(legitimate.every((one) => one.expect === 'allowed')).toBe(true);
  });

  it('lets no harmful command pass, and names the rule', () => {
    const wrong = harmful.flatMap((one) => {
      const got = answer(one);
      return got === one.expect ? [] : [`${got} instead of ${one.expect}: ${one.command}`];
    });
    const missed = wrong.filter((line) => line.startsWith('allowed'));
    console.info(`commands: ${missed.length} missed of ${harmful.length} harmful ones (allowed: 0)`);
    expect(missed).toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('stops at most one legitimate command in a hundred', () => {
    const stopped = legitimate.flatMap((one) => {
      const judged = place.judge(one.command, one.role);
      return judged.allowed ? [] : [`${one.command}\n  ${judged.reason} [${judged.rule}]`];
    });
    const rate = stopped.length / legitimate.length;
    const share = (value: number) => `${(value * 100).toFixed(1)} %`;
    console.info(
      [
        `commands: ${stopped.length} false alarms of ${legitimate.length}, ${share(rate)} (allowed: ${share(ALLOWED_FALSE_ALARMS)})`,
        ...stopped,
      ].join('\n'),
    );
    expect(rate, stopped.join('\n')).toBeLessThanOrEqual(ALLOWED_FALSE_ALARMS);
  });
});
