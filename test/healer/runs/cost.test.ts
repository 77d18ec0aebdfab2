import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { costBasisOf, reckon } from '../../../healer/runs/cost.ts';
import { parseLine, type StreamEvent, type Usage } from '../../../healer/runs/stream.ts';

const RECORDED = readFileSync(join(import.meta.dirname, 'fixtures', 'stream.jsonl'), 'utf8')
  .trim()
  .split('\n');

function events(): StreamEvent[] {
  return RECORDED.flatMap((line) => parseLine(line));
}

it('comes near to what the client says at the end of the same run', () => {
  const all = events();
  const cost = reckon();
  for (const event of all) if (event.kind === 'usage') cost.see(event);
  const result = all.find((event) => event.kind === 'result');
  if (result?.kind !== 'result' || !result.costUsd || !result.outputTokens) throw new Error('the run has no total');
  expect(cost.inputTokens()).toBe(result.inputTokens);
  expect(cost.usd() / result.costUsd).toBeGreaterThan(0.9);
  expect(cost.usd() / result.costUsd).toBeLessThan(1.2);
});

it('counts an answer once, whose blocks each tell it, and knows the models apart', () => {
  const usage = (changes: Partial<Usage>): Usage => ({
    ...{ kind: 'usage', message: 'm', model: 'claude-sonnet-4-5', input: 1_000_000 },
    ...{ cacheWrite: 0, cacheRead: 0, output: 0, characters: 0, ...changes },
  });
  const usd = (...seen: Usage[]) => {
    const cost = reckon();
    for (const one of seen) cost.see(one);
    return cost.usd();
  };
  expect(usd(usage({}), usage({}))).toBeCloseTo(3);
  expect(usd(usage({}), usage({ message: 'n' }))).toBeCloseTo(6);
  expect(usd(usage({ model: 'claude-opus-4-8[1m]' }))).toBeCloseTo(5);
  expect(usd(usage({ model: 'claude-haiku-4-5' }))).toBeCloseTo(1);
  expect(usd(usage({ model: 'nobody-knows' }))).toBeCloseTo(15);
  expect(usd(usage({ input: 0, cacheRead: 1_000_000, cacheWrite: 1_000_000 }))).toBeCloseTo(3 * 1.35);
  expect(usd(usage({ input: 0, characters: 4_000_000 }), usage({ input: 0, characters: 4_000_000 }))).toBeCloseTo(30);
});

it('is a bill with a key, and an estimate for a subscription or without a total', () => {
  const init = (apiKeySource: string) =>
    events().map((event) => (event.kind === 'init' ? { ...event, apiKeySource } : event));
  expect(costBasisOf(events(), true, {})).toBe('billed');
  expect(costBasisOf(events(), false, {})).toBe('estimated');
  expect(costBasisOf(init('none'), true, {})).toBe('subscription');
  expect(costBasisOf(init('none'), true, { CLAUDE_CODE_USE_BEDROCK: '1' })).toBe('billed');
});
