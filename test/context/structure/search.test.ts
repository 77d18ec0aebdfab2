import { describe, expect, it } from 'vitest';
import { openSearch, type StructuralRule } from '../../../context/structure/search.ts';

function found(language: string, rule: StructuralRule['rule'], file: string, text: string): string[] {
  const opened = openSearch({ language, rule });
  if (opened.status !== 'ready') throw new Error(opened.message);
  return opened.search.find(file, text).map(({ line, text }) => `${line}: ${text}`);
}

const reason = (language: string, rule: StructuralRule['rule']) => {
  const opened = openSearch({ language, rule });
  return opened.status === 'invalid' ? opened.message : opened.status;
};

describe('a pattern', () => {
  it.each<[string, string, string, string, string[]]>([
    ['ts', 'eval($$$)', 'a.ts', 'const s = "eval(1)"; // eval(2)\neval( 3 as any,\n 4)', ['2: eval( 3 as any,\n 4)']],
    ['tsx', '<a href={$H}>$$$</a>', 'a.tsx', 'const x = <a href={y}>go</a>;', ['1: <a href={y}>go</a>']],
    ['ts', '$A as any', 'b.tsx', 'const x = <a>{y as any}</a>;', ['1: y as any']],
    [
      'js',
      'try { $$$ } catch { }',
      'a.mjs',
      'try { a() } catch {}\ntry { b() } catch (e) { c(e) }',
      ['1: try { a() } catch {}'],
    ],
    ['js', 'secure: false', 'a.js', 'open({ secure: false, x: 1 })', ['1: secure: false']],
    [
      'ts',
      'constructor($$$) { $$$ }',
      'a.ts',
      'class A { constructor(a: string) { b() } }',
      ['1: constructor(a: string) { b() }'],
    ],
    ['py', 'eval($X)', 'a.py', 'eval(x)\nast.literal_eval(x)\n"eval(y)"\n', ['1: eval(x)']],
    [
      'python',
      'try:\n  $$$A\nexcept:\n  pass',
      'a.py',
      'try:\n    go()\nexcept:\n    pass\n',
      ['1: try:\n    go()\nexcept:\n    pass'],
    ],
    [
      'go',
      'fmt.Println($A)',
      'a.go',
      'package m\nfunc f() { fmt.Println("ä", a); fmt.Println(b) }\n',
      ['2: fmt.Println(b)'],
    ],
    [
      'go',
      'if err != nil { return nil }',
      'a.go',
      'package m\nfunc f() error {\n\tif err != nil {\n\t\treturn nil\n\t}\n\treturn err\n}\n',
      ['3: if err != nil {\n\t\treturn nil\n\t}'],
    ],
    [
      'java',
      'System.out.println($A)',
      'A.java',
      'class A { void f() { System.out.println(1); } }',
      ['1: System.out.println(1)'],
    ],
    [
      'java',
      'try { $$$ } catch (Exception $E) { }',
      'A.java',
      'class A { void f() {\n try { a(); } catch (Exception e) { } } }',
      ['2: try { a(); } catch (Exception e) { }'],
    ],
    [
      'html',
      '<script src=$S></script>',
      'a.html',
      '<p><script src="x"></script></p>',
      ['1: <script src="x"></script>'],
    ],
    ['css', 'color: $C', 'a.css', 'b { color: red; }', ['1: color: red;']],
  ])('of %s finds %j as code, and nothing that only looks like it', (language, rule, file, text, expected) => {
    expect(found(language, rule, file, text)).toEqual(expected);
  });

  it.each([
    ['ts', 'foo(', /not one whole expression, statement or declaration of TypeScript: a part of it is a syntax error/],
    ['ts', 'foo bar', /Multiple AST nodes/],
    ['py', 'except:\n  pass', /syntax error/],
    ['java', '}{', /Java/],
    ['go', 'func (', /Go/],
  ])('of %s that is no piece of code, such as %j, is refused with the reason', (language, rule, message) => {
    expect(reason(language, rule)).toMatch(message);
  });
});

describe('a rule object of ast-grep', () => {
  it('matches by all that it says', () => {
    const rule = { pattern: 'await $A', inside: { kind: 'for_statement', stopBy: 'end' } };
    expect(found('js', rule, 'a.js', 'await a;\nfor (;;) { await b; }')).toEqual(['2: await b']);
  });

  it('that is none is refused with ast-grep’s own words', () => {
    expect(reason('js', { patern: 'x' })).toMatch(/unknown field `patern`, expected one of `pattern`/);
    expect(reason('js', { kind: 'nope' })).toMatch(/Kind `nope` is invalid/);
    expect(reason('js', { any: [{ pattern: 'foo(' }] })).toMatch(/"foo\(" is not one whole/);
  });
});

it('covers the files of its language alone, under all usual names of it', () => {
  const opened = openSearch({ language: 'TypeScript', rule: 'a()' });
  if (opened.status !== 'ready') throw new Error(opened.message);
  const files = ['a.ts', 'a.mts', 'a.tsx', 'a.TS', 'a.js', 'a.py', 'ts', 'a.ts/b'];
  expect(files.filter(opened.search.covers)).toEqual(['a.ts', 'a.mts', 'a.tsx', 'a.TS']);
  expect(reason('pyton', 'x')).toBe('Unknown language "pyton"; the nearest known is "python"');
});
