/**
 * The line that most likely makes the project's tests run, told from how they failed to: install what is missing, another
 * command, more time. Where nothing better is known, the line that goes on without them.
 */
import { stripVTControlCharacters } from 'node:util';
import { managerOfLock, type PackageManager, readPackage } from '../../context/detect/package-json.ts';
import type { ProjectFiles } from '../../context/detect/project-files.ts';
import type { Law } from '../../context/law.ts';
import { BUILT_IN_SCENARIO } from '../../context/schemas/scenarios.ts';
import { foreignLine } from '../foreign-line.ts';
import { configLine, knownFailingLine } from '../lift.ts';

export interface Blocked {
  /** The reason of the run, such as `command_not_found`; `no_command` when there is none to run. */
  code: string;
  output: string;
}

export interface Advice {
  /** Of `.self-healing/config.yaml`. */
  line: string;
  /** What it does, to end "This …" with. */
  does: string;
}

/** Something that is not installed, in the words of Node, Python and the shell. */
const MISSING =
  /cannot find (?:module|package)|no module named|ModuleNotFoundError|failed to resolve import|command not found|: not found/i;

/** Exactly what the lock file says. */
const FROM_LOCK: Record<PackageManager, string> = {
  npm: 'npm ci',
  pnpm: 'pnpm install --frozen-lockfile',
  yarn: 'yarn install --frozen-lockfile',
  bun: 'bun install --frozen-lockfile',
};

/** By the file that says what is installed; the first that is there. */
const SETUPS: [file: string, command: string][] = [
  ['uv.lock', 'uv sync --frozen'],
  ['requirements.txt', 'python3 -m venv .venv && .venv/bin/python -m pip install -r requirements.txt'],
  ['package.json', 'npm install'],
];

/** The line of an output that names what is missing. */
export function missingLine(output: string): string | undefined {
  const line = output.split('\n').find((text) => MISSING.test(text));
  return line && foreignLine(stripVTControlCharacters(line).trim());
}

export async function adviseOn(
  { code, output }: Blocked,
  { config, detection }: Pick<Law, 'config' | 'detection'>,
  project: ProjectFiles,
): Promise<Advice> {
  const { tests, worktree } = config;
  if (code === 'no_command') return { line: configLine('tests', 'command', usual(project)), does: 'says how they run' };
  if (code === 'timed_out')
    return {
      line: configLine('tests', 'timeout', `${Math.ceil((2 * tests.timeout) / 1000)}s`),
      does: 'gives them twice the time',
    };
  const isMissing = code === 'command_not_found' || MISSING.test(output);
  const setup = isMissing ? await setupOf(project) : undefined;
  const other = detection.testCommand !== '' && detection.testCommand !== tests.command.trim();
  // A program that is nowhere is no dependency when the project itself names another command.
  if (setup !== undefined && worktree.setup.trim() === '' && !(other && code === 'command_not_found'))
    return { line: configLine('worktree', 'setup', setup), does: 'installs what they need where they run' };
  if (other)
    return { line: configLine('tests', 'command', detection.testCommand), does: 'is what was found in this project' };
  return {
    line: knownFailingLine(tests.known_failing, BUILT_IN_SCENARIO),
    does: 'goes on without them: a fix is then proven by its reproduction and the scenarios alone',
  };
}

async function setupOf(project: ProjectFiles): Promise<string | undefined> {
  const manager = managerOfLock(project);
  if (manager !== undefined) return FROM_LOCK[manager];
  const [file, command] = SETUPS.find(([name]) => project.paths.includes(name)) ?? [];
  if (file !== 'package.json') return command;
  const manifest = await readPackage(project);
  if (manifest === undefined || manifest === 'broken') return undefined;
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return declared.length > 0 ? command : undefined;
}

/** Where nothing says how a project is tested, what most projects of its kind do. */
function usual({ paths }: Pick<ProjectFiles, 'paths'>): string {
  if (paths.includes('package.json')) return 'npm test';
  return paths.some((path) => path.endsWith('.py')) ? 'python3 -m pytest' : 'npm test';
}
