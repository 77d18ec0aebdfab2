/** One call of a program as the rules about waiting read it: its options, its operands, and whether anything answers it. */
import { programName } from '../shell/program-name.ts';
import type { SimpleCommand } from '../shell.ts';

export interface Invocation {
  /** The program without folder and version: `python` for `/usr/bin/python3.12`. */
  program: string;
  args: readonly string[];
  /** How it was called up to its name: `npx vitest`, `git -C app commit`. */
  as: string;
  /** `NAME=value` before it. */
  assignments: readonly string[];
  /** Another command, a here-document or a file is on its standard input. */
  input: boolean;
  /** Another command reads what it prints. */
  pipedOutput: boolean;
}

/** Programs that run another one of a project → their options with a value. */
const RUNNERS = new Map<string, readonly string[]>(
  Object.entries({
    npx: ['-p', '--package'],
    bunx: [],
    pnpx: [],
    'npm exec': ['-p', '--package', '-w', '--workspace'],
    'npm x': ['-p', '--package'],
    'pnpm exec': [],
    'pnpm dlx': ['--package'],
    'yarn exec': [],
    'yarn dlx': ['-p', '--package'],
    'bun x': [],
    'bundle exec': [],
    'poetry run': [],
    'pipenv run': [],
    'pdm run': [],
    'hatch run': [],
    'uv run': ['--with', '--python', '-p', '--extra', '--group'],
    uvx: ['--from', '--with'],
    'dotenv --': [],
    'mise exec --': [],
  }),
);

/** Reads a command; runners such as `npx` and `python -m` give way to what they run. */
export function readInvocation(command: SimpleCommand): Invocation | undefined {
  const words = command.words.map((word) => word.text);
  if (words.length === 0) return undefined;
  const start = programAt(words);
  const program = programName({ text: words[start] ?? '' });
  return {
    program: program.replace(/^(python|pypy|pip|ruby|php|lua|perl|node)[-\d.]+$/, '$1').replace(/(.)@[^/]*$/, '$1'),
    args: words.slice(start + 1),
    as: words.slice(0, start + 1).join(' '),
    assignments: command.assignments,
    input:
      command.pipedInput === true ||
      command.stdin !== undefined ||
      command.stdinUnknown === true ||
      command.redirects.some(({ operator, target }) => operator.startsWith('<') && target.text !== '/dev/null'),
    pipedOutput: command.pipedOutput === true,
  };
}

function programAt(words: readonly string[]): number {
  const first = programName({ text: words[0] ?? '' });
  if (/^(python|pypy)[\d.]*$/.test(first)) {
    const at = words.findIndex((word, index) => index > 0 && !/^-[bBdEiIOPqsSuvx]+$/.test(word));
    return words[at] === '-m' && words[at + 1] !== undefined ? at + 1 : 0;
  }
  const two = `${first} ${words[1] ?? ''}`;
  const runner = RUNNERS.has(first) ? first : RUNNERS.has(two) ? two : undefined;
  if (runner === undefined) return 0;
  const valued = RUNNERS.get(runner) ?? [];
  for (let at = runner.split(' ').length; at < words.length; at++) {
    const word = words[at] ?? '';
    if (valued.includes(word)) at++;
    else if (/^(-c|--call)$/.test(word)) return 0;
    else if (!word.startsWith('-')) return at;
  }
  return 0;
}

/** The options of a call by name (`-m`, `--message`), and its operands. */
export interface Options {
  flags: ReadonlySet<string>;
  operands: readonly string[];
}

/** Reads options as getopt does. `valued`: those that take the next word, short ones also what is glued to them. */
export function readOptions(args: readonly string[], valued: readonly string[]): Options {
  const flags = new Set<string>();
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    flags.add(arg);
    if (arg.startsWith('--')) flags.add(arg.replace(/=.*$/, ''));
    if (valued.includes(arg)) {
      at++;
      continue;
    }
    if (!arg.startsWith('--'))
      for (const letter of arg.slice(1)) {
        flags.add(`-${letter}`);
        if (valued.includes(`-${letter}`)) {
          if (arg.endsWith(letter) && arg.indexOf(letter) === arg.length - 1) at++;
          break;
        }
      }
  }
  return { flags, operands };
}
