import { expect, it } from 'vitest';
import type { Change } from '../../../gate/changes.ts';
import { judgeTestValues } from '../../../gate/guardrails/test-values.ts';

const change = (path: string, kind: Change['kind']): Change => ({
  path,
  status: 'M',
  oldMode: '100644',
  newMode: '100644',
  oldBlob: 'old',
  newBlob: 'new',
  kind,
  added: 1,
  removed: 0,
  binary: false,
});
const added = (path: string, text: string) => text.split('\n').map((line, at) => ({ path, line: at + 1, text: line }));

async function judged(source: string, test: string, base = '', path = 'src/price.ts') {
  const findings = await judgeTestValues(
    [change(path, 'source'), change('test/price.test.ts', 'test')],
    [...added(path, source), ...added('test/price.test.ts', test)],
    async (text) => base.includes(text),
  );
  return findings.map(({ severity, code, line }) => `${severity} ${code} ${line}`);
}
const ASKS = ['ask guardrails.test_value 1'];

it.each([
  ["if (article === 'screw') return 0;", "expect(priceOf('screw')).toBe(0);"],
  ['if ("screw" == article) return 0;', "expect(priceOf('screw')).toBe(0);"],
  ["case 'screw': return 0;", "expect(priceOf('screw')).toBe(0);"],
  ["if (['x', article].includes('screw')) return 0;", "expect(priceOf('screw')).toBe(0);"],
  ['    if article in ("screw", "nut"):', 'assert price_of("screw") == 0'],
  ['    if cents == 1234:', 'assert price_of(1234) == 0'],
  ['  if (rate === 0.19) return 1;', 'expect(tax(0.19)).toBe(1);'],
])('a value of the test that the source compares with: %s', async (source, test) => {
  expect(await judged(source, test)).toEqual(ASKS);
});

it.each([
  [
    'a value that the base knows',
    "if (state === 'expired') return;",
    "touch({ state: 'expired' });",
    "state: 'expired'",
  ],
  ['a value that no test holds', "if (state === 'expired') return;", "touch({ state: 'gone' });"],
  ['what it answers', "return 'expired';", "expect(state()).toBe('expired');"],
  ['a word of the language', "if (typeof value === 'string') return;", "touch('string');"],
  ['a small number', 'if (pieces === 0) return 1;', 'expect(price(0)).toBe(1);'],
  ['a comment', "// compares with === 'screw' no more", "touch('screw');"],
])('%s is left alone', async (_, source, test, base = '') => {
  expect(await judged(source, test, base)).toEqual([]);
});

it('each file is told of once, by its first such line', async () => {
  expect(await judged("\nif (a === 'screw') b();\nif (a === 'screw') c();", "touch('screw');")).toEqual([
    'ask guardrails.test_value 2',
  ]);
});
