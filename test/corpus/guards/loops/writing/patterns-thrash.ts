/** Change after change with the same checks red in the same way: `loop.thrash`. */
import { aside, type Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects, slowly } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, bookings, mailer } = scriptProjects;
const { rates, durations, tickets } = compiledProjects;

/** One change that changed nothing: three of them are the earliest to speak of, five the latest. */
function failed(run: WrittenRun, change: number, told?: (text: string) => string): void {
  run.check(undefined, told);
  if (change === 3) run.markFrom();
  if (change === 5) run.markBy();
}

const sameSpot: Pattern = {
  id: 'thrash-same-spot',
  rule: 'loop.thrash',
  variants: [
    { project: cart, about: 'the same lines in six ways', rounds: 6 },
    { project: rates, about: 'trees known, short opening', tree: true, rounds: 6, opening: 0 },
    { project: stock, about: 'reading and remarks in between', noise: true, rounds: 6, opening: 3 },
    { project: tickets, about: 'edits in two files between checks', tree: true, rounds: 5, opening: 2 },
    { project: durations, about: 'the conversation is compacted after the second change', rounds: 5, opening: 1 },
  ],
  write: (run, { rounds, noise }, index) => {
    const other = Object.keys(run.project.files)[1] ?? run.project.target;
    for (let change = 1; change <= rounds; change += 1) {
      if (noise) aside(run, change);
      run.turn(change - 1, change);
      if (index === 3) {
        const [first = ''] = run.text(other).split('\n');
        run.edit(`${first}\n`, `${first} \n`, other);
      }
      failed(run, change);
      if (index === 4 && change === 2) {
        run.add('PreCompact', { trigger: 'auto' });
        run.read();
      }
    }
  },
};

const wholeFile: Pattern = {
  id: 'thrash-rewrite',
  rule: 'loop.thrash',
  variants: [
    { project: gateway, about: 'the whole file written anew, type check red as before', rounds: 5, opening: 2 },
    { project: mailer, about: 'with trees, the file read back each time', tree: true, noise: true, rounds: 5 },
    { project: invoices, about: 'a suite of five seconds, whose heading tells its time now and then', rounds: 5 },
  ],
  write: (run, { rounds, noise }, index) => {
    for (let change = 1; change <= rounds; change += 1) {
      run.rewrite(change % 6);
      if (noise) run.read();
      failed(run, change, index === 2 ? slowly(run.dice) : undefined);
    }
  },
};

/** Edits all over the project, none where the cause is: path, old text, new text. */
const SCATTERED: [string, string, string][][] = [
  [
    ['package.json', '"node --test"', '"node --test --test-concurrency=1"'],
    ['src/server.js', 'export function start(port = 0)', 'export async function start(port = 0)'],
    ['test/server.test.js', "{ method: 'POST' }", "{ method: 'POST', headers: { connection: 'close' } }"],
    ['src/server.js', 'server.listen(port, ', "server.listen(port, '127.0.0.1', "],
    ['package.json', '"type": "module"', '"type": "module", "engines": { "node": ">=22" }'],
    ['test/server.test.js', '  server.close();', '  await new Promise((done) => server.close(done));'],
  ],
  [
    ['lib/invoice.js', 'due: dueDate(issued)', 'due: dueDate(new Date(issued))'],
    ['__tests__/due-date.test.js', "describe('dueDate'", "process.env.TZ = 'UTC';\n\ndescribe('dueDate'"],
    ['lib/due-date.js', "'use strict';\n", "'use strict';\n\nprocess.env.TZ ??= 'UTC';\n"],
    ['lib/due-date.js', '.slice(0, 10)', '.substring(0, 10)'],
    ['lib/invoice.js', 'total: order.total', 'total: Number(order.total)'],
    ['lib/due-date.js', 'new Date(issued)', "new Date(issued + 'T12:00:00')"],
  ],
  [
    ['lib/bookings/booking.rb', ', keyword_init: true', ''],
    ['spec/overlap_spec.rb', 'RSpec.describe', "require 'time'\n\nRSpec.describe"],
    ['lib/bookings/overlap.rb', '@one = one', '@one = one.dup'],
    ['lib/bookings/overlap.rb', '@other = other', '@other = other.dup'],
    ['lib/bookings/booking.rb', 'module Bookings\n', "require 'date'\n\nmodule Bookings\n"],
    ['spec/overlap_spec.rb', 'to be_overlap\n  end\nend', 'to(be_overlap)\n  end\nend'],
  ],
];

const scattered: Pattern = {
  id: 'thrash-scattered',
  rule: 'loop.thrash',
  variants: [
    { project: orders, about: 'another file each time, also the package file and the test', opening: 2 },
    { project: invoices, about: 'time zones and callers instead of the cause', opening: 1 },
    { project: bookings, about: 'remarks and status in between, trees known', tree: true, noise: true, opening: 1 },
  ],
  write: (run, { noise }, index) => {
    (SCATTERED[index] ?? []).forEach(([path, from, to], at) => {
      run.edit(from, to, path);
      if (noise) aside(run, at);
      failed(run, at + 1);
    });
  },
};

/** A number is turned up and down; the check does not care. */
const tuning: Pattern = {
  id: 'thrash-tuning',
  rule: 'loop.thrash',
  variants: [
    { project: durations, about: 'an environment file, larger each time', rounds: 7, opening: 1 },
    { project: orders, about: 'a wait before the request, sed -i, with trees', tree: true, rounds: 7, opening: 0 },
  ],
  write: (run, { rounds }, index) => {
    const steps = [10, 50, 100, 250, 500, 1000, 2500, 5000];
    const path = index === 0 ? '.env.test' : 'test/wait.js';
    const line = (value: number) => (index === 0 ? `TICK_MS=${value}\n` : `export const WAIT_MS = ${value};\n`);
    run.files.set(path, line(steps[0] ?? 10));
    for (let change = 1; change <= rounds; change += 1) {
      const [from = 0, to = 0] = [steps[change - 1], steps[change]];
      run.files.set(path, line(to));
      run.bash(`sed -i 's/${from}/${to}/' ${path}`, '');
      failed(run, change);
    }
  },
};

const install: Pattern = {
  id: 'thrash-versions',
  rule: 'loop.thrash',
  variants: [
    { project: gateway, about: 'another version of the same package each time', rounds: 6, opening: 2 },
    { project: stock, about: 'pip, with remarks in between', noise: true, rounds: 6, opening: 1 },
  ],
  write: (run, { rounds, noise }, index) => {
    const { dice } = run;
    for (let change = 1; change <= rounds; change += 1) {
      const version = `3.${change}.${dice.int(0, 4)}`;
      const path = index === 0 ? 'package-lock.json' : 'requirements.txt';
      run.files.set(path, version);
      if (index === 0)
        run.bash(
          `npm install @example/client@${version}`,
          `\nchanged 1 package, and audited ${dice.int(180, 190)} packages in ${dice.int(1, 4)}s\n\nfound 0 vulnerabilities\n`,
        );
      else
        run.bash(
          `sed -i 's/^sortedstock==.*/sortedstock==${version}/' requirements.txt && pip install -q -r requirements.txt`,
          '',
        );
      if (noise) aside(run, change + 2);
      failed(run, change);
    }
  },
};

const SERVER = 'mcp__plugin_self-healing_living-context__';

/** The product's own checks instead of the project's: the same finding after each change. */
const verified: Pattern = {
  id: 'thrash-verify',
  rule: 'loop.thrash',
  variants: [
    {
      project: stock,
      about: 'verify_fix after each change, the same finding; iteration, tree and times differ',
      rounds: 5,
      opening: 2,
    },
    {
      project: rates,
      about: 'run_scenarios after each change, trees known, remarks in between',
      tree: true,
      noise: true,
      rounds: 6,
    },
  ],
  write: (run, { rounds, noise }, index) => {
    const { dice } = run;
    const incident = 'INC-5d0c1e88a2b7f964';
    for (let change = 1; change <= rounds; change += 1) {
      run.turn(change - 1, change);
      if (noise) aside(run, change);
      const seconds = () => Number(dice.seconds(0.9));
      if (index === 0) {
        const message = 'tests/test_reservations.py::test_second_release_is_ignored is red on the fix as on the base.';
        const evidence = [
          {
            command: 'python -m pytest -q tests/test_reservations.py',
            tree: dice.hex(40),
            at: 'base_tests',
            exit: 1,
            counts: { passed: 1, failed: 1, skipped: 0 },
            seconds: seconds(),
          },
          {
            command: 'python -m pytest -q tests/test_reservations.py',
            tree: dice.hex(40),
            at: 'fix',
            exit: 1,
            counts: { passed: 1, failed: 1, skipped: 0 },
            seconds: seconds(),
            tail: run.project.report(dice),
          },
        ];
        const findings = [{ code: 'still_red', message, next: 'Change what the diagnosis names, then verify again.' }];
        const checks = {
          guardrails: { status: 'pass', findings: [], evidence: [] },
          reproduction: { status: 'fail', findings, evidence },
        };
        run.add(
          `${SERVER}verify_fix`,
          { incident },
          { output: JSON.stringify({ verdict: 'fail', tree: dice.hex(40), iteration: change, checks }) },
        );
      } else {
        const counts = { passed: 1, failed: 2, skipped: 0 };
        const scenario = { id: 'S012', status: 'failed', seconds: seconds(), counts, tail: run.project.report(dice) };
        run.add(
          `${SERVER}run_scenarios`,
          { incident, ids: ['S012'] },
          { output: JSON.stringify({ scenarios: [scenario], counts }) },
        );
      }
      if (change === 3) run.markFrom();
      if (change === 5) run.markBy();
    }
  },
};

export const thrashing = [sameSpot, wholeFile, scattered, tuning, install, verified];
