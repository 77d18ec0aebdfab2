import { expect, it } from 'vitest';
import { contentOf, edited, type NetEdits, UNTOUCHED, written } from '../../../hooks/loop/net-edits.ts';

function after(...edits: [string, string][]): string {
  return contentOf(edits.reduce<NetEdits>((file, [from, to]) => edited(file, from, to), UNTOUCHED));
}

it('comes back to the original when all edits are taken back, in whatever order and steps', () => {
  expect(after(['a', 'b'], ['b', 'a'])).toBe('');
  expect(after(['a', 'b'], ['x', 'y'], ['b', 'a'], ['y', 'x'])).toBe('');
  expect(after(['a', 'b'], ['b', 'c'], ['c', 'a'])).toBe('');
  expect(after(['a', 'a'])).toBe('');
});

it('is the same for independent edits in another order, and another for another edit', () => {
  expect(after(['a', 'b'], ['x', 'y'])).toBe(after(['x', 'y'], ['a', 'b']));
  expect(after(['a', 'b'])).not.toBe(after(['a', 'c']));
  expect(after(['a', 'b'], ['x', 'y'])).not.toBe(after(['a', 'b']));
});

it('looks at the lines that differ, but keeps what a pure insertion stands in', () => {
  expect(after(['one\na\ntwo', 'one\nb\ntwo'], ['b', 'a'])).toBe('');
  expect(after(['a', 'log\na'], ['log\nb', 'b'])).not.toBe('');
});

it('knows a file again by what was written', () => {
  expect(contentOf(edited(edited(written('x'), 'a', 'b'), 'b', 'a'))).toBe(contentOf(written('x')));
  expect(contentOf(written('x'))).not.toBe(contentOf(written('y')));
});

it('stays small under many edits', () => {
  const file = Array.from({ length: 500 }, (_, n) => n).reduce<NetEdits>(
    (now, n) => edited(now, `a${n}`, `b${n}`),
    UNTOUCHED,
  );
  expect(JSON.stringify(file).length).toBeLessThan(1000);
});
