/** Commands of the law that cannot run as they are written: a program, a script or a file in them is not there. */
import { type PackageJson, readPackage } from '../detect/package-json.ts';
import type { ProjectFiles } from '../detect/project-files.ts';
import type { Origin } from '../schemas/fields.ts';
import { executableCheck } from '../schemas/invariants.ts';
import { PORT_MARK } from '../schemas/scenarios.ts';
import { type SimpleCommand, simpleCommands } from './command-line.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Part of every shell. */
const BUILTINS = new Set(
  '[ : alias bg break cd command continue dirs echo eval exec exit export false getopts hash jobs kill local popd printf pushd pwd read readonly return set shift shopt test time times trap true type ulimit umask unalias unset wait'.split(
    ' ',
  ),
);
/** What a project brings along; checks find it there, too. */
const INSTALLED = ['node_modules/.bin', '.venv/bin', 'venv/bin'];
const SOURCE = /\.(?:[cm]?[jt]sx?|py|rb|php|go|sh|bash|exs?|lua|pl)$/;
/** They run the file that is their first argument. */
const INTERPRETERS = /^(?:node|deno|bun|tsx|ts-node|python[\d.]*|ruby|php|perl|sh|bash|zsh|lua)$/;
const TEST_NAME = /(?:\.(?:test|spec)\.[^./]+|_test\.(?:go|py|exs?)|(?:^|\/)test_[^/]+\.py|_spec\.rb)$/;
/** After them, paths and scripts are those of another folder. */
const ELSEWHERE =
  /^(?:-C|--prefix|--cwd|--dir|-w|--workspaces?|--filter|--root|--rootdir|--project|--manifest-path)(?:=|$)/;

interface Written {
  of: string;
  command: string;
  at: Origin;
}

type Fault = { code: 'no_program' | 'no_script' | 'no_file'; message: string };

export async function commandFaults({ law, places, project }: Subject): Promise<LintFinding[]> {
  const written: Written[] = [
    ...law.scenarios.flatMap(({ id, origin, test_command: command, http }) => [
      ...(command === undefined ? [] : [{ of: `Scenario ${id}`, command, at: places.value(origin, 'test_command') }]),
      ...(http ? [{ of: `Scenario ${id}`, command: http.start, at: places.value(origin, 'http', 'start') }] : []),
    ]),
    ...law.invariants.flatMap((invariant) => {
      const { command } = executableCheck(invariant) ?? {};
      const at = places.value(invariant.origin, 'check', 'command');
      return command === undefined ? [] : [{ of: `Invariant ${invariant.id}`, command, at }];
    }),
  ];
  const trial = new Trial(project, await readPackage(project));
  const findings: LintFinding[] = [];
  for (const { of, command, at } of written)
    for (const { code, message } of await trial.faults(command))
      findings.push(finding(at, code, `${of} cannot run: ${message}`));
  return findings;
}

class Trial {
  readonly #project: ProjectFiles;
  readonly #manifest: PackageJson | 'broken' | undefined;
  readonly #known: ReadonlySet<string>;
  readonly #told = new Map<string, Promise<Fault[]>>();

  constructor(project: ProjectFiles, manifest: PackageJson | 'broken' | undefined) {
    this.#project = project;
    this.#manifest = manifest;
    this.#known = new Set(project.paths);
  }

  /** The same line is tried once. */
  faults(line: string): Promise<Fault[]> {
    const told = this.#told.get(line) ?? this.#faults(line);
    this.#told.set(line, told);
    return told;
  }

  async #faults(line: string): Promise<Fault[]> {
    const commands = simpleCommands(line.replaceAll(PORT_MARK, '1')) ?? [];
    const elsewhere = commands.some(
      ({ program, words }) => /^(?:cd|pushd)$/.test(program) || words.some((word) => ELSEWHERE.test(word ?? '')),
    );
    const faults: Fault[] = [];
    for (const command of commands) {
      const program = await this.#program(command);
      if (program) faults.push(program);
      else if (!elsewhere) faults.push(...this.#script(command), ...this.#files(command));
    }
    return faults;
  }

  async #isInstalled(program: string): Promise<boolean> {
    if (await this.#project.runs(program)) return true;
    for (const folder of INSTALLED) if (await this.#project.installed(`${folder}/${program}`)) return true;
    return false;
  }

  async #program({ program, words }: SimpleCommand): Promise<Fault | undefined> {
    if (BUILTINS.has(program)) return undefined;
    if (program.includes('/')) {
      const path = program.replace(/^\.\//, '');
      if (program.startsWith('/') || program.startsWith('../') || this.#known.has(path)) return undefined;
      if (await this.#project.installed(path)) return undefined;
      return { code: 'no_program', message: `there is no ${program}.` };
    }
    if (!(await this.#isInstalled(program))) {
      const message = `there is no program ${JSON.stringify(program)} on PATH or in ${INSTALLED.join(', ')}.`;
      return { code: 'no_program', message };
    }
    const [first] = words;
    if (program !== 'npx' || first === undefined || !/^[\w-]+$/.test(first) || first.startsWith('-')) return undefined;
    if ((await this.#isInstalled(first)) || !(await this.#project.installed('node_modules'))) return undefined;
    return { code: 'no_program', message: `npx finds no ${first} in node_modules/.bin.` };
  }

  #script({ program, words }: SimpleCommand): Fault[] {
    if (!/^(?:npm|pnpm|yarn|bun)$/.test(program) || this.#manifest === 'broken') return [];
    const plain = words.map((word) => word ?? '').filter((word) => !word.startsWith('-'));
    const [verb = '', name = ''] = plain;
    const isRun = verb === 'run' || verb === 'run-script';
    const script = isRun ? name : /^(?:test|t|tst)$/.test(verb) && program !== 'bun' ? 'test' : undefined;
    if (script === undefined || script === '' || words.includes('--if-present')) return [];
    if (this.#manifest === undefined) return [{ code: 'no_script', message: 'there is no package.json.' }];
    const { scripts } = this.#manifest;
    if (Object.hasOwn(scripts, script) || (program === 'bun' && SOURCE.test(script))) return [];
    return [{ code: 'no_script', message: `package.json has no script ${JSON.stringify(script)}.` }];
  }

  #files({ program, words }: SimpleCommand): Fault[] {
    const first = words.findIndex((word) => !(word ?? '').startsWith('-'));
    return words.flatMap((word, index): Fault[] => {
      if (word === undefined || word.startsWith('-')) return [];
      const path = word.replace(/::.*$/s, '').replace(/:\d+$/, '').replace(/^\.\//, '');
      const isRun = index === first && INTERPRETERS.test(program) && SOURCE.test(path);
      if (!(isRun || TEST_NAME.test(path)) || !/^[\w@.+/-]+$/.test(path)) return [];
      // Many runners take a part of the path.
      const isThere = this.#known.has(path) || this.#project.paths.some((known) => known.includes(path));
      return isThere || path.startsWith('/') || path.startsWith('../')
        ? []
        : [{ code: 'no_file', message: `there is no ${path}, which the command names.` }];
    });
  }
}
