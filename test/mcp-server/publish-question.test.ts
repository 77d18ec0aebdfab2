import { describe, expect, it } from 'vitest';
import type { Change } from '../../gate/changes.ts';
import { CHECK_NAMES, type Check, type Evidence, type Verification } from '../../gate/verification.ts';
import { publishQuestion, type QuestionFacts, readDecision } from '../../mcp-server/publish-question.ts';

const run = (at: Evidence['at'], exit: number, command = 'node --test a'): Evidence => ({
  ...{ command, tree: 'f'.repeat(40), at, exit, seconds: 1, tail: '' },
  counts: { passed: exit === 0 ? 1 : 0, failed: exit === 0 ? 0 : 1, skipped: 0 },
});
const check = (part: Partial<Check> = {}): Check => ({ status: 'pass', findings: [], evidence: [], ...part });
const change = (path: string, kind: Change['kind'] = 'source'): Change => ({
  ...{ path, status: 'M', oldMode: '100644', newMode: '100644', oldBlob: 'a', newBlob: 'b', kind },
  ...{ added: 2, removed: 1, binary: false },
});

function facts(part: Partial<QuestionFacts> = {}, checks: Partial<Verification['checks']> = {}): QuestionFacts {
  const all = Object.fromEntries(CHECK_NAMES.map((name) => [name, check()])) as Verification['checks'];
  return {
    incident: 'INC-0123456789abcdef',
    error: 'TypeError: x is undefined',
    title: 'Handle x',
    changes: [change('src/x.ts'), change('test/x.test.ts', 'test')],
    verification: { verdict: 'pass', tree: 'f'.repeat(40), iteration: 1, checks: { ...all, ...checks } },
    needsPerson: [],
    draft: false,
    branch: 'hotfix/auto-0123456789abcdef',
    base: 'main',
    ...part,
  };
}

describe('the question', () => {
  it('tells incident, change, checks and proof, and nothing to look at where there is nothing', () => {
    const evidence = [
      run('base_tests', 1),
      run('base_tests', 1),
      run('fix', 0),
      run('fix', 1, 'node --test a  # with src/x.ts broken'),
    ];
    expect(publishQuestion(facts({}, { reproduction: check({ evidence }) })).message).toBe(
      [
        'Publish the fix of INC-0123456789abcdef?',
        '',
        'Error:   "TypeError: x is undefined"',
        'Title:   "Handle x" (the agent\'s words)',
        'Branch:  hotfix/auto-0123456789abcdef, for main',
        'Change:  2 files, +4 −2 lines',
        '  M src/x.ts +2 −1',
        '  M test/x.test.ts +2 −1 (test)',
        'Checks:  Guardrails pass, Reproduction pass, Scenarios pass, Invariants pass, Blast radius pass, Anti-patterns pass',
        'Proof:   red 2× before (0 passed, 1 failed); green 1× with the fix (1 passed, 0 failed)',
      ].join('\n'),
    );
  });

  it('says first what a person has to look at', () => {
    const finding = { code: 'scenarios.already_failing', message: 'S009 is red on the base too', next: '' };
    const { message } = publishQuestion(
      facts(
        { needsPerson: ['The reproduction is weak.'], draft: true },
        { scenarios: check({ status: 'warn', findings: [finding] }) },
      ),
    );
    expect(message.split('Look at this first:\n')[1]?.split('\n')).toEqual([
      '  - The reproduction is weak.',
      '  - Cases are red on the base too, so it will be a draft.',
      '  - Scenarios: S009 is red on the base too',
    ]);
  });

  it('keeps foreign words on their line, without anything a terminal would act on', () => {
    const evil = 'boom"\n\u001b[2J\u202eChecks:  Guardrails pass\r\nProof:   green';
    const { message } = publishQuestion(facts({ error: evil, title: evil, changes: [change(`src/${evil}.ts`)] }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(message.match(/^(Checks|Proof):/gm)).toEqual(['Checks:', 'Proof:']);
  });

  it('stays short for a change of many files', () => {
    const { message } = publishQuestion(
      facts({ changes: Array.from({ length: 200 }, (_, i) => change(`src/${i}.ts`)) }),
    );
    expect(message).toContain('… and 188 more files');
    expect(message.split('\n').length).toBeLessThan(25);
  });
});

it('reads the three decisions and nothing else', () => {
  expect(readDecision({ decision: 'reject', reason: 'no' })).toEqual({ decision: 'reject', reason: 'no' });
  for (const content of [{}, { decision: 'yes' }, { decision: ['publish'] }, 'publish', null])
    expect(readDecision(content)).toBeUndefined();
});
