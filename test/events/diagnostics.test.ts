import { describe, expect, it } from 'vitest';
import { readDiagnostics } from '../../events/diagnostics.ts';

const CHECKOUT = '/var/checkout/tree';

describe('readDiagnostics', () => {
  it.each([
    [
      'tsc',
      "src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.",
      {
        file: 'src/a.ts',
        line: 3,
        column: 5,
        code: 'TS2322',
        message: "Type 'string' is not assignable to type 'number'.",
      },
    ],
    [
      'tsc --pretty',
      "\u001b[96msrc/a.ts\u001b[0m:\u001b[93m3\u001b[0m:\u001b[93m5\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mType 'x'.",
      { file: 'src/a.ts', line: 3, column: 5, code: 'TS2322', message: "Type 'x'." },
    ],
    [
      'eslint',
      `${CHECKOUT}/src/b.js\n  7:1  error  Unexpected 'debugger' statement  no-debugger\n`,
      { file: 'src/b.js', line: 7, column: 1, code: 'no-debugger', message: "Unexpected 'debugger' statement" },
    ],
    [
      'eslint with a plugin',
      '/var/checkout/tree/src/b.ts\n  1:10  warning  No any  @typescript-eslint/no-explicit-any',
      { file: 'src/b.ts', line: 1, column: 10, code: '@typescript-eslint/no-explicit-any', message: 'No any' },
    ],
    [
      'mypy',
      'app/a.py:3: error: Incompatible return value type  [return-value]',
      { file: 'app/a.py', line: 3, code: 'return-value', message: 'Incompatible return value type' },
    ],
    [
      'ruff and flake8',
      'app/a.py:3:80: E501 Line too long (90 > 79)',
      { file: 'app/a.py', line: 3, column: 80, code: 'E501', message: 'Line too long (90 > 79)' },
    ],
    [
      'gcc',
      'src/a.c:3:5: error: expected expression',
      { file: 'src/a.c', line: 3, column: 5, message: 'expected expression' },
    ],
  ])('reads %s', (_name, output, expected) => {
    expect(readDiagnostics(output, CHECKOUT)).toEqual([expected]);
  });

  it('finds none in prose, and stops at a bound', () => {
    expect(
      readDiagnostics('✖ 3 problems (3 errors, 0 warnings)\n\nat 10:30: done\nhttp://localhost:3000: up\n', CHECKOUT),
    ).toEqual([]);
    expect(readDiagnostics('a.ts:1:1: x\n'.repeat(2000), CHECKOUT)).toHaveLength(500);
  });
});
