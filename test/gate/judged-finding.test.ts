import { expect, test } from 'vitest';
import { judge } from '../../gate/judged-finding.ts';

test('the worst findings come first, and of those what nothing lifts', () => {
  const finding = (severity: 'refuse' | 'fail' | 'warn', code: string, lift?: string) => ({
    severity,
    code,
    message: 'one\nline',
    next: '',
    ...(lift === undefined ? {} : { lift }),
  });
  const { check, needsPerson } = judge([
    finding('warn', 'a.warning'),
    finding('fail', 'a.failure'),
    finding('refuse', 'a.liftable', 'guardrails: { forbidden_paths: [] }'),
    finding('refuse', 'a.final'),
  ]);
  expect(check.status).toBe('refuse');
  expect(check.findings.map(({ code }) => code)).toEqual(['a.final', 'a.liftable', 'a.failure', 'a.warning']);
  expect(check.findings[0]).toEqual({ code: 'a.final', message: 'one line', next: '' });
  expect(needsPerson).toEqual([]);
});
