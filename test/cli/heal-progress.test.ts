import { expect, it } from 'vitest';
import { showProgress } from '../../cli/heal-progress.ts';
import type { HealProgress } from '../../healer/heal.ts';

function shown(event: HealProgress, columns = 60): string[] {
  const lines: string[] = [];
  const say = (text: string) => void lines.push(text.replace(/^ *\d+\.\d s {2}/, ''));
  const call = { say, pass: say, paint: (_: unknown, text: string) => text, columns };
  showProgress(call as unknown as Parameters<typeof showProgress>[0])(event);
  return lines;
}

it('shows what a check found to its end, also where the line is longer than the terminal', () => {
  const found = `Scenario S001 (npx tape test/entities.js) is red on the base, ${'but not for this reason, '.repeat(5)}END`;
  const runs = [{ at: 'base_tests' as const, command: 'npx tape', exit: 1, counts: null, seconds: 1 }];
  expect(
    shown({ kind: 'check', by: 'parent', check: 'reproduction', status: 'fail', findings: [found], runs }),
  ).toEqual([
    '  reproduction  fail',
    `    ${found}`,
    '    red   on the base with the new tests: exit code 1  npx tape',
  ]);
});

it('cuts what the agent says and does to the terminal', () => {
  const detail = 'cd somewhere && '.repeat(20);
  for (const event of [
    { kind: 'tool', agent: 'self-healing', tool: 'Bash', detail },
    { kind: 'say', agent: 'self-healing', text: detail },
    { kind: 'gate', text: detail },
  ] satisfies HealProgress[]) {
    const [line = ''] = shown(event);
    expect(line.length).toBeLessThanOrEqual(60 - 11);
    expect(line).toContain('…');
  }
});

it('says of a denied call by which rule and why, once', () => {
  const why = 'Denied: git push publishes around the gate. [publish.push]';
  const event = { kind: 'tool_failed', agent: 'self-healing', tool: 'Bash', why, deniedBy: 'publish.push' } as const;
  expect(shown(event, 120)).toEqual([
    '  Bash denied (publish.push): git push publishes around the gate. [publish.push]',
  ]);
});
