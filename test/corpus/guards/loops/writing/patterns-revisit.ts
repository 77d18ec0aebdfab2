/** Coming back to files as they were, with the same checks red: `loop.revisit`. */
import { aside, type Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, ledger, bookings, mailer } = scriptProjects;
const { rates, durations, pricing } = compiledProjects;

/** States are visited in turn; the first one was seen in the opening. */
function visit(
  run: WrittenRun,
  order: number[],
  move: (to: number, turn: number) => void,
  told: (state: number) => (text: string) => string = () => (text) => text,
): void {
  const seen = new Map([[0, 1]]);
  let returns = 0;
  order.forEach((state, turn) => {
    move(state, turn);
    run.check(undefined, told(state));
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

/** What mends one case breaks the other: what the check says with the second idea. */
const OTHER_CASE: ((text: string) => string)[] = [
  (text) =>
    text.replaceAll('second_release_is_ignored', 'release_gives_back').replaceAll("KeyError: 'o-1'", 'assert 3 == 5'),
  (text) =>
    text
      .replace('✓ one voucher', '✓ two')
      .replaceAll('two vouchers are taken off the full sum', 'one voucher')
      .replace('✓ two', '✓ two vouchers are taken off the full sum')
      .replaceAll('5098', '5397')
      .replaceAll('5127', '5398'),
  (text) =>
    text
      .replace('✓ is the same day a month later', '✓ other')
      .replaceAll('2026-02-28', '2026-05-12')
      .replaceAll('2026-03-03', '2026-05-13')
      .replaceAll('is the last of a shorter month', 'is the same day a month later')
      .replace('✓ other', '✓ is the last of a shorter month'),
];

const seeSaw: Pattern = {
  id: 'revisit-see-saw',
  rule: 'loop.revisit',
  variants: [
    { project: stock, about: 'two ideas in turn, each breaks the case that the other mends', rounds: 4, opening: 2 },
    { project: cart, about: 'the same with trees and remarks', tree: true, noise: true, rounds: 4 },
    { project: invoices, about: 'the same by whole files, short opening', rounds: 5, opening: 0 },
  ],
  write: (run, { rounds, noise }, index) => {
    let at = 0;
    const order = Array.from({ length: rounds * 2 }, (_, turn) => (turn % 2) + 1);
    visit(
      run,
      order,
      (to, turn) => {
        if (noise) aside(run, turn);
        if (index === 2) run.rewrite(to);
        else run.turn(at, to);
        at = to;
      },
      (state) => (state === 2 ? (OTHER_CASE[index] ?? String) : String),
    );
  },
};

export const revisits = [checkout, wholeFile, threeStates, stash, seeSaw];
