import { expect, it } from 'vitest';
import { judgeSecrets } from '../../../gate/guardrails/secrets.ts';

const AWS = `AK${'IA'}2OGYBAH6QLMNPQRS`;
const NO_CHANGES: never[] = [];

/** Added lines of a file, from the given line on. */
function added(path: string, text: string, from = 1) {
  return text.split('\n').map((line, at) => ({ path, line: from + at, text: line }));
}

it('names kind, file and line, and never the text', async () => {
  const lines = [...added('src/a.ts', `a();\nb();`, 3), ...added('src/b.ts', `x();\nconst key = '${AWS}';\ny();`, 10)];
  const findings = await judgeSecrets(lines, NO_CHANGES);
  expect(findings).toMatchObject([{ severity: 'fail', code: 'guardrails.secret', file: 'src/b.ts', line: 11 }]);
  expect(findings[0]?.message).toContain('(aws access key id)');
  expect(JSON.stringify(findings)).not.toContain(AWS);
});

it('sees a key that is spread over added lines', async () => {
  const key = [`-----BEGIN RSA ${'PRIVATE'} KEY-----`, 'MIIEowIBAAKCAQEA7Zk3vQx8pLr2', 'Vb9fWm4TtYc6HsJ1'];
  expect(
    await judgeSecrets(
      added('src/key.ts', `const pem = [\n${key.map((line) => `  '${line}',`).join('\n')}\n];`, 5),
      NO_CHANGES,
    ),
  ).toMatchObject([{ file: 'src/key.ts', line: 6 }]);
  const [start, end] = [AWS.slice(0, 8), AWS.slice(8)];
  expect(await judgeSecrets(added('src/a.ts', `const id = '${start}' +\n  '${end}';`, 7), NO_CHANGES)).toMatchObject([
    { line: 7 },
  ]);
});

it('reads nothing across a gap between added lines', async () => {
  const lines = [
    ...added('src/a.ts', `const a = '${AWS.slice(0, 8)}' +`, 3),
    ...added('src/a.ts', `  '${AWS.slice(8)}';`, 30),
  ];
  expect(await judgeSecrets(lines, NO_CHANGES)).toEqual([]);
  const after = await judgeSecrets([...lines, ...added('src/a.ts', `const b = '${AWS}';`, 31)], NO_CHANGES);
  expect(after).toMatchObject([{ line: 31 }]);
});

it('reads the names of added files, and does not repeat them', async () => {
  const path = `dumps/${AWS}.json`;
  const findings = await judgeSecrets(
    [],
    [
      { path, status: 'A' },
      { path, status: 'D' },
      { path: 'src/token.ts', status: 'A' },
    ],
  );
  expect(findings).toMatchObject([{ code: 'guardrails.secret' }]);
  expect(JSON.stringify(findings)).not.toContain(AWS);
});

it('takes many lines in one go', async () => {
  const lines = added(
    'src/many.ts',
    Array.from({ length: 20_000 }, (_, at) => `const a${at} = call(${at});`).join('\n'),
  );
  expect(await judgeSecrets(lines, NO_CHANGES)).toEqual([]);
});
