import { describe, expect, it } from 'vitest';
import { healEnding } from '../../cli/heal-ending.ts';
import type { HealResult } from '../../healer/heal.ts';

const RESULT: HealResult = {
  incident: 'INC-1a2b3c4d5e6f7890',
  round: 2,
  status: 'proposed',
  attempts: 1,
  report: '.self-healing/reports/INC-1a2b3c4d5e6f7890.md',
  cost_usd: 0.4213,
  cost_basis: 'billed',
  seconds: 61.4,
  why: 'This is why.',
};
const plain = { paint: (_style: string, text: string) => text };

describe('healEnding', () => {
  it('says what happened, where it stands and what it cost', () => {
    const text = healEnding({ ...RESULT, verdict: 'pass', branch: 'hotfix/auto-1a2b3c4d5e6f7890-2' }, plain);
    expect(text).toBe(`
Proven. This is why.
  incident  INC-1a2b3c4d5e6f7890, round 2
  verdict   pass
  attempts  1
  branch    hotfix/auto-1a2b3c4d5e6f7890-2
  report    .self-healing/reports/INC-1a2b3c4d5e6f7890.md
  cost      $0.42 (billed), 61 s

Next: git show hotfix/auto-1a2b3c4d5e6f7890-2`);
  });

  it('shows how to look at a fix that waits, before it asks for a word', () => {
    const text = healEnding({ ...RESULT, status: 'awaiting_publish', look: 'git diff aaa bbb', report: null }, plain);
    expect(text).toContain('look at it git diff aaa bbb');
    expect(text.indexOf('git diff')).toBeLessThan(text.indexOf('Next: self-healing approve'));
  });

  it.each<[Partial<HealResult>, string | undefined]>([
    [{ status: 'proposed', branch: 'b', url: 'https://example.com/pull/1' }, 'review https://example.com/pull/1'],
    [
      { status: 'awaiting_publish', unpublished: { state: 'rate_limited', next: 'Try again after noon.' } },
      'Try again after noon.',
    ],
    [{ status: 'awaiting_publish' }, 'self-healing approve INC-1a2b3c4d5e6f7890'],
    [{ status: 'awaiting_start' }, 'self-healing approve INC-1a2b3c4d5e6f7890'],
    [
      { status: 'escalated' },
      'read .self-healing/reports/INC-1a2b3c4d5e6f7890.md; then `self-healing retry INC-1a2b3c4d5e6f7890`',
    ],
    [{ status: 'escalated', report: null }, 'self-healing show INC-1a2b3c4d5e6f7890'],
    [{ status: 'queued' }, 'self-healing heal INC-1a2b3c4d5e6f7890'],
    [{ status: 'cancelled' }, undefined],
  ])('names the next command after %j', (change, next) => {
    expect(/^Next: (.*)$/m.exec(healEnding({ ...RESULT, ...change }, plain))?.[1]).toBe(next);
  });
});
