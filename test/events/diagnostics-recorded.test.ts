/** What linters, type checkers and compilers really wrote, recorded: each file's name holds the tool and its version. */
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../events/diagnostics/diagnostic.ts';
import { readDiagnostics } from '../../events/diagnostics.ts';
import { isInstalled } from '../gate/runner/installed.ts';
import { ownModules, project, run } from '../gate/runner/project.ts';

const FIXTURES = join(import.meta.dirname, '../gate/runner/fixtures');
/** Reports of tests, not diagnostics. */
const REPORTS = /^(?:go-test|cargo-test|node-tap|surefire)-/;

/** `file:line:column [code] message` */
const EXPECTED: Record<string, string[]> = {
  'biome-2.5.15.txt': [
    'bad.js:2:1 [lint/suspicious/noDebugger] This is an unexpected use of the debugger statement.',
    'bad.js:3:7 [lint/suspicious/noDoubleEquals] Using == may be unsafe if you are relying on type coercion.',
  ],
  'cargo-check-1.95.0.txt': ['src/lib.rs:3:5 [E0308] mismatched types'],
  'cargo-check-short-1.95.0.txt': ['src/lib.rs:3:5 [E0308] mismatched types: expected `String`, found `i32`'],
  'cargo-clippy-1.95.0.txt': [
    'src/lib.rs:2:9 [] unused variable: `y`',
    'src/lib.rs:7:5 [] unneeded `return` statement',
    'src/lib.rs:6:13 [] writing `&Vec` instead of `&[_]` involves a new object where a slice will do',
    'src/lib.rs:7:12 [] length comparison to zero',
  ],
  'eslint-json-10.15.0.txt': [
    'bad.js:1:1 [no-var] Unexpected var, use let or const instead.',
    "bad.js:2:1 [no-debugger] Unexpected 'debugger' statement.",
    "bad.js:3:7 [eqeqeq] Expected '===' and instead saw '=='.",
    "bad.js:3:15 [no-undef] 'b' is not defined.",
    'syn.js:2:1 [] Parsing error: Unexpected token',
  ],
  'eslint-stylish-10.15.0.txt': [
    'bad.js:1:1 [no-var] Unexpected var, use let or const instead',
    "bad.js:2:1 [no-debugger] Unexpected 'debugger' statement",
    "bad.js:3:7 [eqeqeq] Expected '===' and instead saw '=='",
    "bad.js:3:15 [no-undef] 'b' is not defined",
    'syn.js:2:1 [] Parsing error: Unexpected token',
  ],
  'eslint-unix-10.15.0.txt': [
    'bad.js:1:1 [no-var] Unexpected var, use let or const instead.',
    "bad.js:2:1 [no-debugger] Unexpected 'debugger' statement.",
    "bad.js:3:7 [eqeqeq] Expected '===' and instead saw '=='.",
    "bad.js:3:15 [no-undef] 'b' is not defined.",
    'syn.js:2:1 [] Parsing error: Unexpected token',
  ],
  'flake8-7.4.1.txt': [
    "a.py:1:1 [F401] 'os' imported but unused",
    "a.py:2:1 [F401] 'no_such_module' imported but unused",
    "a.py:6:5 [F841] local variable 'y' is assigned to but never used",
    "a.py:10:7 [F821] undefined name 'undefined_name'",
    'a.py:10:22 [E702] multiple statements on one line (semicolon)',
  ],
  'go-build-1.19.8.txt': [
    'vet/a.go:7:6 [] unused declared but not used',
    'vet/a.go:8:9 [] cannot use "s" (untyped string constant) as int value in return statement',
  ],
  'go-vet-1.19.8.txt': ['vet/a.go:6:2 [] fmt.Printf format %d has arg "x" of wrong type string'],
  'javac-17.0.15.txt': [
    'core/src/main/java/shop/Broken.java:4 [] incompatible types: String cannot be converted to int',
    'core/src/main/java/shop/Broken.java:5 [] cannot find symbol',
  ],
  'maven-compiler-3.14.0.txt': [
    'core/src/main/java/shop/Broken.java:4:11 [] incompatible types: java.lang.String cannot be converted to int',
    'core/src/main/java/shop/Broken.java:5:14 [] cannot find symbol',
  ],
  'mypy-1.0.1.txt': [
    'a.py:2 [import] Cannot find implementation or library stub for module named "no_such_module"',
    'a.py:7 [return-value] Incompatible return value type (got "int", expected "str")',
    'a.py:10 [name-defined] Name "undefined_name" is not defined',
    'a.py:10 [arg-type] Argument 1 to "f" has incompatible type "str"; expected "int"',
  ],
  'mypy-pretty-1.0.1.txt': [
    'a.py:2:1 [import] Cannot find implementation or library stub for module named "no_such_module"',
    'a.py:7:12 [return-value] Incompatible return value type (got "int", expected "str")',
    'a.py:10:7 [name-defined] Name "undefined_name" is not defined',
    'a.py:10:26 [arg-type] Argument 1 to "f" has incompatible type "str"; expected "int"',
  ],
  'pylint-2.16.2.txt': [
    'a.py:1:0 [C0114] Missing module docstring',
    "a.py:2:0 [E0401] Unable to import 'no_such_module'",
    'a.py:5:0 [C0116] Missing function or method docstring',
    `a.py:5:0 [C0103] Function name "f" doesn't conform to snake_case naming style`,
    `a.py:5:6 [C0103] Argument name "x" doesn't conform to snake_case naming style`,
    `a.py:6:4 [C0103] Variable name "y" doesn't conform to snake_case naming style`,
    "a.py:6:4 [W0612] Unused variable 'y'",
    "a.py:10:6 [E0602] Undefined variable 'undefined_name'",
    'a.py:10:23 [C0321] More than one statement on a single line',
    'a.py:1:0 [W0611] Unused import os',
    'a.py:2:0 [W0611] Unused import no_such_module',
  ],
  'pyright-1.1.414.txt': [
    'a.py:2:8 [reportMissingImports] Import "no_such_module" could not be resolved',
    'a.py:7:12 [reportReturnType] Type "int" is not assignable to return type "str" "int" is not assignable to "str"',
    'a.py:10:7 [reportUndefinedVariable] "undefined_name" is not defined',
    `a.py:10:26 [reportArgumentType] Argument of type "Literal['a']" cannot be assigned to parameter "x" of type "int" in function "f" "Literal['a']" is not assignable to "int"`,
  ],
  'ruff-0.16.9.txt': [
    'a.py:1:1 [I001] Import block is un-sorted or un-formatted',
    'a.py:1:8 [F401] `os` imported but unused',
    'a.py:2:8 [F401] `no_such_module` imported but unused',
    'a.py:6:5 [F841] Local variable `y` is assigned to but never used',
    'a.py:10:7 [F821] Undefined name `undefined_name`',
  ],
  'ruff-concise-0.16.9.txt': [
    'a.py:1:1 [I001] Import block is un-sorted or un-formatted',
    'a.py:1:8 [F401] `os` imported but unused',
    'a.py:2:8 [F401] `no_such_module` imported but unused',
    'a.py:6:5 [F841] Local variable `y` is assigned to but never used',
    'a.py:10:7 [F821] Undefined name `undefined_name`',
  ],
  'tsc-6.0.3.txt': [
    "a.ts:1:7 [TS2322] Type 'string' is not assignable to type 'number'.",
    "a.ts:3:12 [TS2551] Property 'lenth' does not exist on type 'string'. Did you mean 'length'?",
    "a.ts:5:3 [TS2345] Argument of type '{ a: number; }' is not assignable to parameter of type 'string'.",
  ],
  'tsc-pretty-6.0.3.txt': [
    "a.ts:1:7 [TS2322] Type 'string' is not assignable to type 'number'.",
    "a.ts:3:12 [TS2551] Property 'lenth' does not exist on type 'string'. Did you mean 'length'?",
    "a.ts:5:3 [TS2345] Argument of type '{ a: number; }' is not assignable to parameter of type 'string'.",
  ],
};

const told = ({ file, line, column, code, message }: Diagnostic) =>
  `${[file, line, column].filter((part) => part !== undefined).join(':')} [${code ?? ''}] ${message}`;

describe('readDiagnostics', () => {
  it.each(Object.entries(EXPECTED))('reads %s', (name, expected) => {
    const found = readDiagnostics(readFileSync(join(FIXTURES, name), 'utf8'), '/home/dev/shop');
    expect(found.map(told)).toEqual(expected);
  });

  it('has an expectation for every recorded output', () => {
    const recorded = readdirSync(FIXTURES).filter((name) => !REPORTS.test(name));
    expect(recorded.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  // In the form that its documentation gives: it could not be recorded.
  it('reads the lines of golangci-lint', () => {
    const output = 'tenant/tenant.go:7:9: Error return value of `f` is not checked (errcheck)\n\tf()\n\t^\n';
    expect(readDiagnostics(output, '/home/dev/shop').map(told)).toEqual([
      'tenant/tenant.go:7:9 [errcheck] Error return value of `f` is not checked',
    ]);
  });
});

/** The same tools, in whatever version stands on this machine. */
describe('a check that fails', () => {
  const rust = {
    CARGO_HOME: process.env.CARGO_HOME ?? join(homedir(), '.cargo'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
    CARGO_NET_OFFLINE: 'true',
  };
  const tools: [command: string, file: string, files: Record<string, string>][] = [
    ['npx tsc --noEmit a.ts', 'a.ts:1', { 'a.ts': "const n: number = 'x';\n" }],
    ['npx biome lint bad.js', 'bad.js:2', { 'bad.js': 'const a = 1;\ndebugger;\n' }],
  ];
  if (isInstalled('go', 'version'))
    tools.push([
      'go build ./...',
      'a.go:3',
      { 'go.mod': 'module a\n', 'a.go': 'package a\n\nfunc F() int { return "s" }\n' },
    ]);
  if (isInstalled('javac', '-version'))
    tools.push(['javac -d out A.java', 'A.java:2', { 'A.java': 'class A {\n  int n = "x";\n}\n' }]);
  if (isInstalled('mypy', '--version'))
    tools.push(['mypy a.py', 'a.py:2', { 'a.py': 'def f() -> int:\n    return "x"\n' }]);
  if (isInstalled('cargo', '--version'))
    tools.push([
      'cargo check',
      'src/lib.rs:2',
      {
        'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\n',
        'src/lib.rs': 'pub fn f() -> String {\n    1\n}\n',
      },
    ]);

  it.each(tools)('%s: tells %s', async (command, place, files) => {
    const result = await run(project(files, ownModules), command, { kind: 'check', env: rust });
    expect(result).toMatchObject({ status: 'failed', counts: null });
    expect(result.diagnostics.map(({ file, line }) => `${file}:${line}`)).toContain(place);
  });

  it('keeps its exit code where nothing can be read', async () => {
    const result = await run(project({}), 'echo "something is wrong"; exit 4', { kind: 'check' });
    expect(result).toMatchObject({ status: 'failed', exit: 4, diagnostics: [] });
  });
});
