import { expect, it } from 'vitest';
import { bash, edit, failed, read, settings, tests, times, told } from '../run.ts';

const refused = (n: number) =>
  `psql: error: connection to server at "127.0.0.1", port 54${n} failed: Connection refused`;

it('flags the third of three failures that read alike, though each call is another', () => {
  expect(told(times(3, (n) => failed(`psql -p 54${n} -c 'select ${n}'`, refused(n))))).toEqual(['loop.similar:1 at 3']);
  const install = ['', ' --no-audit', ' --prefer-offline'].map((flag) =>
    failed(`npm install${flag}`, 'npm error code ERESOLVE\nnpm error unable to resolve dependency tree'),
  );
  expect(told(install)).toEqual(['loop.similar:1 at 3']);
});

it('flags edits of one file that never apply', () => {
  const missed = (n: number) => ({
    ...edit('/app/a.ts', `line ${n}`, 'x'),
    outcome: 'refused' as const,
    output: `<tool_use_error>String to replace not found in file.\nString: line ${n}</tool_use_error>`,
  });
  expect(told(times(3, missed))).toEqual(['loop.similar:1 at 3']);
});

it('flags the same check run in ever other ways: three variations beside the first', () => {
  const run = ['', ' --retry=2', ' --pool=forks', ' --no-cache'].map((flag) => {
    const report = tests(['adds']);
    return { ...report, input: { command: `npx vitest run${flag}` } };
  });
  expect(told(run)).toEqual(['loop.similar:1 at 4']);
});

it('begins anew with another failure, with a success, below the threshold', () => {
  const other = failed('psql -p 9', 'psql: fatal: password authentication failed for user "app"');
  expect(
    told([failed('psql -p 1', refused(1)), failed('psql -p 2', refused(2)), other, failed('psql -p 3', refused(3))]),
  ).toEqual([]);
  expect(
    told([
      failed('psql -p 1', refused(1)),
      failed('psql -p 2', refused(2)),
      bash('psql -p 4', '1 row'),
      failed('psql -p 3', refused(3)),
    ]),
  ).toEqual([]);
  const strict = { ...settings, similarity_threshold: 1 };
  expect(
    told(
      times(4, (n) => failed(`psql -p 54${n}`, refused(n))),
      { detection: strict },
    ),
  ).toEqual([]);
});

it('holds tries after changes against the one before them', () => {
  const run = (n: number) => failed(`node repro.js ${n}`, 'TypeError: total is not a function, called by checkout');
  const change = (n: number) => edit('/app/a.ts', `v${n}`, `v${n + 1}`);
  expect(told([run(1), change(1), run(2), change(2), run(3)])).toEqual([]);
  expect(told([run(1), change(1), run(2), change(2), run(3), change(3), run(4)])).toEqual(['loop.similar:1 at 7']);
});

it('does not compare successes, searches without a hit, or reads', () => {
  expect(told(times(5, (n) => bash(`node make.js ${n}`, `wrote part ${n}`)))).toEqual([]);
  expect(told(['foo', 'bar', 'baz', 'qux'].map((word) => failed(`grep -rn ${word} src`, '')))).toEqual([]);
  expect(told(times(5, (n) => read(`/app/${n}.json`, '{"error":"not found","code":404}')))).toEqual([]);
});

it('knows a report again whatever the order in which it tells its cases', () => {
  const shuffled = (n: number) => {
    const report = tests(['adds']);
    const cases = times(50, (m) => ` ✓ test/part${(m * 7 + n * 11) % 50}.test.ts (3 tests) ${m}ms`);
    return {
      ...report,
      input: { command: `npx vitest run --sequence.seed=${n}` },
      output: `${cases.join('\n')}\n${report.output}`,
    };
  };
  expect(told(times(4, shuffled))).toEqual(['loop.similar:1 at 4']);
});
