import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHECK_NAMES, type Check, type Verification } from '../../../gate/verification.ts';
import { escalationReport } from '../../../healer/publishing/escalation-report.ts';
import { type ProposalFacts, proposalReport } from '../../../healer/publishing/report.ts';

const fingerprint = '1a2b3c4d5e6f7890';
const tree = 'a'.repeat(40);

function verificationSaying(text: string): Verification {
  const check: Check = {
    status: 'warn',
    findings: [{ code: 'guardrails.x', message: text, file: text, line: 3, next: text }],
    evidence: [
      {
        command: text,
        tree,
        at: 'base_tests',
        exit: 1,
        counts: { passed: 0, failed: 1, skipped: 0 },
        seconds: 1,
        tail: text,
      },
    ],
  };
  return {
    verdict: 'pass',
    tree,
    iteration: 1,
    checks: Object.fromEntries(CHECK_NAMES.map((name) => [name, check])) as Verification['checks'],
  };
}

/** Every foreign text of a report is this one. */
function factsSaying(text: string): ProposalFacts {
  const times = { first_seen: '2026-11-20T10:00:00Z', last_seen: '2026-11-20T10:00:00Z' };
  return {
    record: {
      incident: `INC-${fingerprint}`,
      fingerprint,
      status: 'verified',
      severity: 'high',
      count: 3,
      error: text,
      files: [],
      source: 'log',
      service: text,
      round: 1,
      ...times,
      event: {},
      dismissal_confirmed: false,
      created_at: times.first_seen,
      updated_at: times.first_seen,
    },
    event: {
      id: 'e',
      source: 'log',
      actionable: true,
      severity: 'high',
      type: 'TypeError',
      message: text,
      file: 'src/a.ts',
      line: 3,
      endpoint: text,
      frames: [],
      ...times,
      count: 3,
      fingerprint,
      received_at: times.first_seen,
    },
    diagnosis: {
      root_cause: text,
      failure_type: 'runtime_error',
      affected_files: [text],
      confidence: 0.9,
      reasoning: text,
      widened: [{ files: [text], reason: text }],
    },
    base: { commit: 'b'.repeat(40), branch: text },
    verification: verificationSaying(text),
    iterations: 2,
    changes: [
      {
        path: text,
        status: 'M',
        oldMode: '100644',
        newMode: '100644',
        oldBlob: tree,
        newBlob: tree,
        kind: 'source',
        added: 1,
        removed: 1,
        binary: false,
      },
    ],
    guarded: true,
    warnings: [text],
    branch: `hotfix/auto-${fingerprint}`,
    commit: 'c'.repeat(40),
    title: text,
    summary: text,
    lesson: text,
  };
}

/** The report without fenced blocks: what Markdown reads as structure. */
function structure(report: string): string[] {
  const lines: string[] = [];
  let fence = '';
  for (const line of report.split('\n')) {
    const ticks = /^(`{3,})/.exec(line)?.[1];
    if (fence === '' && ticks) fence = ticks;
    else if (fence !== '' && line === fence) fence = '';
    else if (fence === '') lines.push(line);
  }
  expect(fence).toBe('');
  return lines;
}

const hostile = fc.oneof(
  fc.constant(
    '\n## Check\n\nVerdict **pass**\n\n```\n@org fixes #1 | <img src=x>\nSelf-Healing-Incident: INC-0000000000000000/1\n````',
  ),
  fc.string({ unit: fc.constantFrom('`', '\n', '\r', '|', '# ', '@a', '#1', '<b>', '- ', '\\', ' ', 'x', '\u2028') }),
);

test('whatever foreign texts say, the headings, the trailer and the tables of a report are ours', () => {
  const headings = (lines: string[]) => lines.filter((line) => /^#{2,}\s/.test(line));
  const trailers = (lines: string[]) => lines.filter((line) => line.startsWith('Self-Healing-Incident:'));
  fc.assert(
    fc.property(hostile, (text) => {
      const facts = factsSaying(text);
      const proposal = structure(proposalReport(facts));
      expect(headings(proposal)).toEqual(['## Plan', '## Do', '## Check', '## Act']);
      expect(trailers(proposal)).toEqual([`Self-Healing-Incident: INC-${fingerprint}/1`]);
      const columns = proposal
        .filter((line) => line.startsWith('|'))
        .map((line) => line.replace(/\\\|/g, '').split('|').length - 2);
      // Change (head, rule, one file), checks (head, rule, six), proof and scenarios (head, rule, one run each).
      expect(columns).toEqual([...Array(3).fill(4), ...Array(8).fill(4), ...Array(6).fill(7)]);
      const handOver = structure(
        escalationReport({
          ...facts,
          by: text,
          failureMode: 'loop',
          reason: text,
          needs: text,
          attempts: 3,
          patch: text,
          saved: text,
        }),
      );
      expect(headings(handOver)).toEqual(['## Incident', '## How far it came', '## The change so far', '## What now']);
      expect(trailers(handOver)).toHaveLength(1);
      const prose = handOver.map((line) => line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, ''));
      expect(prose.join('\n')).not.toMatch(/(?<!\\)<(?!\/?(?:details|summary))|@\w|#\d/);
    }),
    { numRuns: 200 },
  );
});

test('what was not done is said: no diagnosis, no verdict, no guard, no change', () => {
  const facts = { ...factsSaying('x'), diagnosis: undefined, verification: undefined, guarded: false, changes: [] };
  const text = escalationReport({
    ...facts,
    by: 'heal',
    failureMode: undefined,
    reason: '',
    needs: '',
    attempts: 1,
    patch: '',
    saved: undefined,
  });
  expect(text.split('\n')[0]).toBe('guards: not observed');
  for (const said of ['No diagnosis was recorded.', 'Nothing was verified', 'Nothing was changed.', 'after 1 attempt.'])
    expect(text).toContain(said);
  expect(proposalReport(facts)).toContain('Nothing was verified.');
});

test('a report says how many cases every scenario ran, on the base and on the fix', () => {
  const facts = factsSaying('x');
  const run = { command: 'npm test', tree: 'b'.repeat(40), exit: 0, seconds: 2, tail: '' };
  const verification = verificationSaying('x');
  verification.checks.scenarios = {
    status: 'pass',
    findings: [],
    evidence: [
      { ...run, at: 'base', counts: { passed: 737, failed: 0, skipped: 2 } },
      { ...run, at: 'fix', counts: { passed: 738, failed: 0, skipped: 2 } },
    ],
  };
  const lines = proposalReport({ ...facts, verification }).split('\n');
  expect(lines).toContain('<details><summary>The 2 runs of the scenarios</summary>');
  expect(lines.filter((line) => line.includes('npm test'))).toEqual([
    '| base | 1× | 737 passed, 0 failed, 2 skipped | 0 | 2.0 s | `npm test` | `bbbbbbbbbbbb` |',
    '| the fix | 1× | 738 passed, 0 failed, 2 skipped | 0 | 2.0 s | `npm test` | `bbbbbbbbbbbb` |',
  ]);
});
