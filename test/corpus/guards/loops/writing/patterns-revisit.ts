/** Coming back to files as they were, with the same checks red: `loop.revisit` and `loop.undo`. */
import { aside, type Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, ledger, bookings, mailer } = scriptProjects;
const { rates, durations, pricing, tickets } = compiledProjects;

/** States are visited in turn; the first one was seen in the opening. */
function visit(run: WrittenRun, order: number[], move: (to: number, turn: number) => void, between = () => {}): void {
  const seen = new Map([[0, 1]]);
  let returns = 0;
  order.forEach((state, turn) => {
    move(state, turn);
    between();
    run.check();
    const times = (seen.get(state) ?? 0) + 1;
    seen.set(state, times);
    if (times > 1) returns += 1;
    if (returns === 1) run.markFrom();
    // Two more returns than the first: nobody tries the same thing a third time on purpose.
    if (returns === 3) run.markBy();
  });
}

const checkout: Pattern = {
  id: 'revisit-checkout',
  rule: 'loop.revisit',
  variants: [
    { project: cart, about: 'an edit, taken back with git checkout, made again', tree: true, rounds: 4 },
    { project: rates, about: 'with git restore, no trees, reading in between', noise: true, rounds: 5, opening: 2 },
    { project: pricing, about: 'short opening, long outputs', rounds: 6, opening: 0 },
  ],
  write: (run, { rounds, noise }, index) => {
    const back = index === 1 ? `git restore ${run.project.target}` : `git checkout -- ${run.project.target}`;
    const order = Array.from({ length: rounds * 2 }, (_, turn) => (turn + 1) % 2);
    visit(run, order, (to, turn) => {
      if (noise) aside(run, turn);
      if (to === 0) run.bashLeaving(0, back, '');
      else run.turn(0, 1);
    });
  },
};

const wholeFile: Pattern = {
  id: 'revisit-write',
  rule: 'loop.revisit',
  variants: [
    { project: durations, about: 'two versions of the whole file, written in turn', rounds: 4 },
    { project: ledger, about: 'the same with trees and remarks', tree: true, noise: true, rounds: 4, opening: 3 },
  ],
  write: (run, { rounds, noise }) => {
    const order = Array.from({ length: rounds * 2 }, (_, turn) => ((turn + 1) % 2) + 1);
    visit(run, order, (to, turn) => {
      if (noise) aside(run, turn);
      run.rewrite(to);
    });
  },
};

const threeStates: Pattern = {
  id: 'revisit-three',
  rule: 'loop.revisit',
  variants: [
    { project: stock, about: 'three ideas one after the other, again and again', rounds: 4, opening: 2 },
    { project: gateway, about: 'three ideas against the type checker, with trees', tree: true, rounds: 4 },
    { project: bookings, about: 'four ideas, reading in between', noise: true, rounds: 3, opening: 1 },
  ],
  write: (run, { rounds, noise }, index) => {
    const states = index === 2 ? 4 : 3;
    let at = 0;
    const order = Array.from({ length: rounds * states }, (_, turn) => (turn % states) + 1);
    visit(run, order, (to, turn) => {
      if (noise) aside(run, turn);
      run.turn(at, to);
      at = to;
    });
  },
};

const stash: Pattern = {
  id: 'revisit-stash',
  rule: 'loop.revisit',
  variants: [
    { project: orders, about: 'git stash and git stash pop in turn', tree: true, rounds: 4 },
    { project: mailer, about: 'commits and reverts in turn', rounds: 4, opening: 2 },
  ],
  write: (run, { rounds }, index) => {
    run.turn(0, 1);
    run.check();
    const order = Array.from({ length: rounds * 2 }, (_, turn) => turn % 2);
    visit(run, order, (to) => {
      const { dice, project } = run;
      if (index === 1) {
        const commit = dice.hex(7);
        if (to === 1)
          run.bashLeaving(
            1,
            'git revert --no-edit HEAD',
            `[fix-subject ${commit}] Reapply "Encode subject"\n 1 file changed, 1 insertion(+), 1 deletion(-)\n`,
          );
        else
          run.bashLeaving(
            0,
            'git commit -qam "Encode subject" && git revert --no-edit HEAD',
            `[fix-subject ${commit}] Revert "Encode subject"\n 1 file changed, 1 insertion(+), 1 deletion(-)\n`,
          );
        return;
      }
      if (to === 0)
        run.bashLeaving(
          0,
          'git stash',
          `Saved working directory and index state WIP on main: ${dice.hex(7)} Bump dependencies\n`,
        );
      else
        run.bashLeaving(
          1,
          'git stash pop',
          `On branch main\nChanges not staged for commit:\n\tmodified:   ${project.target}\n\nDropped refs/stash@{0} (${dice.hex(40)})\n`,
        );
    });
  },
};

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

export const revisits = [checkout, wholeFile, threeStates, stash, editBack, comment, writeBack, sed, logLine];
