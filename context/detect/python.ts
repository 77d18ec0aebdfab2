/** How a Python project runs its tests. */
import type { ProjectFiles } from './project-files.ts';
import { found, notFound, type TestCommand } from './test-command.ts';

const INTERPRETERS = ['.venv/bin/python', 'venv/bin/python'];

/** Tools that find the project's environment by themselves, and the files that say so. */
const MANAGERS: [program: string, file: RegExp, mark: RegExp][] = [
  ['uv', /^uv\.lock$/, /^/],
  ['poetry', /^poetry\.lock$/, /^/],
  ['poetry', /^pyproject\.toml$/, /^\[tool\.poetry\]/m],
  ['pipenv', /^Pipfile$/, /^/],
  ['pdm', /^pdm\.lock$/, /^/],
];

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

/**
 * What starts the project's Python: its own environment beside the code, which is mirrored into every checkout; else the
 * tool that knows it, where that is installed; else the machine's.
 */
async function starter(files: ProjectFiles): Promise<{ python: string; why: string }> {
  const installed = await Promise.all(INTERPRETERS.map((path) => files.installed(path)));
  const own = INTERPRETERS.find((_, index) => installed[index]);
  if (own !== undefined) return { python: own, why: '' };
  for (const [program, file, mark] of MANAGERS) {
    const path = files.paths.find((one) => file.test(one));
    if (path === undefined || !mark.test((await files.read(path)) ?? '')) continue;
    const apart = `${path} is there, but no .venv beside it`;
    if (await files.runs(program)) return { python: `${program} run python`, why: `; ${apart}` };
    return { python: 'python3', why: `; ${apart}, and ${program} is not installed` };
  }
  return { python: 'python3', why: '' };
}

export async function detectPython(files: ProjectFiles): Promise<TestCommand> {
  if (!files.paths.some((path) => path.endsWith('.py'))) return notFound();
  const { python, why } = await starter(files);
  const declared = await declaresPytest(files);
  if (declared) return found(`${python} -m pytest`, `${declared} names pytest${why}`);
  const tests = files.paths.filter((path) => TEST_FILE.test(path));
  const [example] = tests;
  if (example === undefined) return notFound('no Python test file was found');
  if (await isUnittest(tests, files))
    return found(`${python} ${discover(tests, files)}`, `${example} uses unittest${why}`);
  return found(`${python} -m pytest`, `${example} is a test file${why}`);
}
