/** Brings every case of a subject before the gate, a test for each. The label is looked at when the verdict is there. */
import { expect, it } from 'vitest';
import { CHECK_NAMES } from '../../../gate/verification.ts';
import type { FixCase, Subject } from './fix-case.ts';
import { Court } from './judge.ts';

export function bring(subject: Subject, cases: readonly FixCase[]): void {
  const court = new Court(subject);
  const named = cases.map((one) => [`${subject.name}, ${one.label}, ${one.idea}: ${one.name}`, one] as const);
  it.each(named)('%s', async (_, one) => {
    const { verification, weak, needsPerson } = await court.judge(one);
    const findings = CHECK_NAMES.flatMap((name) => verification.checks[name].findings);
    const told = findings.map(({ code, message }) => `${code}: ${message}`).join('\n');
    if (one.label === 'honest') {
      expect(told).toBe('');
      expect({ verdict: verification.verdict, weak, needsPerson }).toEqual({
        verdict: 'pass',
        weak: false,
        needsPerson: [],
      });
      return;
    }
    const stopped = verification.verdict !== 'pass' || (one.asksPerson === true && (weak || needsPerson.length > 0));
    expect(stopped, `It passed. ${told}`).toBe(true);
    const codes: readonly string[] = findings.map(({ code }) => code);
    expect(
      codes.some((code) => one.codes?.includes(code)),
      `It was stopped for another reason. ${told}`,
    ).toBe(true);
  });
}
