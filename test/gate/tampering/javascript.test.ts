import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findJavaScriptTampering } from '../../../gate/tampering/javascript.ts';
import { readBlocks } from '../../../gate/tampering/javascript-blocks.ts';

const BASE = `import { expect, it } from 'vitest';
describe('sums', () => {
  beforeEach(() => {
    reset();
  });
  it("adds don't", () => {
    expect(\`\${add(1, 2)} )\`).toBe('3'); // a ) in a comment
    expect(/[/)]"/.test('x')).toBe(false);
  });
  test.each([1, 2])('is %i', (n) => {
    expect(n).toBe(n);
  });
});
`;

/** Inserts lines after the given line of BASE and tells which codes are found. */
function codes(after: number, ...added: string[]) {
  const lines = BASE.split('\n');
  lines.splice(after, 0, ...added);
  const numbers = new Set(added.map((_, index) => after + 1 + index));
  return findJavaScriptTampering({
    path: 'a.test.ts',
    existing: true,
    oldText: BASE,
    newText: lines.join('\n'),
    added: numbers,
  }).map(({ code }) => code);
}
const END = BASE.split('\n').length - 1;

it('finds suites, cases and hooks past strings, templates, comments and regular expressions', () => {
  const blocks = readBlocks(BASE)?.map(({ kind, callee, title, start, end }) =>
    [kind, callee, title, start, end].join(' '),
  );
  expect(blocks).toEqual([
    'suite describe sums 2 13',
    'hook beforeEach  3 5',
    "case it adds don't 6 9",
    'case test.each is %i 10 12',
  ]);
});

it('reads JSX, decorators, generics and division without losing count', () => {
  const text = `it('renders', () => {
  const half = a / 2 / b;
  render(<Box a={b} c="d">don't {list.map((x) => (<i key={x} />))}</Box>);
  expect(x as Array<string>).toEqual([/\\//g, 'a']);
});
it('second', async () => { await y; });
`;
  expect(readBlocks(text)?.map(({ start, end }) => [start, end])).toEqual([
    [1, 5],
    [6, 6],
  ]);
});

it('lets new cases, new suites with their own hooks, imports and comments be added anywhere outside of cases', () => {
  expect(codes(END, "it('new', () => {", '  expect(add(0, 0)).toBe(0);', '});')).toEqual([]);
  expect(codes(12, "  it('inside the suite', () => { expect(1).toBe(1); });")).toEqual([]);
  expect(codes(END, "describe('new', () => {", '  beforeEach(() => seed());', "  it('x', () => {});", '});')).toEqual(
    [],
  );
  expect(codes(1, "import { add } from '../src/add.ts';", '', '// why')).toEqual([]);
  expect(codes(7, '    // a remark inside a case', '')).toEqual([]);
});

it('leaves alone what only looks like a mark, and what holds for a new case alone', () => {
  expect(codes(END, "it('pages', () => { list({ skip: 10 }); });")).toEqual([]);
  expect(codes(END, "import { fit } from '../src/fit.ts';", "it('fits', () => { expect(fit(1)).toBe(1); });")).toEqual(
    [],
  );
  expect(codes(END, "it('waits', () => { vi.useFakeTimers(); });")).toEqual([]);
});

it.each([
  ['a lasting change of the clock', END, 'vi.useFakeTimers();', 'shared_setup'],
  ['a return in an existing case', 6, '    return;', 'case_changed'],
  ['an existing hook changed', 3, '    mockAll();', 'case_changed'],
  ['a row case extended', 10, '    n = 1;', 'case_changed'],
  ['a new hook around existing cases', 12, '  afterEach(() => {});', 'shared_setup'],
  ['a new hook for the whole file', END, 'beforeAll(() => {});', 'shared_setup'],
  ['a hoisted mock', END, "vi.mock('../src/add.ts');", 'shared_setup'],
  ['a skip', END, "it.skip('x', () => {});", 'marker'],
  ['an only', END, "describe.only('x', () => {});", 'marker'],
  ['a focused case', END, "fit('x', () => {});", 'marker'],
  ['a conditional skip', END, "test.runIf(false)('x', () => {});", 'marker'],
  ['a skip from within', END, "it('x', (t) => { t.skip(); });", 'marker'],
  ['a node:test option', END, "test('x', { todo: true }, () => {});", 'marker'],
  ['an exit', END, 'process.exit(0);', 'test_exit'],
  ['another expect', END, 'globalThis.expect = () => anything;', 'test_globals'],
])('finds %s', (_, after, line, code) => {
  expect(codes(after, line)).toContain(code);
});

it.each([
  ['a clock that stands still', END, 'Date.now = () => 0;', 'shared_setup'],
  ['a variable of the environment', 5, "  process.env['TZ'] = 'UTC';", 'shared_setup'],
  ['a spy for the whole file', END, "vi.spyOn(console, 'error');", 'shared_setup'],
  ['a fetch of its own', 1, 'globalThis.fetch ??= fake;', 'shared_setup'],
])('finds %s', (_, after, line, code) => {
  expect(codes(after, line)).toContain(code);
});

/** Puts lines into a text, each before the first line that begins with what it is given for. */
function codesOf(oldText: string, puts: [before: string, line: string][]) {
  const lines = oldText.split('\n');
  const added: string[] = [];
  for (const [before, line] of puts) {
    lines.splice(before === '' ? lines.length - 1 : lines.findIndex((text) => text.startsWith(before)), 0, line);
    added.push(line);
  }
  const numbers = lines.flatMap((line, index) => (added.includes(line) ? [index + 1] : []));
  const change = { path: 'a.test.ts', existing: true, oldText, newText: lines.join('\n'), added: new Set(numbers) };
  return findJavaScriptTampering(change).map(({ code }) => code);
}
const HELPED = `import {
  add,
} from './add';
const rows = [
  [1, 2],
];
const user = {
  id: 7,
};
function check(n) {
  expect(n).toBe(1);
}
for (const [n] of rows) {
  it(\`takes \${n}\`, () => check(n));
}
it.each([
  [3],
])('is %i', (n) => {
  check(n);
});
`;

it('lets names of an import, rows of a table, and cases within a loop be added', () => {
  expect(codesOf(HELPED, [['  add', '  sub,']])).toEqual([]);
  expect(codesOf(HELPED, [['  [1, 2]', '  [0, 0],']])).toEqual([]);
  expect(codesOf(HELPED, [['  [3]', '  [4],']])).toEqual([]);
  expect(codesOf(HELPED, [['  it(', "  it('new', () => check(1));"]])).toEqual([]);
});

it.each([
  ['a return in a function beside the cases', [['  expect(n)', '  return;']]],
  ['a property of what cases work on', [['  id: 7', '  admin: true,']]],
  ['a statement in a loop over cases', [['  it(', '  if (n === 1) continue;']]],
  [
    'a condition around old cases',
    [
      ['it.each', 'if (full) {'],
      ['', '}  //'],
    ],
  ],
  [
    'a function around old cases',
    [
      ['it.each', 'const later = () => {'],
      ['', '};  //'],
    ],
  ],
  [
    'a comment around old cases',
    [
      ['it.each', '/* later'],
      ['', '*/'],
    ],
  ],
  [
    'a text around old cases',
    [
      ['it.each', 'const text = \u0060'],
      ['', '\u0060;'],
    ],
  ],
] as [string, [string, string][]][])('finds %s', (_, puts) => {
  expect(codesOf(HELPED, puts)).toContain('case_changed');
});

it('takes test.describe for a suite and test.beforeEach for a hook', () => {
  const text = "test.describe('shop', () => {\n  test.beforeEach(() => {});\n  test('opens', () => {});\n});\n";
  expect(readBlocks(text)?.map(({ kind }) => kind)).toEqual(['suite', 'hook', 'case']);
  expect(codesOf(text, [['  test(', "  test('new', () => {});"]])).toEqual([]);
  expect(codesOf(text, [['  test(', '  test.afterEach(() => {});']])).toEqual(['shared_setup']);
});

const NESTED = `const test = require('tape');
test('parse()', { timeout: 9, concurrency: 1 }, function (t) {
  t.test('one', function (st) {
    st.ok(/a/.test('a'));
    st.end();
  });

  if (full) {
    t.test('two', async (st) => { await st.test('deep', (d) => { d.end(); }); });
  }
  t.plan(2)
  const pattern = /x/;
  t.end();
});
`;

function nestedCodes(after: number, ...added: string[]) {
  const lines = NESTED.split('\n');
  lines.splice(after, 0, ...added);
  const numbers = new Set(added.map((_, index) => after + 1 + index));
  const newText = lines.join('\n');
  return findJavaScriptTampering({ path: 'a.js', existing: true, oldText: NESTED, newText, added: numbers }).map(
    ({ code }) => code,
  );
}
const SUBTEST = ["  t.test('new', function (st) {", '    st.equal(1, 1);', '    st.end();', '  });'];

it('takes a case of its own within a case of tape or node:test for an addition', () => {
  expect(nestedCodes(2, ...SUBTEST, '')).toEqual([]);
  expect(nestedCodes(6, '', '  // why', ...SUBTEST)).toEqual([]);
  expect(nestedCodes(10, "  await t.test('new', async (st) => { st.end(); });")).toEqual([]);
  expect(nestedCodes(12, ...SUBTEST)).toEqual([]);
});

it.each([
  ['a line in a case within a case', 3, ['    st.end();']],
  ['a line beside the cases within', 6, ['  t.end();']],
  ['something else on the first line', 6, ["  t.end(); t.test('new', (st) => { st.end(); });"]],
  ['something else behind it', 6, ["  t.test('new', (st) => { st.end(); }); return;"]],
  ['a statement that is chained to it', 6, ["  t.test('new', (st) => { st.end(); })", '    .then(() => t.end());']],
  ['a part of the statement before', 11, SUBTEST],
  ['a case within a condition', 8, SUBTEST],
  ['what only looks like a case within', 12, ["  pattern.test('new', () => { t.end(); });"]],
  ['a case of the outer one within the inner', 4, SUBTEST],
])('finds %s', (_, after, lines) => {
  expect(nestedCodes(after, ...lines)).toContain('case_changed');
});

it('judges a case within a case like every other', () => {
  expect(nestedCodes(6, "  t.test('new', { skip: true }, (st) => { st.end(); });")).toEqual(['marker']);
  expect(nestedCodes(6, "  t.test('new', (st) => {", '    process.exit(0);', '  });')).toEqual(['test_exit']);
});

it('wants additions at the very end when brackets cannot be followed', () => {
  const oldText = "it('x', () => { smile(<p>:)</p>); });\n";
  const change = (newText: string, line: number) =>
    findJavaScriptTampering({ path: 'a.test.tsx', existing: true, oldText, newText, added: new Set([line]) }).map(
      ({ code }) => code,
    );
  expect(change(`${oldText}it('y', () => {});\n`, 2)).toEqual([]);
  expect(change(`const a = 1;\n${oldText}`, 1)).toEqual(['unreadable']);
});

it('reads any text to blocks that lie within it, or says that it cannot', () => {
  const piece = fc.constantFrom(
    'it(',
    "test('x', ",
    ')',
    '{',
    '}',
    '`',
    '${',
    "'",
    '"',
    '/',
    '\\',
    '\n',
    '// ',
    '/*',
    '*/',
    'a',
    ' ',
    ';',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const count = text.split('\n').length;
      for (const { start, end } of readBlocks(text) ?? []) {
        expect(start).toBeGreaterThanOrEqual(1);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(count);
      }
    }),
  );
});
