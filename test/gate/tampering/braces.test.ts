import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readBraces } from '../../../gate/tampering/braces.ts';

it('reads brackets past strings, characters and comments', () => {
  const text = 'f("(", \'{\') {\n  /* } */ a[`]\n`] // )\n  """\n  }"""\n}\n';
  expect(readBraces(text)?.map(({ open, start, end, before }) => [open, start, end, before])).toEqual([
    ['(', 1, 1, 'f'],
    ['{', 1, 6, 'f("(", \'{\') '],
    ['[', 2, 3, '  /* } */ a'],
  ]);
  expect(readBraces('f(]')).toBeNull();
  expect(readBraces('f(')).toBeNull();
});

it('reads any text to brackets that lie within it and nest, or says that it cannot', () => {
  const piece = fc.constantFrom('(', ')', '{', '}', '[', ']', '"', "'", '`', '"""', '\\', '\n', '//', '/*', '*/', 'a');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const count = text.split('\n').length;
      for (const { start, end } of readBraces(text) ?? []) {
        expect(start).toBeGreaterThanOrEqual(1);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(count);
      }
    }),
  );
});
