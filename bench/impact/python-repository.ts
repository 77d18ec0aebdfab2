/** Writes a Python repository of 1,000 files: packages, relative and absolute imports, re-exports, tests. The same in every run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PACKAGES = 40;
const MODULES = 22;

export interface MadePython {
  sources: number;
  /** `from → to` that were written on purpose; the `__init__` of packages on the way come on top. */
  edges: Set<string>;
}

export function makePythonRepository(root: string): MadePython {
  const texts = new Map<string, string>();
  const edges = new Set<string>();
  const packageOf = (index: number) => `src/shop/part_${index}`;
  texts.set('src/shop/__init__.py', '');
  for (let index = 0; index < PACKAGES; index++) {
    const folder = packageOf(index);
    const init = `${folder}/__init__.py`;
    texts.set(init, `from .module_0 import step\nfrom .module_1 import (\n    step as other,  # why\n)\n`);
    edges.add(`${init} → ${folder}/module_0.py`);
    edges.add(`${init} → ${folder}/module_1.py`);
    for (let module = 0; module < MODULES; module++) {
      const path = `${folder}/module_${module}.py`;
      const next = `module_${(module + 1) % MODULES}`;
      const far = (index + 1) % PACKAGES;
      texts.set(
        path,
        [
          '"""Text about imports:\nimport nothing\n"""',
          `from . import ${next}`,
          `import shop.part_${far}.module_${module} as far`,
          `from shop.part_${far} import step as first`,
          BODY,
        ].join('\n'),
      );
      edges.add(`${path} → ${folder}/${next}.py`);
      edges.add(`${path} → ${packageOf(far)}/module_${module}.py`);
      edges.add(`${path} → ${packageOf(far)}/__init__.py`);
    }
    for (const name of ['a', 'b']) {
      const test = `tests/test_${name}_${index}.py`;
      texts.set(
        test,
        `import importlib\nfrom shop.part_${index} import module_2\n\n\ndef test_it():\n    assert module_2\n`,
      );
      edges.add(`${test} → ${folder}/module_2.py`);
    }
  }
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: root });
  return { sources: texts.size, edges };
}

const BODY = Array.from(
  { length: 40 },
  (_, index) =>
    `\ndef step_${index}(value: int) -> str:\n    """Says 'why' number ${index}."""\n    # from here import nothing\n    return f"{value} 'of' {index}" if value > ${index} else 'it is "less"'\n`,
).join('\nstep = step_0\n');
