import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { reach } from '../../../../context/impact/dependents.ts';
import { buildGraph } from '../../../../context/impact/graph.ts';
import { python } from '../../../../context/impact/languages/python.ts';
import { sourcesOf, treeOf } from '../tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'python-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, ...args: string[]) =>
  execFileSync('python3', ['-I', '-c', script, ...args], { encoding: 'utf8', timeout: 50_000, maxBuffer: 1 << 26 });

const specifiersIn = (text: string) => [...python.scan(text, 'a.py').imports.keys()];

describe('specifiers', () => {
  it.each([
    ['import a', ['a']],
    ['import a.b as c, d', ['a.b', 'd']],
    ['from a.b import c as d, e', ['a.b:c', 'a.b:e']],
    ['from a import (  # why\n    b,\n    c as d,\n)', ['a:b', 'a:c']],
    ['from a import \\\n    b, \\\n    c', ['a:b', 'a:c']],
    ['from . import a', ['.:a']],
    ['from .. import a', ['..:a']],
    ['from .a.b import c', ['.a.b:c']],
    ['from.a import b', ['.a:b']],
    ['from ...a import*', ['...a:*']],
    ['import a; import b', ['a', 'b']],
    ['try: import a\nexcept ImportError: from b import c', ['a', 'b:c']],
    ['def f():\n\tfrom a import b', ['a:b']],
    ['if TYPE_CHECKING:\r\n    import a\r\n', ['a']],
    ['import größe', ['größe']],
    ['x = """\nimport no\n"""; import a', ['a']],
    [`x = 'it"s'  # "\nimport a`, ['a']],
    ['x = "# no"\nimport a', ['a']],
    ['importlib.import_module("a.b"); __import__("c")', ['a.b', 'c']],
    ['with mock.patch("a.b.f"): pass', ['a.b.f']],
  ])('%j imports %j', (text, expected) => {
    expect(specifiersIn(text)).toEqual(expected);
  });

  it('marks what is imported for types alone, patched, or given by pytest', () => {
    const kinds = (text: string) => Object.fromEntries(python.scan(text, 'a.py').imports);
    expect(
      kinds(
        'if TYPE_CHECKING:\n    import a\n\n    from b import (\n        c,\n    )\nimport d\nif typing.TYPE_CHECKING: import e\nimport f',
      ),
    ).toEqual({ a: 'type', 'b:c': 'type', d: 'value', e: 'type', f: 'value' });
    expect(kinds('if TYPE_CHECKING:\n  import a\nelse:\n  import b\nif not TYPE_CHECKING:\n  import c')).toEqual({
      a: 'type',
      b: 'value',
      c: 'value',
    });
    expect(kinds('@patch("a.b.f")\ndef x(): monkeypatch.setattr("a.c", 1)')).toEqual({
      'a.b.f': 'mock',
      'a.c': 'mock',
    });
    expect(kinds('async def test_x(client): pass')).toEqual({ '<fixtures>': 'value' });
  });

  it.each(['# import a', '"""\nimport a\n"""', 'important = 1', 'x.importer(y)', 'yield from a', 'raise A from b'])(
    '%j imports nothing',
    (text) => {
      expect(specifiersIn(text)).toEqual([]);
    },
  );

  it.each(['from a ', '\nfrom x import (', '"""', '\\"""', '"', "\\'", '(', ' ', 'a', 'import a, ', '\\\n'])(
    'takes a megabyte of %j in its stride',
    (part) => {
      const start = performance.now();
      specifiersIn(`from b ${part.repeat(1_000_000 / part.length)}\n`);
      expect(performance.now() - start).toBeLessThan(3000);
    },
  );

  it('finds every import that ast finds in the standard library', () => {
    const listed = run(ORACLE, '400');
    const files: Array<{ path: string; imports: string[] }> = JSON.parse(listed);
    const missed = files.flatMap(({ path, imports }) => {
      const found = new Set(specifiersIn(readFileSync(path, 'utf8')));
      return imports.filter((name) => !found.has(name)).map((name) => `${path}: ${name}`);
    });
    expect(missed).toEqual([]);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(2000);
  });
});

/** Prints [{path, imports}] of the first files of the standard library that parse. */
const ORACLE = `
import ast, json, os, sys, sysconfig
out = []
root = sysconfig.get_path("stdlib")
for base, dirs, names in sorted(os.walk(root)):
    if "site-packages" in base or "lib2to3" in base or "test" in base: continue
    for name in sorted(names):
        if not name.endswith(".py") or len(out) >= int(sys.argv[1]): continue
        path = os.path.join(base, name)
        try:
            tree = ast.parse(open(path, "rb").read())
        except SyntaxError:
            continue
        found = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import): found.update(a.name for a in node.names)
            if isinstance(node, ast.ImportFrom): found.update("." * node.level + (node.module or "") + ":" + a.name for a in node.names)
        out.append({"path": path, "imports": sorted(found)})
print(json.dumps(out))
`;

describe('resolution', () => {
  const tree = treeOf(
    Object.fromEntries(
      `manage.py app/__init__.py app/models.py app/views/__init__.py app/views/home.py app/stubbed.py app/stubbed.pyi
      src/lib/__init__.py src/lib/core.py ns/inner/mod.py tests/conftest.py tests/helper.py tests/unit/test_x.py tests/unit/helper.py
      services/a/util.py services/b/util.py services/b/main.py`
        .split(/\s+/)
        .map((path) => [path, '']),
    ),
  );
  const resolve = python.resolver(tree);

  it.each([
    ['.', 'app', 'app/__init__.py'],
    ['.', 'app.models', 'app/__init__.py app/models.py'],
    ['.', 'app.models:User', 'app/__init__.py app/models.py'],
    ['.', 'app:models', 'app/__init__.py app/models.py'],
    ['.', 'app.views.home:index', 'app/__init__.py app/views/__init__.py app/views/home.py'],
    ['.', 'app:*', 'app/__init__.py'],
    ['app', '.:models', 'app/__init__.py app/models.py'],
    ['app', '.models:User', 'app/models.py'],
    ['app/views', '..models:User', 'app/models.py'],
    ['app/views', '..:models', 'app/__init__.py app/models.py'],
    ['app/views', 'app.models:User', 'app/models.py'],
    ['.', 'app.stubbed', 'app/__init__.py app/stubbed.py app/stubbed.pyi'],
    ['tests', 'lib.core:f', 'src/lib/__init__.py src/lib/core.py'],
    ['.', 'ns.inner.mod', 'ns/inner/mod.py'],
    ['.', 'ns.inner:mod', 'ns/inner/mod.py'],
    ['tests/unit', '<fixtures>', 'tests/conftest.py'],
    ['tests/unit', 'helper', 'tests/unit/helper.py'],
    ['tests', 'helper', 'tests/helper.py'],
    ['services/b', 'util', 'services/b/util.py'],
    ['app', 'app.models.User.save', 'app/models.py'],
    ['.', 'os.path', ''],
    ['.', '..:x', ''],
    ['app', '.missing:x', ''],
  ])('in %s, %s is "%s"', (from, specifier, expected) => {
    expect([...resolve(from, specifier)].sort().join(' ')).toBe(expected);
  });

  it('reaches every module that Python really loads', () => {
    const texts: Record<string, string> = {
      'src/shop/__init__.py': 'from .cart import Cart\n',
      'src/shop/cart.py': 'from . import prices\nfrom .tax import rates as r\n\n\nclass Cart:\n    pass\n',
      'src/shop/prices.py': 'import shop.currency\n',
      'src/shop/currency.py': 'def load():\n    return 1\n',
      'src/shop/tax/__init__.py': '',
      'src/shop/tax/rates.py': 'from ..currency import load\nfrom .local import (\n  HERE,\n)\n',
      'src/shop/tax/local.py': 'import importlib\nHERE = importlib.import_module("plugins.one").NAME\n',
      'src/plugins/one.py': 'NAME = "one"\n',
      'src/unused.py': 'import shop\n',
      'tests/test_cart.py': 'import support\nfrom shop import Cart\n',
      'tests/support.py': 'from shop.tax import local\n',
    };
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const graph = buildGraph(sourcesOf(texts));
    for (const entry of ['tests/test_cart.py', 'src/unused.py', 'tests/support.py']) {
      const loaded: string[] = JSON.parse(run(LOADED, folder, entry));
      expect([...reach([entry], (path) => graph.importsOf(path))].sort()).toEqual(expect.arrayContaining(loaded));
      expect(loaded.length).toBeGreaterThan(4);
    }
    expect(graph.importersOf('src/unused.py')).toEqual([]);
  });
});

/** Imports one file of the tree and prints every file of the tree that was loaded by it, its own package's __init__ aside. */
const LOADED = `
import importlib, json, os, sys
root, entry = os.path.realpath(sys.argv[1]), sys.argv[2]
sys.path[:0] = [os.path.join(root, "src"), os.path.join(root, "tests")]
sys.dont_write_bytecode = True
importlib.import_module(entry.split("/", 1)[1][:-3].replace("/", "."))
files = [getattr(m, "__file__", None) for m in list(sys.modules.values())]
inside = sorted(os.path.relpath(f, root) for f in files if f and os.path.realpath(f).startswith(root))
own = os.path.dirname(entry)
print(json.dumps([f for f in inside if not (f.endswith("__init__.py") and own.startswith(os.path.dirname(f)))]))
`;
