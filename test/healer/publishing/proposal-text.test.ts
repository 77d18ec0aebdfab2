import { expect, test } from 'vitest';
import { defaultConfig } from '../../../context/schemas/config.ts';
import { CHECK_NAMES, type Check, type CheckName } from '../../../gate/verification.ts';
import { draftReasons, type ProposalSubject } from '../../../healer/publishing/proposal-text.ts';

const SETTINGS = defaultConfig().publish;
const OTHERS = { status: 'clear' as const, related: [], overlap: false, notes: [] };

/** What was stored of a pass in which these checks warned. */
function proposal(
  warned: Partial<Record<CheckName, string[]>>,
  stored: { needs_person?: string[]; draft?: boolean } = {},
): ProposalSubject {
  const checks = Object.fromEntries(
    CHECK_NAMES.map((name): [CheckName, Check] => [
      name,
      {
        status: warned[name] ? 'warn' : 'pass',
        findings: (warned[name] ?? []).map((code) => ({ code, message: 'm', next: 'n' })),
        evidence: [],
      },
    ]),
  );
  const result = { verdict: 'pass', tree: 't', iteration: 1, checks, needs_person: [], draft: false, ...stored };
  const row = { id: '1', incident: 'INC-1', round: 1, run: null, iteration: 1, tree: 't', verdict: 'pass' as const };
  return {
    ...{ incident: 'INC-1', round: 1, branch: 'b', base: { commit: 'c', branch: 'main' } },
    row: { ...row, result, by: 'parent', at: '2026-11-20T10:00:00.000Z' },
    testPaths: [],
    warnings: [],
  };
}

test('a clean pass is ready, also beside documentation that nothing can execute', () => {
  expect(draftReasons(proposal({}), SETTINGS, OTHERS)).toEqual([]);
  expect(draftReasons(proposal({ scenarios: ['scenarios.unproven'] }), SETTINGS, undefined)).toEqual([]);
});

test.each([
  ['the setting', proposal({}), { ...SETTINGS, draft: true }, OTHERS, 'publish.draft is set'],
  [
    'weak evidence',
    proposal({ reproduction: ['reproduction.weak'] }, { needs_person: ['It is weak.'] }),
    SETTINGS,
    OTHERS,
    'the reproduction is weak',
  ],
  ['cases red on the base', proposal({}, { draft: true }), SETTINGS, OTHERS, 'cases are red on the base too'],
  ['what a person decided', proposal({}, { needs_person: ['x'] }), SETTINGS, OTHERS, 'a person had to decide about it'],
  [
    'a warning beside documentation',
    proposal({ invariants: ['invariants.unproven', 'invariants.violated'] }),
    SETTINGS,
    OTHERS,
    'warnings stand (invariants)',
  ],
  ['an overlapping pull request', proposal({}), SETTINGS, { ...OTHERS, overlap: true }, /^another open pull request/],
])('%s makes it a draft, and says so', (_name, subject, settings, others, reason) => {
  expect(draftReasons(subject, settings, others)[0]).toMatch(reason);
});
