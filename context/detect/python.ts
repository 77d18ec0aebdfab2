/** How a Python project runs its tests. */
import type { ProjectFiles } from './project-files.ts';
import { found, notFound, type TestCommand } from './test-command.ts';

const INTERPRETERS = ['.venv/bin/python', 'venv/bin/python'];

/** Files that configure or require pytest, and what in them says so. */
const DECLARATIONS: [file: RegExp, mark: RegExp][] = [
  [/^pytest\.ini$/, /^/],
  [/^pyproject\.toml$/, /\[tool\.pytest|["']pytest\b|^pytest\s*=/m],
  [/^setup\.cfg$/, /\[tool:pytest\]|^\s*pytest\b/m],
  [/^tox\.ini$/, /\[pytest\]|^\s*pytest\b/m],
  [/^requirements[^/]*\.txt$/, /^\s*pytest\b/m],
  [/^Pipfile$/, /^pytest\s*=/m],
];

const TEST_FILE = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/;

async function declaresPytest(files: ProjectFiles): Promise<string | undefined> {
  for (const [file, mark] of DECLARATIONS) {
    for (const path of files.paths.filter((candidate) => file.test(candidate))) {
      if (mark.test((await files.read(path)) ?? '')) return path;
    }
  }
  return files.paths.find((path) => /(^|\/)conftest\.py$/.test(path));
}

/** True when every test file that could be read uses unittest and none of them pytest. */
async function isUnittest(tests: readonly string[], files: ProjectFiles): Promise<boolean> {
  const texts = await Promise.all(tests.slice(0, 20).map((path) => files.read(path)));
  return texts.every((text) => /\bunittest\b/.test(text ?? '') && !/\bpytest\b/.test(text ?? ''));
}

function discover(tests: readonly string[], files: ProjectFiles): string {
  const [first = ''] = tests;
  const folder = first.split('/')[0] ?? '';
  const together = first.includes('/') && tests.every((path) => path.startsWith(`${folder}/`));
  if (!together) return '-m unittest discover';
  // A folder without __init__.py can only be the start of its own imports.
  const packaged = files.paths.includes(`${folder}/__init__.py`);
  return `-m unittest discover -s ${folder}${packaged ? ' -t .' : ''}`;
}

export async function detectPython(files: ProjectFiles): Promise<TestCommand> {
  if (!files.paths.some((path) => path.endsWith('.py'))) return notFound();
  const installed = await Promise.all(INTERPRETERS.map((path) => files.installed(path)));
  const python = INTERPRETERS.find((_, index) => installed[index]) ?? 'python3';
  const declared = await declaresPytest(files);
  if (declared) return found(`${python} -m pytest`, `${declared} names pytest`);
  const tests = files.paths.filter((path) => TEST_FILE.test(path));
  const [example] = tests;
  if (example === undefined) return notFound('no Python test file was found');
  if (await isUnittest(tests, files)) return found(`${python} ${discover(tests, files)}`, `${example} uses unittest`);
  return found(`${python} -m pytest`, `${example} is a test file`);
}
