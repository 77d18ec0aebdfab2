import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { formatVerification } from '../../../cli/formats/verification.ts';
import type { Check, Verification } from '../../../gate/verification.ts';

const PASS: Check = { status: 'pass', findings: [], evidence: [] };
const RUN = { command: 'node --test "<a>&b"', tree: 'f'.repeat(40), exit: 0, counts: null, seconds: 1.5, tail: '' };
/** Text as a hostile test or file name could bring it along. */
const HOSTILE = 'broken, ok\n::error file=x::faked\u0000\u001b[2J <b>&"]]>';

const VERIFICATION: Verification = {
  verdict: 'fail',
  tree: 'f'.repeat(40),
  iteration: 1,
  checks: {
    guardrails: {
      status: 'fail',
      findings: [
        { code: 'tampering.test_changed', message: HOSTILE, file: 'test/a,b:c.js', line: 3, next: 'Restore it.' },
      ],
      evidence: [],
    },
    reproduction: { status: 'skipped', findings: [], evidence: [] },
    scenarios: { status: 'pass', findings: [], evidence: [{ ...RUN, at: 'fix' }] },
    invariants: PASS,
    blast_radius: {
      status: 'warn',
      findings: [{ code: 'blast_radius.uncovered', message: 'one', next: '' }],
      evidence: [],
    },
    anti_patterns: PASS,
  },
};

describe('formatVerification', () => {
  it('is well-formed JUnit whatever the findings say', () => {
    const xml = formatVerification(VERIFICATION, 'junit', []);
    expect(XMLValidator.validate(xml)).toBe(true);
    const suites = new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites.testsuite;
    expect(suites).toHaveLength(6);
    expect(suites[0]).toMatchObject({ '@_name': 'guardrails', '@_failures': '1' });
    expect(suites[0].testcase.failure['#text']).toContain('tampering.test_changed: broken, ok');
    expect(suites[1].testcase.skipped).toBeDefined();
    expect(suites[2].testcase).toHaveLength(2);
  });

  it('annotates files for GitHub, and foreign text cannot begin a command of its own', () => {
    const lines = formatVerification(VERIFICATION, 'github', []).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^::error file=test\/a%2Cb%3Ac\.js,line=3,title=tampering\.test_changed::broken, ok%0A::error/,
    );
    expect(lines[1]).toMatch(/^::warning title=blast_radius\.uncovered::one%0A/);
    expect(lines[2]).toContain('self-healing: fail (guardrails fail, ');
  });

  it('is Markdown with the verdict as its heading, and words with the next step', () => {
    expect(formatVerification(VERIFICATION, 'markdown', [])).toMatch(/^## self-healing: fail\n\n\| Check /);
    expect(formatVerification({ ...VERIFICATION, sandbox: 'on' }, 'markdown', [])).toContain('ran in a sandbox');
    expect(formatVerification(VERIFICATION, 'text', ['weak evidence'])).toMatch(
      /^fail [\s\S]*Restore it\.[\s\S]*weak evidence/,
    );
  });
});
