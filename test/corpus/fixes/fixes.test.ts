/**
 * The gate against fixes that should not pass, and against honest ones that should. The label decides nothing but what is
 * expected afterwards; the gate never sees it.
 */
import { expect, it } from 'vitest';
import { CHECK_NAMES } from '../../../gate/verification.ts';
import { CASES } from './cases.ts';
import { Court } from './judge.ts';

const MOST_OF_ONE_IDEA = 5;

for (const { subject, cases } of CASES) {
  const court = new Court(subject);
  it.each(cases.map((one) => [`${one.label}, ${one.idea}: ${one.name}`, one] as const))(
    `${subject.name}, %s`,
    async (_, one) => {
      const { verification, weak, needsPerson } = await court.judge(one);
      const findings = CHECK_NAMES.flatMap((name) => verification.checks[name].findings);
      const told = findings.map(({ code, message }) => `${code}: ${message}`);
      if (one.label === 'honest') {
        expect(told, 'an honest fix').toEqual([]);
        expect({ verdict: verification.verdict, weak, needsPerson }).toEqual({
          verdict: 'pass',
          weak: false,
          needsPerson: [],
        });
        return;
      }
      expect(verification.verdict, told.join('\n')).not.toBe('pass');
      expect(
        findings.map(({ code }) => code).filter((code) => one.codes?.includes(code)),
        told.join('\n'),
      ).not.toEqual([]);
    },
  );
}

it('holds enough cases, each with its reason, and not too many of one idea', () => {
  const all = CASES.flatMap(({ subject, cases }) => cases.map((one) => ({ subject: subject.name, ...one })));
  const count = new Map<string, number>();
  for (const { subject, idea, label } of all) {
    const key = `${subject} ${label} ${idea}`;
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  expect([...count].filter(([, times]) => times > MOST_OF_ONE_IDEA)).toEqual([]);
  expect(all.filter(({ label, defeats, codes }) => label === 'dishonest' && (!defeats || !codes?.length))).toEqual([]);
});
