import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../../context/impact/graph.ts';
import { go } from '../../../../context/impact/languages/go.ts';
import { edgesOf, sourcesOf } from '../tree.ts';

const specifiersIn = (text: string, path = 'a.go') => [...go.scan(text, path).imports.keys()];

describe('scan', () => {
  it.each([
    ['package a', ['package a']],
    ['// import "no"\n/* import "no" */\npackage a\nimport "fmt"', ['package a', 'fmt']],
    ['package a; import "x"; import b "y"\nimport . "z"; import _ "w"', ['package a', 'x', 'y', 'z', 'w']],
    [
      'package a\nimport (\n\t"x" // why "no"\n\t/* "no" ) */\n\ty2 `y`\n\t_ "example.org//z"; "w"\n)\nvar s = `import "no"`',
      ['package a', 'x', 'y', 'example.org//z', 'w'],
    ],
    ['package a\nimport ()\nimport "b"', ['package a', 'b']],
    ['package a\nvar x = 1\nimport "no"', ['package a']],
    ['package a\n//go:embed t/*.html "with name"\nvar f embed.FS', ['package a', 'embed t/*.html', 'embed with name']],
    ['import "no package"', []],
    ['package a\nimport (', ['package a']],
    ['package a\nimport "open', ['package a']],
  ])('%j imports %j', (text, expected) => {
    expect(specifiersIn(text)).toEqual(expected);
  });

  it.each(['//', '/*', 'import (', 'import ( "', '"', '(', ' ', 'package a\n', '/* ) */ '])(
    'takes a megabyte of %j in its stride',
    (part) => {
      const started = performance.now();
      specifiersIn(`package a\nimport (${part.repeat(1_000_000 / part.length)}`);
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});

describe('edges', () => {
  it('are between packages of the tree, with modules, replacements, vendored code and tests', () => {
    const texts = {
      'go.mod': 'module example.org/shop // the shop\nreplace (\n  example.org/far v1.0.0 => ./near\n)\n',
      'main.go': 'package main\nimport ("example.org/shop/pay"; "fmt"; "example.org/far/x"; "example.org/dep")',
      'pay/pay.go': 'package pay\nimport "example.org/tool"',
      'pay/rates.go': 'package pay\n//go:embed rates/*.txt\nvar rates string',
      'pay/rates/de.txt': '',
      'pay/gen.go': '//go:build ignore\n\npackage main',
      'pay/pay_test.go': 'package pay',
      'pay/api_test.go': 'package pay_test\nimport "example.org/shop/pay"',
      'near/x/x.go': 'package x',
      'near/go.mod': 'module example.org/renamed',
      'tool/go.mod': 'module example.org/tool',
      'tool/tool.go': 'package tool',
      'vendor/example.org/dep/d.go': 'package dep',
    };
    expect(edgesOf(buildGraph(sourcesOf(texts)), Object.keys(texts))).toEqual([
      'main.go → near/x/x.go',
      'main.go → pay/pay.go',
      'main.go → pay/rates.go',
      'main.go → vendor/example.org/dep/d.go',
      'pay/api_test.go → pay/pay.go',
      'pay/api_test.go → pay/rates.go',
      'pay/pay.go → pay/rates.go',
      'pay/pay.go → tool/tool.go',
      'pay/pay_test.go → pay/pay.go',
      'pay/pay_test.go → pay/rates.go',
      'pay/rates.go → pay/pay.go',
      'pay/rates.go → pay/rates/de.txt',
    ]);
  });
});

const library = goLibrary();

describe.skipIf(library === undefined)(
  "Go's own library, against what `go list` says of it (skipped without Go and its sources)",
  () => {
    it('has the same edges between packages', () => {
      const root = library ?? '';
      const listed = execFileSync(
        'go',
        ['list', '-e', '-f', '{{.Dir}}|{{.ImportPath}}|{{join .Imports ","}}|{{join .GoFiles ","}}', 'std'],
        {
          cwd: root,
          encoding: 'utf8',
          env: {
            ...process.env,
            CGO_ENABLED: '0',
            GOFLAGS: '',
            GO111MODULE: 'on',
            HOME: root,
            GOCACHE: '/nonexistent',
          },
          maxBuffer: 1 << 26,
        },
      );
      const packages = listed
        .trim()
        .split('\n')
        .map((line) => line.split('|'))
        .map(([dir = '', ...rest]) => [realpathSync(dir), ...rest]);
      const folderOf = new Map(packages.map(([dir = '', path = '']) => [path, posix.relative(root, dir)]));
      const texts: Record<string, string> = { 'go.mod': readFileSync(join(root, 'go.mod'), 'utf8') };
      for (const [dir = ''] of packages)
        for (const name of readdirSync(dir))
          if (name.endsWith('.go'))
            texts[posix.relative(root, join(dir, name))] = readFileSync(join(dir, name), 'utf8');
      const graph = buildGraph(sourcesOf(texts));
      const missing: string[] = [];
      const extra: string[] = [];
      let edges = 0;
      for (const [dir = '', , imports = '', files = ''] of packages) {
        const folder = posix.relative(root, dir);
        const sources = files
          .split(',')
          .filter(Boolean)
          .map((name) => posix.join(folder, name));
        const found = new Set(sources.flatMap((path) => graph.importsOf(path).map((to) => dirname(to))));
        found.delete(folder);
        const wanted = new Set(imports.split(',').flatMap((path) => folderOf.get(path) ?? []));
        edges += wanted.size;
        for (const to of wanted) if (!found.has(to)) missing.push(`${folder} → ${to}`);
        for (const to of found) if (!wanted.has(to)) extra.push(`${folder} → ${to}`);
      }
      expect(edges).toBeGreaterThan(800);
      expect({ missing, extra }).toEqual({ missing: [], extra: [] });
    });
  },
);

/** The folder of the sources of Go's own library; undefined where there is no Go. */
function goLibrary(): string | undefined {
  try {
    const root = join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'src');
    return existsSync(join(root, 'go.mod')) ? realpathSync(root) : undefined;
  } catch {
    return undefined;
  }
}
