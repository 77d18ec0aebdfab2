import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { defaultConfig } from '../../context/schemas/config.ts';
import { type Invariant, invariantEntrySchema } from '../../context/schemas/invariants.ts';
import { classifier } from '../../gate/change-kind.ts';
import { changesBetween } from '../../gate/changes.ts';
import { type Checkout, openCheckout } from '../../gate/checkout.ts';
import { composeTrees } from '../../gate/compose.ts';
import { checkInvariants } from '../../gate/invariants.ts';
import { treeOf } from '../../gate/tree.ts';
import { openWorkspace } from '../../gate/workspace.ts';
import { commit, sampleRepository } from '../healer/sample-repository.ts';

const open: Checkout[] = [];
afterEach(async () => {
  for (const checkout of open.splice(0)) await checkout.close();
});

const FILES = {
  'src/a.js': 'eval("old");\nconst a = 1;\n',
  'src/handlers/x.js': 'checkAuth();\n',
  'src/handlers/y.js': '// nothing\n',
  'migrations/1.sql': 'x\n',
};

function invariant(id: string, severity: 'critical' | 'warning', check: unknown, files: string[] = []): Invariant {
  const entry = invariantEntrySchema.parse({ id, rule: `rule of ${id}`, severity, files, check });
  return { ...entry, origin: { path: '.self-healing/invariants.yaml', line: 3, column: 5 } };
}

const judge = (change: Record<string, string>, ...invariants: Invariant[]) => judgeFrom(FILES, change, ...invariants);

async function judgeFrom(files: Record<string, string>, change: Record<string, string>, ...invariants: Invariant[]) {
  const { repository, root, base } = await sampleRepository(files);
  const workspace = await openWorkspace(repository);
  const config = defaultConfig();
  const fix = await treeOf(workspace, commit(root, change));
  const b = await treeOf(workspace, base);
  const changes = await changesBetween(workspace, b, fix, classifier(config.tests.paths));
  const checkout = await openCheckout({ repository, config: config.worktree, base });
  open.push(checkout);
  const trees = await composeTrees(workspace, b, fix, changes);
  const { check } = await checkInvariants({
    workspace,
    checkout,
    trees,
    changes,
    invariants,
    config,
    environmentKey: '',
  });
  return {
    ...check,
    codes: check.findings.map(({ code, message }) => `${code.slice(11)} ${/INV\S+/.exec(message)?.[0]}`),
  };
}

it('refuses a new match of a critical pattern, and names an old one as such', async () => {
  const rule = invariant('INV-1', 'critical', { pattern: { regex: '\\beval\\(', must: 'not_match' } }, ['src/**']);
  expect(await judge({ 'src/a.js': `${FILES['src/a.js']}const b = 2;\n` }, rule)).toMatchObject({
    status: 'warn',
    codes: ['already_violated INV-1'],
  });
  const broken = await judge({ 'src/a.js': `${FILES['src/a.js']}eval("new");\n` }, rule);
  expect(broken).toMatchObject({ status: 'refuse', codes: ['violated INV-1'] });
  expect(broken.findings[0]).toMatchObject({ file: 'src/a.js', line: 3 });
  expect(await judge({ 'src/a.js': 'const a = 1;\n' }, rule)).toMatchObject({ status: 'pass', codes: [] });
});

it('judges a structural rule by the code, and tells what is new from what was there', async () => {
  const pattern = { language: 'js', rule: 'eval($$$)' };
  const rule = invariant('INV-12', 'critical', { pattern }, ['src/**']);
  const formatted = 'eval(\n  "old"\n);\nconst a = \'eval("new")\'; // eval("new")\n';
  expect(await judge({ 'src/a.js': formatted }, rule)).toMatchObject({
    status: 'warn',
    codes: ['already_violated INV-12'],
  });
  const broken = await judge({ 'src/handlers/z.js': 'f();\nif (x) eval (\n y)\n' }, rule);
  expect(broken).toMatchObject({ status: 'refuse', codes: ['violated INV-12'] });
  expect(broken.findings[0]).toMatchObject({ file: 'src/handlers/z.js', line: 2 });
  expect(broken.findings[0]?.message).toContain('holds "eval ( y)"');
  expect(await judge({ 'src/a.js': 'const a = 1;\n' }, rule)).toMatchObject({ status: 'pass', codes: [] });
});

it('wants code that a structural rule requires in every named file of its language', async () => {
  const pattern = { language: 'js', rule: 'checkAuth()', must: 'match' };
  const rule = invariant('INV-13', 'critical', { pattern }, ['src/handlers/**']);
  expect(await judge({ 'src/handlers/notes.md': 'x\n' }, rule)).toMatchObject({ codes: ['already_violated INV-13'] });
  const broken = await judge({ 'src/handlers/x.js': '// checkAuth()\n' }, rule);
  expect(broken).toMatchObject({ status: 'refuse', codes: ['violated INV-13'] });
  expect(broken.findings[0]?.message).toContain('src/handlers/x.js does not hold `checkAuth()`');
});

it.each([
  ['python', 'eval($X)', 'lib/a.py', 'x = "eval(1)"\n', 'x = 1\ny = eval(x)\n'],
  ['go', 'panic($X)', 'lib/a.go', 'package a\n// panic(1)\n', 'package a\nfunc f() { panic(1) }\n'],
  ['java', 'System.exit($X)', 'lib/A.java', 'class A {}\n', 'class A {\n void f() { System.exit(1); } }\n'],
  ['ts', '$X as any', 'lib/a.ts', 'const as = "x as any";\n', 'let y;\nconst x = y as any;\n'],
])('judges a structural rule of %s', async (language, rule, file, good, bad) => {
  const held = invariant('INV-14', 'critical', { pattern: { language, rule } });
  expect(await judge({ [file]: good }, held)).toMatchObject({ status: 'pass' });
  const broken = await judge({ [file]: bad }, held);
  expect(broken).toMatchObject({ status: 'refuse', findings: [{ file, line: 2 }] });
});

it('blocks on a critical structural rule that is no code of its language', async () => {
  const pattern = { language: 'js', rule: 'eval(' };
  const broken = await judge({ 'src/a.js': 'x\n' }, invariant('INV-15', 'critical', { pattern }));
  expect(broken).toMatchObject({ status: 'fail', codes: ['cannot_run INV-15'] });
  expect(broken.findings[0]).toMatchObject({ file: '.self-healing/invariants.yaml', line: 3 });
  expect(broken.findings[0]?.message).toContain('"eval(" is not one whole expression');
});

it('blocks on a critical structural rule whose parser is not there, and says what to do', async () => {
  const home = join(await mkdtemp(join(tmpdir(), 'self-healing gate ')), 'file');
  onTestFinished(() => rm(dirname(home), { recursive: true }));
  await writeFile(home, '');
  for (const name of ['CLAUDE_PLUGIN_DATA', 'SELF_HEALING_HOME', 'CLAUDE_CONFIG_DIR']) vi.stubEnv(name, home);
  onTestFinished(() => void vi.unstubAllEnvs());
  // Rust is none of the languages that our own modules hold.
  const pattern = { language: 'rust', rule: '$A.unwrap()' };
  const blocked = await judge({ 'lib/a.rs': 'fn f() {}\n' }, invariant('INV-17', 'critical', { pattern }));
  expect(blocked).toMatchObject({ status: 'fail', codes: ['cannot_run INV-17'] });
  expect(blocked.findings[0]?.message).toContain(
    'The parser of structural rules (ast-grep, for Rust) cannot be installed',
  );
  expect(blocked.findings[0]?.next).toContain('writable');
});

it('wants a required pattern in every named file', async () => {
  const rule = invariant('INV-2', 'critical', { pattern: { regex: '^checkAuth', must: 'match' } }, ['src/handlers/**']);
  expect(await judge({ 'src/a.js': 'x\n' }, rule)).toMatchObject({ codes: ['already_violated INV-2'] });
  expect(await judge({ 'src/handlers/x.js': 'x\n' }, rule)).toMatchObject({
    status: 'refuse',
    codes: ['violated INV-2'],
  });
  const nowhere = invariant('INV-3', 'critical', { pattern: { regex: 'x', must: 'match' } }, ['lib/**']);
  expect(await judge({ 'src/a.js': 'x\n' }, nowhere)).toMatchObject({ status: 'fail', codes: ['cannot_run INV-3'] });
});

it('runs commands on the fix, and on the base when they fail', async () => {
  const ok = invariant('INV-4', 'critical', { command: 'grep -q const src/a.js && ! grep -q bad src/a.js' });
  const old = invariant('INV-5', 'critical', { command: '! grep -q eval src/a.js' });
  const none = invariant('INV-6', 'warning', { command: 'no-such-program-here' });
  const good = await judge({ 'src/a.js': 'eval(1);\nconst a = 2;\n' }, ok, old, none);
  expect(good).toMatchObject({ status: 'warn', codes: ['already_violated INV-5', 'cannot_run INV-6'] });
  expect(good.evidence.map(({ at, exit }) => `${at} ${exit}`)).toEqual([
    'fix 0',
    'fix 1',
    'base 1',
    'fix 127',
    'base 127',
  ]);
  expect(await judge({ 'src/a.js': 'const bad = 1;\n' }, ok, old)).toMatchObject({
    status: 'refuse',
    codes: ['violated INV-4'],
  });
});

it('holds paths that may not change, and blocks on what it cannot check when that is critical', async () => {
  const paths = invariant('INV-7', 'critical', { unchanged: { paths: ['migrations/**'] } });
  expect(await judge({ 'migrations/2.sql': 'y\n' }, paths)).toMatchObject({
    status: 'refuse',
    codes: ['violated INV-7'],
  });
  const rule = { pattern: { language: 'ts', rule: 'eval($$$)' } };
  const wrong = await judge({ 'src/a.js': 'x\n' }, invariant('INV-8', 'critical', rule, ['src/**']));
  expect(wrong).toMatchObject({ status: 'fail', codes: ['cannot_run INV-8'] });
  expect(wrong.findings[0]?.message).toContain('src/** names no file of TypeScript');
});

it('holds the exported API of a module, followed into the files that it exports from', async () => {
  const files = {
    'src/api.ts': "export { charge } from './charge.ts';\nexport const limit = 3;\n",
    'src/charge.ts': 'export function charge(cents: number): void {\n  pay(cents);\n}\n',
  };
  const rule = invariant('INV-9', 'critical', { unchanged: { exports: 'src/api.ts' } });
  const judgeApi = (change: Record<string, string>) => judgeFrom(files, change, rule);
  expect(
    await judgeApi({
      'src/api.ts': `// Prices.\n${files['src/api.ts'].replace('3', '4')}export const more = 1;\n`,
      'src/charge.ts': 'export function charge(c: number): void {\n  if (c > 0) pay(c);\n}\n',
    }),
  ).toMatchObject({ status: 'pass', codes: [] });
  const changed = await judgeApi({ 'src/charge.ts': '\nexport function charge(cents: number, to: string): void {}\n' });
  expect(changed).toMatchObject({ status: 'refuse', codes: ['violated INV-9'] });
  expect(changed.findings[0]).toMatchObject({ file: 'src/charge.ts', line: 2 });
  expect(changed.findings[0]?.message).toContain(
    'src/api.ts changes charge from `(number) => void` to `(number, string) => void`',
  );
  const renamed = await judgeApi({ 'src/api.ts': "export { charge } from './charge.ts';\nexport const most = 3;\n" });
  expect(renamed.findings[0]?.message).toContain('src/api.ts no longer exports limit; adds most');
  expect(await judgeApi({ 'src/api.ts': 'export function (' })).toMatchObject({
    status: 'fail',
    codes: ['cannot_run INV-9'],
  });
  const python = invariant('INV-16', 'warning', { unchanged: { exports: 'src/a.py' } });
  expect(await judge({ 'src/a.py': 'x\n' }, python)).toMatchObject({ status: 'warn', codes: ['cannot_run INV-16'] });
});

it('lists prose about the changed files as unproven, never as passed', async () => {
  const prose = invariant('INV-10', 'critical', 'balances never go negative', ['src/**']);
  const elsewhere = invariant('INV-11', 'critical', 'prose', ['lib/**']);
  expect(await judge({ 'src/a.js': 'x\n' }, prose, elsewhere)).toMatchObject({
    status: 'warn',
    codes: ['unproven INV-10'],
  });
});
