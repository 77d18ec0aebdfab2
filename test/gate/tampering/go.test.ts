import { expect, it } from 'vitest';
import { findGoTampering } from '../../../gate/tampering/go.ts';

const BASE = `package slug

import (
	"testing"
)

var words = []string{
	"a",
}

func check(t *testing.T, in, out string) {
	if Slug(in) != out { // a { in a comment
		t.Errorf("{ %s", \`{
\`)
	}
}

func TestSlug(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"A", "a"},
	} {
		check(t, c.in, c.out)
	}
}
`;
const END = BASE.split('\n').length - 1;

function codes(after: number, ...added: string[]) {
  const lines = BASE.split('\n');
  lines.splice(after, 0, ...added);
  return findGoTampering({
    path: 'slug/slug_test.go',
    existing: true,
    oldText: BASE,
    newText: lines.join('\n'),
    added: new Set(added.map((_, index) => after + 1 + index)),
  }).map(({ code }) => code);
}

it('lets new functions, imports, rows of a table and comments be added', () => {
  expect(codes(END, '', 'func TestNew(t *testing.T) {', '\tif Slug("") != "" {', '\t\tt.Fatal()', '\t}', '}')).toEqual(
    [],
  );
  expect(codes(4, '\t"errors"')).toEqual([]);
  expect(codes(8, '\t"b",')).toEqual([]);
  expect(codes(20, '\t\t{"", ""},', '\t\t{', '\t\t\tin: "b",', '\t\t},')).toEqual([]);
  expect(codes(18, '\t// why')).toEqual([]);
});

it.each([
  ['a return in an existing case', 18, '\treturn', 'case_changed'],
  ['a line in the loop over the rows', 21, '\t\tcontinue', 'case_changed'],
  ['a return in a function beside the cases', 11, '\treturn', 'case_changed'],
  ['a skip', END, 'func TestLater(t *testing.T) { t.Skip("later") }', 'marker'],
  ['a skip on short runs', END, 'func TestLong(t *testing.T) { _ = testing.Short() }', 'marker'],
  ['a build constraint', 0, '//go:build never', 'marker'],
  ['an old build constraint', 0, '// +build never', 'marker'],
  ['TestMain', END, 'func TestMain(m *testing.M) { m.Run() }', 'shared_setup'],
  ['init', END, 'func init() { now = never }', 'shared_setup'],
  ['an exit', END, 'func TestX(t *testing.T) { os.Exit(0) }', 'test_exit'],
])('finds %s', (_, after, line, code) => {
  expect(codes(after, line)).toContain(code);
});

it('finds a function that was put into a comment', () => {
  const newText = BASE.replace('func TestSlug', '/*\nfunc TestSlug').concat('*/\n');
  const lines = newText.split('\n');
  const added = new Set(lines.flatMap((line, index) => (/^(\/\*|\*\/)$/.test(line) ? [index + 1] : [])));
  const found = findGoTampering({ path: 'a_test.go', existing: true, oldText: BASE, newText, added });
  expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'case_changed: The existing function TestSlug of a_test.go is no code any more.',
  ]);
});
