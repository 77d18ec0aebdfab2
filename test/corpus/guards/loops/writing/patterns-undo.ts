/** An edit made, undone, made again: `loop.undo`. */
import { aside, type Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, ledger, bookings } = scriptProjects;
const { rates, durations, pricing, tickets } = compiledProjects;

/** There and back by edits; from the second making of the same edit on it is a circle. */
function toggle(run: WrittenRun, rounds: number, there: (turn: number) => void, back: (turn: number) => void): void {
  for (let turn = 0; turn < rounds; turn += 1) {
    there(turn);
    if (turn === 1) run.markFrom();
    if (turn === 2) run.markBy();
    back(turn);
  }
}

const editBack: Pattern = {
  id: 'undo-edit',
  rule: 'loop.undo',
  variants: [
    { project: invoices, about: 'an edit, its opposite, the same edit: checked each time', rounds: 4, opening: 2 },
    { project: tickets, about: 'without any check in between', tree: true, rounds: 6 },
    { project: stock, about: 'reading and remarks in between', noise: true, rounds: 5, opening: 3 },
  ],
  write: (run, { rounds, noise }, index) => {
    const after = (turn: number) => {
      if (index === 0) run.check();
      if (index === 1 && turn % 2 === 0) run.read();
      if (noise) aside(run, turn);
    };
    toggle(
      run,
      rounds,
      (turn) => {
        run.turn(0, 2);
        after(turn);
      },
      (turn) => {
        run.turn(2, 0);
        after(turn + 1);
      },
    );
  },
};

/** Comment marks as the target's language has them. */
function commented(run: WrittenRun): string {
  const mark = /\.(py|rb)$/.test(run.project.target) ? '# ' : '// ';
  return run
    .version(0)
    .split('\n')
    .map((line) => (line.trim() === '' ? line : line.replace(/^(\s*)/, `$1${mark}`)))
    .join('\n');
}

const comment: Pattern = {
  id: 'undo-comment',
  rule: 'loop.undo',
  variants: [
    { project: orders, about: 'a line is commented out and in again, checked each time', rounds: 4 },
    { project: bookings, about: 'with a look at the file between the edits', noise: true, rounds: 5, opening: 2 },
  ],
  write: (run, { rounds, noise }) => {
    const flip = (from: string, to: string) => {
      run.edit(from, to);
      if (noise) run.read();
      else run.check();
    };
    toggle(
      run,
      rounds,
      () => flip(run.version(0), commented(run)),
      () => flip(commented(run), run.version(0)),
    );
  },
};

const writeBack: Pattern = {
  id: 'undo-write',
  rule: 'loop.undo',
  variants: [
    { project: gateway, about: 'the whole file written there and back, no check in between', rounds: 5, opening: 2 },
    { project: rates, about: 'gofmt and remarks in between, with trees', tree: true, noise: true, rounds: 5 },
  ],
  write: (run, { rounds, noise }) => {
    const after = (turn: number) => {
      if (!noise) return;
      run.bash(`gofmt -l ${run.project.target}`, '');
      if (turn % 2 === 1) run.say('On reflection the other form was better.');
    };
    run.rewrite(2);
    toggle(
      run,
      rounds,
      (turn) => {
        run.rewrite(1);
        after(turn);
      },
      (turn) => {
        run.rewrite(2);
        after(turn);
      },
    );
  },
};

const sed: Pattern = {
  id: 'undo-sed',
  rule: 'loop.undo',
  variants: [
    { project: cart, about: 'sed -i there and back, checked each time', tree: true, rounds: 4, opening: 1 },
    { project: pricing, about: 'sed -i without trees, the diff looked at', rounds: 5, opening: 2 },
  ],
  write: (run, { rounds }, index) => {
    const [one, other, there] = index === 0 ? ['Math.round', 'Math.floor', 1] : ['Math.max', 'Math.abs', 1];
    const flip = (from: string, to: string, version: number) => {
      run.bashLeaving(version, `sed -i 's/${from}/${to}/' ${run.project.target}`, '');
      if (index === 0) run.check();
      else
        run.bash(
          'git diff --stat',
          version === 0 ? '' : ` ${run.project.target} | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n`,
        );
    };
    toggle(
      run,
      rounds,
      () => flip(one, other, there),
      () => flip(other, one, 0),
    );
  },
};

const logLine: Pattern = {
  id: 'undo-log-line',
  rule: 'loop.undo',
  variants: [
    {
      project: durations,
      about: 'a print statement put in, removed, put in: the same output each time',
      rounds: 4,
      opening: 1,
    },
    {
      project: ledger,
      about: 'the same with trees and reading in between',
      tree: true,
      noise: true,
      rounds: 4,
      opening: 2,
    },
  ],
  write: (run, { rounds, noise }, index) => {
    const print = index === 0 ? '        eprintln!("{number} {letter}");\n' : '    print(repr(text))\n';
    toggle(
      run,
      rounds,
      (turn) => {
        run.edit(run.version(0), print + run.version(0));
        run.check();
        if (noise) aside(run, turn);
      },
      () => run.edit(print + run.version(0), run.version(0)),
    );
  },
};

export const undone = [editBack, comment, writeBack, sed, logLine];
