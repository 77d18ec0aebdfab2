import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reach } from '../../../../context/impact/dependents.ts';
import { buildGraph } from '../../../../context/impact/graph.ts';
import { java } from '../../../../context/impact/languages/java.ts';
import { edgesOf, sourcesOf } from '../tree.ts';

const scan = (text: string) => java.scan(text, 'A.java');
const specifiersIn = (text: string) => [...scan(text).imports.keys()];

describe('scan', () => {
  it.each([
    [
      'package a.b; import c.D; import static e.F.g; import static h.I.*; class A {}',
      ['c.D', 'e.F.g', 'h.I', 'a.b.*:A'],
    ],
    ['package a; import b.c.*; class A extends B<D> { E.F f = new int[0]; }', ['a.*:A,B,D,E', 'b.c.*:A,B,D,E']],
    ['class A { B b; }', ['.*:A,B']],
    ['package a /* why */ ;\nimport\n  b . C ;', ['b.C']],
    [
      'package a; class A { java.util.List<b.c.D> x; String s = "import no.No;"; char c = \'"\'; }',
      ['a.*:A,String', 'java.util.List', 'b.c.D'],
    ],
    [
      'package a; // import no.No;\n/* import no.No; */ class A { String s = """\nimport no.No; Text\n"""; }',
      ['a.*:A,String'],
    ],
    [
      'module a.b { requires transitive c.d; requires java.base; provides e.F with g.H; }',
      ['module c.d', 'module java.base', 'e.F', 'g.H'],
    ],
  ])('%j imports %j', (text, expected) => {
    expect(specifiersIn(text)).toEqual(expected);
  });

  it('declares the types at the top of a file, not those inside', () => {
    const text =
      'package a.b; public sealed class A { class Inner {} enum E { X } } record B(int x) {} @interface C {} enum D { Y }';
    expect(scan(text).declares).toBe('a.b A,B,C,D');
    expect(scan('interface A {}').declares).toBe(' A');
    expect(scan('open module x.y { }').declares).toBe('module x.y');
  });

  it.each(['/*', '"""', '"', "'", 'import ', 'import a.', 'a.', 'A', '{', 'class ', '// ', 'package a', '\\"'])(
    'takes a megabyte of %j in its stride',
    (part) => {
      const started = performance.now();
      specifiersIn(`package a; ${part.repeat(1_000_000 / part.length)}`);
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});

describe('edges', () => {
  it('follow packages, stars, static members, inner types, second types of a file, and modules', () => {
    const texts = {
      'app/src/main/java/shop/Cart.java':
        'package shop; import shop.price.*; import static shop.tax.Rates.of; class Cart { Price p; Helper h; }',
      'app/src/main/java/shop/Helper.java': 'package shop; class Helper {} class Second {}',
      'app/src/main/java/shop/Other.java':
        'package shop; import shop.price.Price.Currency; class Other { Second s; shop.tax.Rates r; }',
      'app/src/main/java/shop/price/Price.java': 'package shop.price; public class Price { enum Currency {} }',
      'app/src/main/java/shop/price/Unused.java': 'package shop.price; class Unused {}',
      'app/src/main/java/shop/tax/Rates.java': 'package shop.tax; public interface Rates {}',
      'app/src/main/java/module-info.java': 'module shop { requires lib; }',
      'app/src/test/java/shop/CartTest.java': 'package shop; import org.junit.Test; class CartTest { Cart c; }',
      'lib/src/main/java/module-info.java': 'module lib { }',
      'lib/src/main/java/shop/tax/Rates.java': 'package shop.tax; public interface Rates {}',
      'lib/src/main/java/shop/tax/Use.java': 'package shop.tax; class Use { Rates r; }',
    };
    const short = (path: string) => path.replace(/src\/(main|test)\/java\//g, '');
    expect(edgesOf(buildGraph(sourcesOf(texts))).map(short)).toEqual([
      'app/module-info.java → lib/module-info.java',
      'app/shop/Cart.java → app/shop/Helper.java',
      'app/shop/Cart.java → app/shop/price/Price.java',
      'app/shop/Cart.java → app/shop/tax/Rates.java',
      'app/shop/Other.java → app/shop/Helper.java',
      'app/shop/Other.java → app/shop/price/Price.java',
      'app/shop/Other.java → app/shop/tax/Rates.java',
      'app/shop/CartTest.java → app/shop/Cart.java',
      'lib/shop/tax/Use.java → lib/shop/tax/Rates.java',
    ]);
  });
});

const jdk = findJdk();

describe.skipIf(jdk === undefined)(
  "the JDK's own modules, against jdeps (skipped where no JDK with its src.zip is installed)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'java-sources-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each(['java.logging', 'java.net.http'])('misses no edge between files of %s', (module) => {
      const run = (name: string, args: string[]) =>
        execFileSync(join(jdk ?? '', 'bin', name), args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
      run('jar', ['--extract', '--file', join(jdk ?? '', 'lib', 'src.zip'), module]);
      const paths = readdirSync(join(folder, module), { recursive: true, encoding: 'utf8' }).filter((path) =>
        path.endsWith('.java'),
      );
      const graph = buildGraph(
        sourcesOf(Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, module, path), 'utf8')]))),
      );
      const known = new Set(paths);
      const wanted = new Set<string>();
      const fileOf = (name: string) => `${name.replace(/\$.*/, '').replaceAll('.', '/')}.java`;
      for (const line of run('jdeps', ['-verbose:class', '-filter:none', '--module', module]).split('\n')) {
        const [, from, to] = /^ +([\w.$]+) +-> ([\w.$]+)/.exec(line) ?? [];
        if (from === undefined || to === undefined) continue;
        const [source, target] = [fileOf(from), fileOf(to)];
        if (known.has(source) && known.has(target) && source !== target) wanted.add(`${source} → ${target}`);
      }
      const found = new Set(edgesOf(graph));
      const extra = [...found].filter((edge) => !wanted.has(edge) && !edge.includes('module-info'));
      expect(wanted.size).toBeGreaterThan(30);
      // What is in the bytecode but in no word of the text is the type of an expression, which other files name.
      const missing = [...wanted]
        .filter((edge) => !found.has(edge))
        .map((edge) => edge.split(' → ') as [string, string]);
      const named = missing.filter(([source, target]) => {
        const text = readFileSync(join(folder, module, source), 'utf8');
        const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"/g, '');
        const name = basename(target, '.java');
        const ownInnerType = new RegExp(`\\b(?:class|interface|enum|record) ${name}\\b`);
        return new RegExp(`\\b${name}\\b`).test(code) && !ownInnerType.test(code);
      });
      expect(named).toEqual([]);
      const unreached = missing.filter(
        ([source, target]) => !reach([source], (path) => graph.importsOf(path)).has(target),
      );
      expect(unreached).toEqual([]);
      // In the sources alone: constants that the compiler copied, and imports for the documentation.
      expect(extra.length / wanted.size).toBeLessThan(0.1);
    });
  },
);

/** The folder of a JDK that holds jdeps and the sources of its modules. */
function findJdk(): string | undefined {
  const candidates = [process.env.JAVA_HOME ?? ''];
  try {
    candidates.push(dirname(dirname(realpathSync(execFileSync('which', ['jdeps'], { encoding: 'utf8' }).trim()))));
  } catch {
    // no jdeps on PATH
  }
  const installed = '/usr/lib/jvm';
  if (existsSync(installed)) candidates.push(...readdirSync(installed).map((name) => posix.join(installed, name)));
  return candidates.find(
    (home) => home !== '' && ['bin/jdeps', 'bin/jar', 'lib/src.zip'].every((name) => existsSync(join(home, name))),
  );
}
