import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStepFailure } from '../../../events/ci/read-step-failure.ts';
import { toPlainText } from '../../../events/plain-text.ts';

const HERE = import.meta.dirname;
const FOLDERS = {
  ci: join(HERE, 'fixtures'),
  gate: join(HERE, '../../gate/runner/fixtures'),
  events: join(HERE, '../fixtures'),
};

/** What tools really wrote: kind, place, and words. */
const RECORDED: [keyof typeof FOLDERS, file: string, told: string][] = [
  ['gate', 'tsc-6.0.3.txt', "type_error a.ts:1 [TS2322] Type 'string' is not assignable to type 'number'. (+2)"],
  ['gate', 'tsc-pretty-6.0.3.txt', "type_error a.ts:1 [TS2322] Type 'string' is not assignable to type 'number'. (+2)"],
  [
    'gate',
    'mypy-1.0.1.txt',
    'type_error a.py:2 [import] Cannot find implementation or library stub for module named  (+3)',
  ],
  [
    'gate',
    'pyright-1.1.414.txt',
    'type_error /home/dev/shop/a.py:2 [reportMissingImports] Import "no_such_module" could not be resolved (+3)',
  ],
  [
    'gate',
    'eslint-stylish-10.15.0.txt',
    'lint_error /home/dev/shop/bad.js:1 [no-var] Unexpected var, use let or const instead (+3)',
  ],
  [
    'gate',
    'eslint-json-10.15.0.txt',
    'lint_error /home/dev/shop/bad.js:1 [no-var] Unexpected var, use let or const instead. (+4)',
  ],
  [
    'gate',
    'biome-2.5.15.txt',
    'lint_error bad.js:2 [lint/suspicious/noDebugger] This is an unexpected use of the debugger statement. (+1)',
  ],
  ['gate', 'ruff-0.16.9.txt', 'lint_error a.py:1 [I001] Import block is un-sorted or un-formatted (+4)'],
  ['gate', 'flake8-7.4.1.txt', "lint_error a.py:1 [F401] 'os' imported but unused (+4)"],
  ['gate', 'cargo-clippy-1.95.0.txt', 'lint_error src/lib.rs:2 [] unused variable: `y` (+3)'],
  ['gate', 'cargo-check-1.95.0.txt', 'build_error src/lib.rs:3 [E0308] mismatched types'],
  ['gate', 'go-build-1.19.8.txt', 'build_error vet/a.go:7 [] unused declared but not used (+1)'],
  ['gate', 'go-vet-1.19.8.txt', 'lint_error vet/a.go:6 [] fmt.Printf format %d has arg "x" of wrong type string'],
  [
    'gate',
    'javac-17.0.15.txt',
    'build_error core/src/main/java/shop/Broken.java:4 [] incompatible types: String cannot be converted to int (+1)',
  ],
  [
    'gate',
    'maven-compiler-3.14.0.txt',
    'build_error /home/dev/shop/core/src/main/java/shop/Broken.java:4 [] incompatible types: java.lang.String cannot be converted to  (+1)',
  ],
  [
    'events',
    'vitest-4.txt',
    "test_failure ../src/tenant.js:2 [TypeError] Cannot read properties of undefined (reading 'tenantId') (+1)",
  ],
  [
    'events',
    'jest-30.txt',
    "test_failure src/tenant.js:2 [TypeError] Cannot read properties of undefined (reading 'tenantId') (+1)",
  ],
  [
    'events',
    'mocha-12.txt',
    "test_failure src/tenant.js:2 [TypeError] Cannot read properties of undefined (reading 'tenantId') (+1)",
  ],
  [
    'events',
    'pytest-9.txt',
    'test_failure tenant.py:13 [tenant.TenantError] no tenant for request 139910199587840 (+2)',
  ],
  [
    'events',
    'pytest-9-short.txt',
    'test_failure tenant.py:13 [tenant.TenantError] no tenant for request 140350313981568 (+2)',
  ],
  [
    'events',
    'node-20-test-spec.txt',
    "test_failure /srv/shop/src/tenant.js:2 [TypeError] Cannot read properties of undefined (reading 'tenantId') (+1)",
  ],
  [
    'events',
    'node-20-test-tap.txt',
    "test_failure /srv/shop/src/tenant.js:2 [TypeError] Cannot read properties of undefined (reading 'tenantId') (+1)",
  ],
  [
    'ci',
    'go-1.19.8-test.txt',
    'test_failure example.com/shop/tenant/tenant_test.go:7 [] got 1 want 2 (+1) in TestAdds',
  ],
  [
    'ci',
    'go-1.19.8-test-v.txt',
    'test_failure example.com/shop/tenant/tenant_test.go:7 [] got 1 want 2 (+1) in TestAdds',
  ],
  [
    'ci',
    'go-1.19.8-panic.txt',
    'test_failure /home/runner/work/shop/shop/tenant/tenant.go:3 [panic] runtime error: index out of range [3] with length 1 in TestPrice',
  ],
  [
    'ci',
    'cargo-1.95.0-test.txt',
    'test_failure src/lib.rs:6 [panic] assertion `left == right` failed: prices differ left: 1 righ in tests::adds',
  ],
  [
    'ci',
    'surefire-3.2.5-test.txt',
    'test_failure src/test/java/shop/PriceTest.java:10 [AssertionFailedError] expected: <2> but was: <1> in shop.PriceTest.adds',
  ],
  [
    'ci',
    'npm-11.19.1-ci.txt',
    'dependency_issue package.json [EUSAGE] The `npm ci` command can only install with an existing packa',
  ],
  [
    'ci',
    'npm-11.19.1-lock.txt',
    'dependency_issue package.json [EUSAGE] `npm ci` can only install packages when your package.json an',
  ],
  [
    'ci',
    'pip-23.2.1-dependency.txt',
    'dependency_issue requirements.txt [pip] Could not find a version that satisfies the requirement nosu',
  ],
  [
    'ci',
    'go-1.19.8-dependency.txt',
    'dependency_issue go.mod [go] tenant/tenant.go:3:8: cannot find module providing package g',
  ],
  [
    'ci',
    'maven-3-dependency.txt',
    'dependency_issue pom.xml [maven] Could not resolve dependencies for project shop:core:jar:1: ',
  ],
  [
    'ci',
    'cargo-1.95.0-dependency.txt',
    'dependency_issue Cargo.toml [cargo] failed to get `shop_core` as a dependency of package `shop v',
  ],
];

it.each(RECORDED)('reads %s/%s', (folder, file, told) => {
  const text = toPlainText(readFileSync(join(FOLDERS[folder], file), 'utf8'));
  expect(brief(text, file.startsWith('go-vet') ? 'Run go vet ./...' : '')).toBe(told);
});

describe('what is written by hand, because the tool is not at hand', () => {
  it.each([
    [
      'gradle test',
      'PriceTest > adds() FAILED\n    org.opentest4j.AssertionFailedError: expected: <2> but was: <1>\n        at org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)\n        at app//shop.PriceTest.adds(PriceTest.java:10)\n\n3 tests completed, 1 failed',
      'test_failure src/test/java/shop/PriceTest.java:10 [AssertionFailedError] expected: <2> but was: <1> in PriceTest > adds()',
    ],
    [
      'gradle compileKotlin',
      "e: file:///home/runner/work/shop/shop/src/main/kotlin/Price.kt:3:5 Unresolved reference 'x'.",
      "build_error src/main/kotlin/Price.kt:3 [] Unresolved reference 'x'.",
    ],
    [
      'gradle dependencies',
      "> Could not resolve all files for configuration ':compileClasspath'.\n   > Could not find org.example:nowhere:1.0.",
      "dependency_issue build.gradle [gradle] Could not resolve all files for configuration ':compileClass",
    ],
    [
      'vite build',
      '\u2718 [ERROR] Could not resolve "./nowhere"\n\n    src/main.ts:1:7:\n      1 \u2502 import "./nowhere"',
      'build_error src/main.ts:1 [] Could not resolve "./nowhere"',
    ],
    [
      'npm ERESOLVE',
      'npm error code ERESOLVE\nnpm error ERESOLVE could not resolve\nnpm error',
      'dependency_issue package.json [ERESOLVE] ERESOLVE could not resolve',
    ],
  ])('reads %s', (_name, text, told) => {
    expect(brief(text, '')).toBe(told);
  });
});

it('leaves what it does not know to the name of the step, and nothing to nothing', () => {
  expect(brief('fatal: it failed', 'Run npm run build')).toBe('build_error  [] fatal: it failed');
  expect(
    brief(
      'TypeError: x is not a function\n    at build (/home/runner/work/shop/shop/vite.config.js:3:7)',
      'Run npm run build',
    ),
  ).toBe('build_error /home/runner/work/shop/shop/vite.config.js:3 [TypeError] x is not a function');
  expect(brief('all is well', 'Run npm test')).toBe(undefined);
});

it('ends in time whatever it reads', () => {
  for (const text of [
    'a'.repeat(3_000_000),
    'x:1:1: y\n'.repeat(300_000),
    '--- FAIL: T (0.00s)\n'.repeat(20_000),
    '\u2718 [ERROR] '.repeat(100_000),
    ' '.repeat(2_000_000),
  ])
    readStepFailure(text, '', '/');
});

function brief(text: string, name: string): string | undefined {
  const found = readStepFailure(text, name, '/home/runner/work/shop/shop');
  if (!found) return undefined;
  const frame = found.frames.find(({ in_app }) => in_app);
  const at = found.frames.length > 0 ? frame : found.place;
  const where = [at?.file, at?.line].filter((part) => part !== undefined).join(':');
  const more = found.others > 0 ? ` (+${found.others})` : '';
  return `${found.kind} ${where} [${found.type}] ${found.message.replace(/\s+/g, ' ').slice(0, 60)}${more}${found.test ? ` in ${found.test}` : ''}`;
}
