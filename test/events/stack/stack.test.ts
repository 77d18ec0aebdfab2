import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStack, parseStacks } from '../../../events/stack/stack.ts';
import { fixture } from '../fixtures.ts';

describe('stacks of any language in one text', () => {
  it('are found one by one, in order', () => {
    const text = ['node-20-uncaught', 'python-3.11-chained', 'node-20-cause'].map(fixture).join('\nall is well\n');
    expect(parseStacks(text).map((stack) => stack.type)).toEqual(['TypeError', 'tenant.TenantError', 'Error']);
  });

  it('is undefined without a stack', () => {
    expect(parseStack('TypeError: x is not a function')).toBeUndefined();
    expect(parseStack('')).toBeUndefined();
  });
});

/** Lines that parsers look for, in any order. */
const line = fc.oneof(
  fc.constantFrom(
    ...[
      'Error: x',
      '    at f (a.js:1:2)',
      '    at f (a.js:1:2) {',
      '  [cause]: Error: y',
      '}',
      ']',
      '    ^',
      '',
      ' ❯ f a.ts:1:2',
      '● t',
    ],
    ...[
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in f',
      '  File "a.py", line 1',
      'KeyError: 1',
      'SyntaxError: x',
    ],
    ...[
      'During handling of the above exception, another exception occurred:',
      '  + Exception Group Traceback (most recent call last):',
    ],
    ...[
      '  | ValueError: x',
      '  +-+---------------- 1 ----------------',
      '___ t ___',
      'E   x',
      'a.py:1: KeyError',
      'not ok 1',
      '  ---',
      '  ...',
    ],
    ...['  stack: |-', '    f (a.js:1:2)', "  name: 'X'", '  1 | code'],
  ),
  fc.string(),
);

it('never throws, whatever the text, and frames are well formed', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      for (const stack of parseStacks(lines.join('\n'))) {
        for (const frame of stack.frames) expect(frame.file).not.toBe('');
      }
    }),
    { numRuns: 3000 },
  );
});
