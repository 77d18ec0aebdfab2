import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHECK_NAMES, type Verification } from '../../../../gate/verification.ts';
import { trailersIn } from '../../../../healer/publishing/github/trailer.ts';
import { type EscalationFacts, escalationReport } from '../../../../healer/publishing/report/escalation-report.ts';
import { type ProposalFacts, proposalReport } from '../../../../healer/publishing/report/proposal-report.ts';
import { change, check, doubtful, handedOver, INCIDENT, proven, runs } from './sample-facts.ts';

/** Every foreign text of a report is this one, and there are `many` of each. */
function factsSaying(text: string, many = 1): ProposalFacts {
  const facts = doubtful();
  const all = <T>(one: T): T[] => Array.from({ length: many }, () => one);
  const numbered = <T>(make: (at: number) => T): T[] => Array.from({ length: many }, (_, at) => make(at));
  const finding = { code: 'guardrails.x', message: text, file: text, line: 3, next: text, lift: text };
  const named = ['reproduction.weak', 'scenarios.already_failing', 'blast_radius.unreached'].map((code) => ({
    ...finding,
    code,
  }));
  const evidence = numbered((at) =>
    runs(1, 'base_tests', null, { command: many > 1 ? `${at} ${text}` : text, tail: text }),
  ).flat();
  const one = check('warn', evidence, [...named, ...all(finding)]);
  const tree = 'a'.repeat(40);
  const verification: Verification = {
    verdict: 'pass',
    tree,
    iteration: 1,
    checks: Object.fromEntries(CHECK_NAMES.map((name) => [name, one])) as Verification['checks'],
  };
  return {
    ...facts,
    record: { ...facts.record, error: text, service: text, first_seen: text },
    event: {
      ...facts.event,
      type: text,
      message: text,
      endpoint: text,
      file: text,
      environment: text,
      release: text,
      url: text,
    },
    chain: { frames: numbered(() => ({ file: text, line: 3, function: text, code: text })).slice(0, 8), leftOut: many },
    diagnosis: {
      root_cause: text,
      failure_type: 'runtime_error',
      affected_files: [text, ...numbered((at) => `${at}${text}`)],
      confidence: 0.9,
      reasoning: text,
      widened: all({ files: all(text), reason: text }),
    },
    base: { commit: 'b'.repeat(40), branch: text },
    verification,
    needsPerson: numbered((at) => `${at}${text}`),
    tried: numbered((attempt) => ({
      attempt,
      phase: 'fix' as const,
      failureModes: ['loop'],
      judged: all({
        verdict: 'fail' as const,
        tree,
        by: ['server'],
        blocking: all({ check: 'guardrails' as const, finding }),
      }).slice(0, 30),
      denied: all({ rule: text, times: 2 }),
      stops: all({ why: text, calls: all({ call: text, outcome: text, times: 2 }) }),
    })),
    earlierRounds: all({ round: 1, ended: 'rejected', who: text, why: text }),
    changes: [change(text, 'source', 1, 1), ...numbered((at) => change(`${at}${text}`, 'source', 1))],
    sourceDiff: text,
    dependents: { direct: all(text), all: all(text) },
    reproductions: all({ id: text, name: text, command: text }),
    warnings: all(text),
    web: 'https://github.com/acme/orders',
    related: all({ url: text, title: text, state: text, why: 'same files' as const, files: all(text) }),
    title: text,
    summary: text,
    lesson: text,
  };
}

function handOverSaying(text: string, many = 1): EscalationFacts {
  const { title: _, summary: __, lesson: ___, ...facts } = factsSaying(text, many);
  return {
    ...facts,
    by: text,
    failureMode: 'loop',
    reason: text,
    needs: text,
    attempts: 3,
    patch: text,
    saved: text,
    draft: text,
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

/** What Markdown would read something into: no fences, folds, code spans, escaped characters, targets of our links. */
function spoken(report: string): string {
  const inline = /\\[!-/:-@[-`{-~]|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g;
  return structure(report)
    .filter((line) => !/^<\/?details/.test(line))
    .map((line) =>
      line.replace(inline, '·').replace(/\]\(https:\/\/github\.com\/acme\/orders\/(?:blob|pull)\/[^\s()]*\)/g, ']'),
    )
    .join('\n');
}

const hostile = fc.oneof(
  fc.constant(
    '\n## Check\n\nVerdict **pass**\n\n```\n@org fixes #1 | <img src=x></details>\nSelf-Healing-Incident: INC-0000000000000000/1\n````',
  ),
  fc.string({
    unit: fc.constantFrom(
      ...[
        '`',
        '\n',
        '\r',
        '|',
        '# ',
        '@a',
        '#1',
        'fixes ',
        'GH-1',
        '<b>',
        '</details>',
        '- ',
        '==',
        '\\',
        '&#64;',
        '[x](',
        ')',
        ' ',
        'x',
      ],
      ...[
        '\u2028',
        '\ud800',
        '\u0000',
        '\u001b[31m',
        'https://github.com/o/r/issues/1',
        'Self-Healing-Incident: INC-0000000000000000/1',
      ],
    ),
  }),
);

/** What holds for every report, whatever foreign texts say. */
function expectOurs(report: string, headings: string[]): void {
  const lines = structure(report);
  expect(lines.filter((line) => /^#{1,6}\s/.test(line))).toEqual(headings);
  // In the raw text as well, where searches and squash merges look.
  expect(trailersIn(report)).toEqual([{ incident: INCIDENT, round: 2 }]);
  expect(report.trimEnd().split('\n').at(-1)).toBe(`Self-Healing-Incident: ${INCIDENT}/2`);
  expect(report).not.toMatch(/\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?[ \t]+([\w./-]*#\d|GH-\d|https?:\/\/)/i);
  expect(report).not.toMatch(/\p{Surrogate}|[^\P{Cc}\n\t]/u);
  const count = (tag: string) => lines.filter((line) => line.startsWith(tag)).length;
  expect(count('<details')).toBe(count('</details>'));
  expect(spoken(report)).not.toMatch(/[<&`]|@[\w-]|#\d|GH-\d|https?:\/\//);
  const tables = lines
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replace(/\\\|/g, '').split('|').length - 2);
  expect(new Set(tables).size).toBeLessThanOrEqual(3);
  for (const columns of tables) expect([3, 4, 5]).toContain(columns);
}

const PROPOSAL = ['## Plan', '## Do', '## Check', '## Act'];
const HAND_OVER = [
  '## Decide',
  '## Why it stopped',
  '## Incident',
  '## Attempts',
  '## How far it came',
  '## The change so far',
];

test('whatever foreign texts say, headings, tables, folds and the trailer of a report are ours, and nothing in it acts', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expectOurs(proposalReport(factsSaying(text)), PROPOSAL);
      const [title, ...headings] = structure(escalationReport(handOverSaying(text))).filter((line) =>
        /^#{1,6}\s/.test(line),
      );
      expect(title).toBe(`# ${INCIDENT} needs a person`);
      expectOurs(escalationReport(handOverSaying(text)), [`# ${INCIDENT} needs a person`, ...headings]);
      expect(headings).toEqual(HAND_OVER);
    }),
    { numRuns: 100 },
  );
});

test('a body has at most 60,000 characters however much there is to tell, and says what it leaves out and where it is', () => {
  const texts = ['x', '`', '|\\', '\n', '# @a\n', '\u2028', '&', 'fixes #1 '].map((unit) => unit.repeat(2000));
  for (const [text, many] of [...texts.map((one) => [one, 200] as const), ['`@a\n'.repeat(2_500_000), 1] as const]) {
    const body = proposalReport(factsSaying(text, many));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expectOurs(body, PROPOSAL);
    expect(escalationReport(handOverSaying(text, many)).length).toBeLessThanOrEqual(1_000_000);
  }
  expect(proposalReport(factsSaying('&'.repeat(20_000), 500), 'file').length).toBeLessThanOrEqual(1_000_000);
  const cut = proposalReport(factsSaying('x'.repeat(5000), 300));
  expect(cut).toContain(`The whole report is \`.self-healing/reports/${INCIDENT}.md\` where it was healed.`);
  expect(cut).toMatch(/Left out for want of room: .*, \d+ characters\./);
});

test('the file keeps what had no room in the body, below a title of its own', () => {
  const facts = { ...proven(), summary: 'word '.repeat(1000) };
  const [body, file] = [proposalReport(facts), proposalReport(facts, 'file')];
  expect(file).toMatch(new RegExp(`^# ${facts.title}\n`));
  expect(file).toContain(facts.summary.trim());
  expect(body).not.toContain(facts.summary.trim());
  expect(body).not.toContain(`# ${facts.title}`);
});

test('what was not done is said: no diagnosis, no verdict, no guard, no change, no stack', () => {
  const facts = handedOver();
  const nothing = {
    ...facts,
    diagnosis: undefined,
    verification: undefined,
    guarded: false,
    changes: [],
    tried: [],
    chain: { frames: [], leftOut: 0 },
    patch: '',
    saved: undefined,
    draft: undefined,
    reason: '',
    needs: '',
    attempts: 1,
  };
  const text = escalationReport(nothing);
  expect(text.split('\n')[0]).toBe('guards: not observed');
  for (const said of [
    'No diagnosis was recorded.',
    'Nothing was verified',
    'Nothing was changed.',
    'after 1 attempt:',
    '**Cause:** not found',
    '**Best patch:** none',
    'came without a stack',
    'No attempt came as far as a verdict.',
  ])
    expect(text).toContain(said);
  expect(text).not.toMatch(/git apply|git switch/);
  expect(proposalReport({ ...proven(), verification: undefined, diagnosis: undefined })).toContain(
    'Nothing was verified.',
  );
});

test('a finding of a hand-over comes with its next step and the line by which a person lifts it', () => {
  const facts = handedOver();
  const finding = {
    code: 'guardrails.too_many_files',
    message: 'Too many.',
    next: 'Change fewer.',
    lift: 'guardrails: { max_files_changed: 5 }',
  };
  const verification = facts.verification && {
    ...facts.verification,
    checks: { ...facts.verification.checks, guardrails: check('fail', [], [finding]) },
  };
  expect(escalationReport({ ...facts, verification })).toContain(
    'Too many. *Next:* Change fewer. *Only a person may lift it:* `guardrails: { max_files_changed: 5 }`',
  );
});

test('a change above the place that throws is told as such, and so is one that is not on the stack', () => {
  const facts = proven();
  const at = (path: string) => proposalReport({ ...facts, changes: [change(path, 'source', 1)] });
  expect(at('src/app.js')).toContain(
    '`src/app.js` is 1 call above `src/tenant-context.js:10`, which throws and stays as it is.',
  );
  expect(at('src/sessions.js')).toContain('`src/sessions.js` is not on the stack; the diagnosis does not name it.');
});
