/** A way of going in circles, written as several runs that differ in more than names. */
import type { LoopRule } from '../../../../../hooks/rules.ts';
import type { Project } from './project.ts';
import { WrittenRun } from './run.ts';

export interface Variant {
  project: Project;
  /** How this run differs from its siblings, in one line for people. */
  about: string;
  /** Each call names the tree of the worktree. */
  tree?: boolean;
  /** Other things are done between the steps that repeat. */
  noise?: boolean;
  /** How often it goes round. */
  rounds?: number;
  /** How the run begins: 0 short and to the point … 3 a long look around. */
  opening?: 0 | 1 | 2 | 3;
}

export interface Pattern {
  id: string;
  rule: LoopRule;
  variants: Variant[];
  write: (run: WrittenRun, options: Required<Variant>, index: number) => void;
}

export function writePattern(pattern: Pattern): { file: string; about: string; run: WrittenRun }[] {
  return pattern.variants.map((variant, index) => {
    const options = { tree: false, noise: false, rounds: 5, opening: 1 as const, ...variant };
    const run = new WrittenRun(variant.project, `${pattern.id} ${index}`, options.tree);
    open(run, options.opening);
    pattern.write(run, options, index);
    return { file: `${pattern.id}-${index + 1}.jsonl`, about: variant.about, run };
  });
}

/** What any agent does before it begins to change things. */
function open(run: WrittenRun, kind: 0 | 1 | 2 | 3): void {
  const { project, dice } = run;
  const others = Object.keys(project.files).filter((path) => path !== project.target);
  run.prompt(project.task);
  if (kind >= 2)
    run.bash('git log --oneline -3', `${dice.hex(7)} ${logLine(project)}\n${dice.hex(7)} Bump dependencies\n`);
  if (kind >= 3) run.glob('**/*');
  if (kind >= 1) run.search(project.word);
  if (kind === 2) run.say(`I look at ${project.target} and at what calls it, then I run the check.`);
  run.read();
  for (const path of others.slice(0, kind)) run.read(path);
  if (kind >= 3)
    run.bash(
      'ls -la',
      `total ${dice.int(20, 90)}\ndrwxr-xr-x 7 dev dev 4096 May 14 09:12 .\n${others.map((path) => `-rw-r--r-- 1 dev dev ${dice.int(90, 2400)} May 14 09:12 ${path.split('/').at(-1)}`).join('\n')}\n`,
    );
  run.check();
  if (kind >= 1) run.say('The failure is reproduced. Next I change the lines it points at.');
}

function logLine(project: Project): string {
  return `Touch ${project.target.split('/').at(-1)}`;
}

/** Something else between two steps that repeat; never twice the same in a row. */
export function aside(run: WrittenRun, turn: number): void {
  const others = Object.keys(run.project.files).filter((path) => path !== run.project.target);
  switch (turn % 4) {
    case 0:
      run.say('That is not it yet. I look once more at where the value comes from.');
      break;
    case 1:
      run.read(others[turn % others.length]);
      break;
    case 2:
      run.status();
      break;
    default:
      run.search(run.project.word);
  }
}
