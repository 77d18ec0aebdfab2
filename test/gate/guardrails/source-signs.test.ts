import { expect, it } from 'vitest';
import type { FailureType } from '../../../context/schemas/config/limits.ts';
import type { Change } from '../../../gate/changes.ts';
import { judgeSourceSigns } from '../../../gate/guardrails/source-signs.ts';

interface Options {
  oldText?: string;
  path?: string;
  kind?: Change['kind'];
  failure_type?: FailureType;
  edits?: 'ask' | 'refuse';
}

/** What is found in the change of a source file; all of its lines count as changed. */
async function judged(newText: string, options: Options = {}) {
  const {
    oldText = '',
    path = 'src/a.ts',
    kind = 'source',
    failure_type = 'runtime_error',
    edits = 'refuse',
  } = options;
  const lines = (text: string) => text.split('\n').map((line, index) => ({ path, line: index + 1, text: line }));
  const change = { path, status: 'M', kind, oldBlob: 'old', newBlob: 'new', binary: false } as Change;
  return judgeSourceSigns({
    changes: [change],
    lines: { added: lines(newText), removed: lines(oldText) },
    diagnosis: { failure_type },
    edits,
    read: async (blob) => (blob === 'old' ? oldText : newText),
  });
}
const codes = async (newText: string, options: Options = {}) =>
  (await judged(newText, options)).map(({ severity, code }) => `${severity} ${code}`);

it.each([
  ['a.ts', '// @ts-expect-error\na();'],
  ['a.jsx', '{/* eslint-disable-next-line */}'],
  ['a.js', '/* c8 ignore next */\na();'],
  ['a.py', 'a()  # noqa'],
  ['a.py', 'a()  # type: ignore'],
  ['a.go', 'a() // nolint:errcheck'],
  ['A.java', '@SuppressWarnings("unchecked")\nclass A {}'],
])('asks about a suppression in %s: %j', async (path, text) => {
  expect(await codes(text, { path })).toEqual(['ask guardrails.suppression']);
  expect(await codes(`b();\n${text}`, { path, oldText: text })).toEqual([]);
  expect(await codes(text, { path, kind: 'test' })).toEqual([]);
});

it('refuses a suppression where the check itself is the incident, or asks where tests may be edited', async () => {
  const [finding] = await judged('// @ts-ignore\na();', { failure_type: 'type_error' });
  expect(finding).toMatchObject({ severity: 'refuse', code: 'tampering.suppression', line: 1 });
  expect(finding?.lift).toContain('tests: { edits: ask }');
  expect(await codes('a()  # noqa', { path: 'a.py', failure_type: 'lint_error', edits: 'ask' })).toEqual([
    'ask tampering.suppression',
  ]);
});

it.each([
  ['a.ts', 'if (process.env.VITEST) return;'],
  ['a.js', "const quiet = process.env['JEST_WORKER_ID'] !== undefined;"],
  ['a.js', "if (process.env.NODE_ENV === 'test') skip();"],
  ['a.js', "if ('test' === process.env.NODE_ENV) skip();"],
  ['a.ts', "if (typeof jest !== 'undefined') skip();"],
  ['a.py', 'if "pytest" in sys.modules:\n    pass'],
  ['a.py', 'os.environ.get("PYTEST_CURRENT_TEST")'],
  ['a.go', 'if testing.Testing() {\n}'],
])('refuses %s that asks whether it is tested: %j', async (path, text) => {
  expect(await codes(text, { path })).toEqual(['refuse tampering.test_detected']);
});

it.each([
  ['a.ts', 'Date.now = () => 0;'],
  ['a.ts', 'globalThis.fetch = fake;'],
  ['a.js', 'Math.random = () => 4;'],
  ['a.py', 'random.seed(1)'],
  ['a.py', 'time.time = lambda: 0'],
  ['a.go', 'rand.Seed(1)'],
  ['A.java', 'class A { Random r = new Random(42); }'],
])('asks about %s that holds the world still: %j', async (path, text) => {
  expect(await codes(text, { path })).toEqual(['ask guardrails.frozen']);
});

it.each([
  ['a.ts', 'if (Date.now() === then || Date.now == null) go();'],
  ['a.ts', "if (process.env.NODE_ENV === 'production') go();"],
  ['a.py', 'if time.time == other:\n    go()'],
  ['a.ts', 'try {\n  a();\n} catch (error) {\n  throw new Wrapped(error);\n}'],
  ['a.ts', 'try {\n  a();\n} catch (error) {\n  if (isMissing(error)) return undefined;\n  throw error;\n}'],
  ['a.ts', 'try {\n  a();\n} catch (error) {\n  show(error);\n}'],
  ['a.ts', 'a().catch((error) => reject(error));'],
  [
    'a.ts',
    'function read(x: string): A | undefined {\n  try {\n    return a(x);\n  } catch {\n    return undefined;\n  }\n}',
  ],
  ['a.ts', "const names = ['eslint-disable', '@ts-ignore'];"],
  ['a.ts', '/** Date.now = nothing\n * Math.random = nothing */'],
  ['a.py', 'try:\n    a()\nexcept KeyError:\n    return None'],
  ['a.py', 'try:\n    a()\nexcept Exception:\n    log.exception("a")\n    raise\n'],
  ['A.java', 'class A { int a() { try { return b(); } catch (ParseException e) { return 0; } } }'],
])('says nothing about %s: %j', async (path, text) => {
  expect(await codes(text, { path })).toEqual([]);
});

it.each([
  ['a.ts', 'try {\n  return a();\n} catch {\n  return null;\n}'],
  ['a.ts', 'try {\n  return a();\n} catch (e) {\n  return [] as Item[];\n}'],
  ['a.ts', 'try {\n  a();\n} catch (e) {\n  console.error(e);\n}'],
  ['a.js', 'try {\n  v = a();\n} catch (e) {\n  v = {};\n}'],
  ['a.js', 'a().catch(() => []);'],
  ['a.py', 'try:\n    return a()\nexcept Exception:\n    return 0'],
  ['a.py', 'try:\n    return a()\nexcept:\n    log.warning("a")\n\nb()'],
  ['a.go', 'defer func() { recover() }()'],
  ['A.java', 'class A { A a() { try { return b(); } catch (Exception e) { return null; } } }'],
])('warns about %s that answers every error with a default: %j', async (path, text) => {
  expect(await codes(text, { path })).toEqual(['warn guardrails.default_on_error']);
});

it.each([
  ['a.ts', 'if (!x) throw new Error("x");\nuse(x);', 'use(x);', 'throw_removed'],
  ['a.ts', 'const o = orderSchema.parse(body);', 'const o = body as Order;', 'throw_removed'],
  ['a.ts', 'if (!x) throw new Error("x");', 'if (!x) return [];', 'default_for_throw'],
  ['a.py', 'assert x\nuse(x)', 'use(x)', 'throw_removed'],
  ['a.py', 'if not x:\n    raise ValueError(x)', 'if not x:\n    return None', 'default_for_throw'],
  ['a.go', 'return 0, fmt.Errorf("x %s", x)', 'return 0, nil', 'default_for_throw'],
  ['A.java', 'if (x == null) throw new E();', 'if (x == null) return 0;', 'default_for_throw'],
])('warns about %s where %j became %j', async (path, oldText, newText, code) => {
  expect(await codes(newText, { path, oldText })).toEqual([`warn guardrails.${code}`]);
});

it('counts code, and not what a comment says', async () => {
  const oldText = '/** Never lets a() throw here. */\n// assertThat(x) would\nuse(x);';
  expect(await codes('return null;', { oldText })).toEqual([]);
});

it('takes what was announced and is there now for no error that is gone', async () => {
  const oldText = 'function a(x) {\n  throw new Error("not implemented");\n}';
  expect(await codes('function a(x) {\n  return [];\n}', { oldText })).toEqual([]);
});

it('takes a throw that is moved, within a file or to another one, for kept', async () => {
  const oldText = 'if (!x) throw new Error("x");\nuse(x);';
  expect(await codes('use(need(x));\nfunction need(x) {\n  if (!x) throw new Error("x");\n}', { oldText })).toEqual([]);
  const change = (path: string, oldBlob: string | null, newBlob: string) =>
    ({ path, status: 'M', kind: 'source', oldBlob, newBlob, binary: false }) as Change;
  const found = await judgeSourceSigns({
    changes: [change('src/a.ts', 'old', 'use'), change('src/need.ts', null, 'old')],
    lines: { added: [], removed: [] },
    diagnosis: undefined,
    edits: 'refuse',
    read: async (blob) => ({ old: oldText, use: 'use(x);' })[blob ?? ''] ?? '',
  });
  expect(found).toEqual([]);
});

it.each([
  ['a.ts', 'catch (e) {\n'],
  ['a.ts', 'catch (e) { console.log('],
  ['a.ts', 'a().catch((e) => '],
  ['a.py', 'except Exception:\n  '],
  ['a.py', 'except (A, A, A, '],
  ['a.ts', 'return "'],
])('reads a long %s of nothing but %j to its end', async (path, piece) => {
  expect(Array.isArray(await judged(piece.repeat(3_000), { path }))).toBe(true);
});
