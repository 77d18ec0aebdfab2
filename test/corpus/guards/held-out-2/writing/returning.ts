/** Runs in circles: states that were red before, come back to and tested again. */
import { board, forum, type Project, parser, shop, stock } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Failure, Session } from './session.ts';
import { start } from './start.ts';

/** Two states of one place in turn; the same test is red in both. */
function backAndForth(
  run: Session,
  path: string,
  a: string,
  b: string,
  failing: readonly [Failure, Failure],
  rounds: number,
  between: (at: number) => void,
) {
  run.red(failing[0], 21);
  for (let at = 0; at < rounds; at++) {
    run.edit(path, a, b);
    run.red(failing[1], 21);
    between(at);
    run.edit(path, b, a);
    run.red(failing[0], 21);
    if (at === 0) run.fair();
    if (at === 1) run.late(2);
  }
  run.late();
}

const rounding: Failure = [
  [
    'taxOf › rounds half up',
    'expect(received).toBe(expected)\n\nExpected: 2\nReceived: 1\n\n> 14 |   expect(taxOf(10)).toBe(2);\n     |                     ^',
  ],
];

export function returning(): Scene[] {
  const rule = 'loop.revisit';
  const one = (what: string, failure: string): Failure => [[what, failure]];
  const scene = (
    pattern: string,
    file: string,
    about: string,
    project: Project,
    wish: string,
    path: string,
    a: string,
    b: string,
    failing: readonly [Failure, Failure],
    rounds: number,
    trees: boolean,
  ) =>
    circling(file, pattern, rule, { about, in: project, trees }, (run) => {
      start(run, wish, path in project.files ? path : (Object.keys(project.files)[1] ?? ''));
      backAndForth(run, path, a, b, failing, rounds, (at) => {
        if (at === 1) run.grep('RATE|round', `${path}:3: ${a}`);
        if (at === 2) run.read(path);
      });
    });
  const modules = (name: string) =>
    one(
      `config › loads ${name}`,
      name === 'esm'
        ? 'ReferenceError: require is not defined in ES module scope'
        : 'SyntaxError: Cannot use import statement outside a module',
    );
  return [
    scene(
      'back and forth between two states, tested each time',
      'two-states-rounding',
      'Floor and round in turn; each breaks the other of two tests.',
      shop,
      'fix the rounding of taxes',
      'src/tax.ts',
      'Math.floor(net * RATE)',
      'Math.round(net * RATE)',
      [rounding, one('taxOf › never charges too much', 'Expected: <= 1.9\nReceived: 2')],
      4,
      true,
    ),
    scene(
      'a setting back and forth, tested each time',
      'two-states-modules',
      'ESM and CommonJS in turn.',
      board,
      'tests cannot load the config, please repair',
      'package.json',
      '"type": "module"',
      '"type": "commonjs"',
      [modules('esm'), modules('cjs')],
      4,
      true,
    ),
    scene(
      'back and forth between two states, tested each time',
      'two-states-lifetime',
      'A borrow and a clone in turn.',
      parser,
      'lexer tests are red',
      'src/lexer.rs',
      'rest = tail;',
      'rest = tail.trim_start();',
      [
        one('lexer::keeps_spaces', 'src/lexer.rs:88:9:\nassertion failed: tokens.contains(&Token::Space)'),
        one('lexer::skips_comment', 'src/lexer.rs:104:9:\nassertion failed: tokens.is_empty()'),
      ],
      5,
      false,
    ),
    scene(
      'back and forth between two states, tested each time',
      'two-states-scope',
      'A default scope goes in and out.',
      forum,
      'spec for hidden posts fails',
      'app/models/post.rb',
      'scope :visible, -> { where(hidden: false) }',
      'default_scope { where(hidden: false) }',
      [
        one('Post hides hidden posts', 'expected: []\n     got: [#<Post hidden: true>]'),
        one('Moderation lists hidden posts', 'expected: [#<Post hidden: true>]\n     got: []'),
      ],
      4,
      false,
    ),
    circling(
      'checkout-and-again',
      'taken back with git, and tried again',
      rule,
      { about: 'Each idea is checked out away, the test is red as before, and another comes.', in: stock, trees: true },
      (run) => {
        start(run, 'Reserve oversells, the test shows it', 'Core/Warehouse.cs');
        const failing = one(
          'WarehouseTests.Never_oversells',
          'Assert.Equal() Failure\n   Expected: Refused\n   Actual:   Reserved',
        );
        const other = one('WarehouseTests.Reserves', 'System.TimeoutException : The operation has timed out.');
        run.red(failing, 12);
        for (const [at, now] of [
          'lock (gate) return',
          'using var held = await gate.Wait(); return',
          'await using var tx = store.Begin(); return',
          'Interlocked.Add(ref left, -count); return',
        ].entries()) {
          run.edit('Core/Warehouse.cs', 'return', now);
          run.red(other, 12);
          run.sh('git checkout -- Core/Warehouse.cs', '');
          run.restored('Core/Warehouse.cs');
          run.red(failing, 12);
          if (at === 0) run.fair();
          if (at === 2) run.late(1);
        }
      },
    ),
    circling(
      'versions-in-turn',
      'a version up and down, tested each time',
      rule,
      { about: 'Two versions of one package are installed in turn; both are red.', in: shop },
      (run) => {
        start(run, 'tests break since we updated uuid', 'package.json');
        const old = one('ids › are unique', 'TypeError: (0 , uuid_1.v7) is not a function');
        const now = one('ids › are unique', "Cannot find module 'uuid/v4' from 'src/ids.ts'");
        run.red(now, 30);
        for (let at = 0; at < 4; at++) {
          run.sh(
            'npm install uuid@8',
            `\nchanged 1 package, and audited 412 packages in ${run.noise.int(1, 5)}s\n\nfound 0 vulnerabilities`,
          );
          run.red(old, 30);
          run.sh(
            'npm install uuid@11',
            `\nchanged 1 package, and audited 412 packages in ${run.noise.int(1, 5)}s\n\nfound 0 vulnerabilities`,
          );
          run.red(now, 30);
          if (at === 0) run.fair();
          if (at === 1) run.late(2);
        }
      },
    ),
  ];
}
