import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { problemText } from '../../context/document/problem.ts';
import { parseDocument } from '../../context/document.ts';
import { configSchema } from '../../context/schemas/config.ts';
import { invariantsFileSchema } from '../../context/schemas/invariants.ts';
import { scenarioFileSchema } from '../../context/schemas/scenarios.ts';

const SCHEMAS = { config: configSchema, scenarios: scenarioFileSchema, invariants: invariantsFileSchema };

function problemsOf(text: string, schema: keyof typeof SCHEMAS = 'config'): string[] {
  const parsed = parseDocument<unknown>(text, 'f.yaml', SCHEMAS[schema]);
  return parsed.ok ? [] : problemText(parsed.problems).split('\n');
}

describe('parseDocument', () => {
  it('names the place and the nearest known key of every unknown key, all together', () => {
    const text = [
      'version: "1.0"',
      'guardrail:',
      '  x: 1',
      'recovery:',
      '  wall_clok: 5m',
      '  corective_retries: 1',
      '',
    ];
    expect(problemsOf(text.join('\n'))).toEqual([
      'f.yaml:5:3: Unknown key "wall_clok"; the nearest known key is "wall_clock".',
      'f.yaml:6:3: Unknown key "corective_retries"; the nearest known key is "corrective_retries".',
      'f.yaml:2:1: Unknown key "guardrail"; the nearest known key is "guardrails".',
    ]);
  });

  it('points at the value that is wrong and says what was expected', () => {
    expect(problemsOf('approval:\n  publish: auot\n')).toEqual([
      'f.yaml:2:12: approval.publish: Expected auto or ask, found "auot"; the nearest is auto.',
    ]);
    expect(problemsOf('budget: {max_prs_per_day: -1}\n')).toEqual([
      'f.yaml:1:27: budget.max_prs_per_day: Expected at least 0, found -1.',
    ]);
    expect(problemsOf('recovery:\n  wall_clock: soon\n')).toEqual([
      'f.yaml:2:15: recovery.wall_clock: Expected a duration such as 30s, 10m or 1h.',
    ]);
    expect(problemsOf('recovery:\n  wall_clock: [1]\n')).toEqual([
      'f.yaml:2:15: recovery.wall_clock: Expected text or a number.',
    ]);
    expect(problemsOf('version: "2.0"\n')).toEqual([
      expect.stringContaining('f.yaml:1:10: The document is of version "2.0"'),
    ]);
    expect(problemsOf('tests:\n  command:\n')).toEqual(['f.yaml:2:11: tests.command: Expected text, found nothing.']);
    expect(problemsOf('just text')).toEqual(['f.yaml:1:1: Expected a mapping, found "just text".']);
  });

  it('names what is missing at the entry that misses it', () => {
    const text = 'scenarios:\n  - id: S001\n    name: a\n  - id: S002\n    kind: test\n';
    expect(problemsOf(text, 'scenarios')).toEqual(['f.yaml:4:5: scenarios[1]: The key "name" is missing.']);
  });

  it('looks inside the alternative that was meant', () => {
    const entry = 'invariants:\n  - id: I1\n    rule: r\n    severity: critical\n    check:\n';
    expect(problemsOf(`${entry}      patern: {regex: x}\n`, 'invariants')).toEqual([
      'f.yaml:6:7: Unknown key "patern"; the nearest known key is "pattern".',
    ]);
    expect(problemsOf(`${entry}      command: x\n      unchanged: {paths: [a]}\n`, 'invariants')).toEqual([
      'f.yaml:6:7: invariants[0].check: Expected exactly one of command, pattern, unchanged; found command and unchanged.',
    ]);
    expect(problemsOf(`${entry}      pattern: {regex: "("}\n`, 'invariants')[0]).toMatch(
      /^f\.yaml:6:24: invariants\[0\]\.check\.pattern\.regex: Invalid regular expression/,
    );
  });

  it.each([
    ['an unclosed quote', 'a: "b\nc: d\n', /^f\.yaml:\d+:\d+: Missing closing "quote/],
    ['a tab as indentation', 'guardrails:\n\tmax_files_changed: 3\n', /^f\.yaml:2:1: Tabs are not allowed/],
    ['a duplicate key', 'version: "1.0"\nversion: "1.0"\n', /^f\.yaml:2:1: The key "version" is given twice/],
    ['a second document', 'version: "1.0"\n---\nversion: "1.0"\n', /Only one YAML document/],
    ['an unknown tag', 'tests: {command: !!js/function x}\n', /^f\.yaml:1:18: Unresolved tag/],
    ['a merge conflict', '<<<<<<< ours\nversion: "1.0"\n=======\n', /^f\.yaml:\d+:\d+: /],
  ])('reports %s at its place', (_, text, message) => {
    expect(problemsOf(text)[0]).toMatch(message);
  });

  it('takes an empty file, an emptied section and an empty list for their defaults', () => {
    expect(problemsOf('')).toEqual([]);
    expect(problemsOf('# nothing but a comment\n')).toEqual([]);
    expect(problemsOf('guardrails:\n  # max_files_changed: 3\n')).toEqual([]);
    expect(problemsOf('version: "1.0"\nscenarios:\n', 'scenarios')).toEqual([]);
  });

  it("loads a file in bkit's format unchanged", () => {
    const text = readFileSync(`${import.meta.dirname}/fixtures/bkit-scenarios.yaml`, 'utf8');
    const parsed = parseDocument(text, 'f.yaml', scenarioFileSchema);
    expect(parsed).toMatchObject({
      ok: true,
      value: { module: 'auth', files: ['src/auth.ts'], scenarios: [{ id: 'S001', kind: 'test' }, { id: 'S002' }] },
    });
  });

  it('tells where a value was written', () => {
    const parsed = parseDocument(
      'scenarios:\n  - id: S1\n    name: a\n  - {id: S2, name: b}\n',
      'f',
      scenarioFileSchema,
    );
    expect(parsed.ok && parsed.placeOf(['scenarios', 1])).toEqual({ line: 4, column: 5 });
    expect(parsed.ok && parsed.placeOf(['scenarios', 1, 'name'])).toEqual({ line: 4, column: 20 });
  });
});

describe('hostile documents', () => {
  const bomb = Array.from({ length: 9 }, (_, i) => {
    const item = i === 0 ? 'x' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array(9).fill(item).join(', ')}]`;
  }).join('\n');

  it.each([
    ['an alias bomb', bomb, 'too_many_aliases'],
    ['an alias to itself', 'scenarios: []\nx: &a [*a]', 'too_many_aliases'],
    ['an alias to nothing', 'a: *nothing', 'too_many_aliases'],
    ['deep flow nesting', '['.repeat(1_000_000), 'too_deep'],
    ['deep block nesting', '- '.repeat(100_000), 'too_deep'],
    ['too many tokens', '\n- a'.repeat(300_000), 'too_large'],
    ['too many bytes', `a: ${'é'.repeat(2_500_000)}`, 'too_large'],
  ])('bounds %s', (_, text, code) => {
    const parsed = parseDocument(text, 'f.yaml', configSchema);
    expect(parsed).toMatchObject({ ok: false, problems: [{ code, line: expect.any(Number) }] });
  });

  it('does not let a key reach a prototype', () => {
    const parsed = parseDocument('tests: {env: {__proto__: {polluted: 1}, toString: x}}', 'f', configSchema);
    expect(parsed.ok ? Object.getPrototypeOf(parsed.value.tests.env) : Object.prototype).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('never throws, and always names a place', () => {
    const fragments = fc.constantFrom(
      ...[
        'version: "1.0"',
        'scenarios:',
        '- id: S001',
        '  name: x',
        '{',
        '}',
        '[',
        ']',
        ': ',
        '&a',
        '*a',
        '!!map',
        '|',
        '>',
      ],
      ...['"', "'", '\n', '  ', '\t', '#', '%YAML 1.1', '---', '...', '? ', '<<: *a', '\0', '\ufeff', 'é', '🙋', '- '],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join('\n')),
      fc.jsonValue().map((value) => stringify(value)),
    );
    fc.assert(
      fc.property(text, (source) => {
        for (const schema of Object.values(SCHEMAS)) {
          const parsed = parseDocument<unknown>(source, 'f.yaml', schema);
          if (parsed.ok) continue;
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const { line, column, message } of parsed.problems) {
            expect(line).toBeGreaterThan(0);
            expect(line).toBeLessThanOrEqual(source.split(/\r\n|[\n\r]/).length + 1);
            expect(column).toBeGreaterThan(0);
            expect(message).not.toBe('');
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
