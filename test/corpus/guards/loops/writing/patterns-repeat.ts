/** The same call with the same result, and nothing changed meanwhile: `loop.repeat`. */
import { aside, type Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects, slowly } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, ledger, bookings, mailer } = scriptProjects;
const { rates, durations, pricing, tickets } = compiledProjects;

/** The third time is the earliest to speak of, the fifth the latest. `already`: the opening did it so often. */
function again(
  run: WrittenRun,
  rounds: number,
  step: (turn: number) => void,
  between = (_turn: number) => {},
  already = 0,
) {
  for (let turn = already + 1; turn <= already + rounds; turn += 1) {
    step(turn);
    if (turn === 3) run.markFrom();
    if (turn === 5) run.markBy();
    between(turn);
  }
}

const command: Pattern = {
  id: 'repeat-check',
  rule: 'loop.repeat',
  variants: [
    { project: cart, about: 'the red check run again and again, as if it might turn green', rounds: 7, opening: 2 },
    { project: pricing, about: 'with trees, long outputs whose times differ', tree: true, rounds: 6, opening: 0 },
    { project: bookings, about: 'remarks in between', noise: true, rounds: 6, opening: 1 },
    { project: tickets, about: 'each run at the same time as a git status', rounds: 7, opening: 3 },
    { project: invoices, about: 'a suite of five seconds, whose heading tells its time now and then', rounds: 7 },
  ],
  write: (run, { rounds, noise }, index) => {
    again(
      run,
      rounds,
      () => run.check(undefined, index === 4 ? slowly(run.dice) : undefined),
      (turn) => {
        if (noise) run.say(turn % 2 === 0 ? 'It may be flaky. I run it once more.' : 'Still red. Again.');
        if (index === 3) run.status();
      },
      1,
    );
  },
};

const reading: Pattern = {
  id: 'repeat-read',
  rule: 'loop.repeat',
  variants: [
    { project: stock, about: 'the same file read again and again', rounds: 8, opening: 2 },
    { project: durations, about: 'the same range, remarks in between', tree: true, noise: true, rounds: 7, opening: 1 },
    { project: ledger, about: 'by cat instead of Read', rounds: 8, opening: 0 },
  ],
  write: (run, { rounds, noise }, index) => {
    const { target } = run.project;
    again(
      run,
      rounds,
      () => {
        if (index === 0) run.read();
        else if (index === 1) run.read(target, { offset: 4, limit: 8 });
        else run.bash(`cat ${target}`, run.text(target));
      },
      (turn) => {
        if (noise && turn % 2 === 0) run.say('Let me look at these lines again.');
      },
      index === 0 ? 1 : 0,
    );
  },
};

const edit: Pattern = {
  id: 'repeat-edit-not-found',
  rule: 'loop.repeat',
  variants: [
    { project: gateway, about: 'an edit whose old text is not in the file', rounds: 7, opening: 1 },
    {
      project: rates,
      about: 'spaces for tabs; remarks in between, trees known',
      tree: true,
      noise: true,
      rounds: 6,
      opening: 2,
    },
  ],
  write: (run, { rounds, noise }) => {
    const wanted = run
      .version(1)
      .replaceAll('\t', '    ')
      .replace(/^ +/, (spaces) => `${spaces} `);
    again(
      run,
      rounds,
      () => run.edit(`${wanted.trimEnd()} //`, run.version(2)),
      (turn) => {
        if (noise && turn % 2 === 1) run.say('The edit did not apply. I try it again.');
      },
    );
  },
};

const denied: Pattern = {
  id: 'repeat-denied',
  rule: 'loop.repeat',
  variants: [
    { project: orders, about: 'a call that the permissions deny', rounds: 6, opening: 1 },
    {
      project: mailer,
      about: 'a write that a hook denies, the same text each time',
      tree: true,
      rounds: 6,
      opening: 2,
    },
    { project: cart, about: 'a denied push, other looks in between', noise: true, rounds: 6, opening: 1 },
  ],
  write: (run, { rounds, noise }, index) => {
    again(
      run,
      rounds,
      () => {
        if (index === 0)
          run.add(
            'Bash',
            { command: 'sudo systemctl restart orders', description: 'Restart the service' },
            { error: 'Permission to use Bash with command sudo systemctl restart orders has been denied.' },
          );
        else if (index === 1)
          run.add(
            'Write',
            { file_path: run.absolute('.env'), content: 'MAIL_CHARSET=utf-8\n' },
            {
              error:
                'A change at .env is denied: the path is forbidden. Change the diagnosed files only, or call escalate.',
            },
          );
        else
          run.add(
            'Bash',
            { command: 'git push origin HEAD' },
            { error: 'git push is denied here. Hand the change in with propose_pr.' },
          );
      },
      (turn) => {
        if (noise) aside(run, turn);
      },
    );
  },
};

const invalid: Pattern = {
  id: 'repeat-invalid-input',
  rule: 'loop.repeat',
  variants: [
    { project: invoices, about: 'a call without a required parameter', rounds: 6, opening: 1 },
    { project: durations, about: 'a tool that does not exist, remarks in between', noise: true, rounds: 6, opening: 2 },
  ],
  write: (run, { rounds, noise }, index) => {
    again(
      run,
      rounds,
      () => {
        if (index === 0)
          run.add(
            'Edit',
            { file_path: run.absolute(run.project.target), new_string: run.version(1) },
            {
              error:
                '<tool_use_error>InputValidationError: Edit failed due to the following issue:\nThe required parameter `old_string` is missing</tool_use_error>',
            },
          );
        else
          run.add(
            'mcp__rust-analyzer__diagnostics',
            { file: run.project.target },
            {
              error: '<tool_use_error>Error: No such tool available: mcp__rust-analyzer__diagnostics</tool_use_error>',
            },
          );
      },
      (turn) => {
        if (noise) run.say(`Attempt ${turn}: I ask for the diagnostics.`);
      },
    );
  },
};

const SERVER = 'mcp__plugin_self-healing_living-context__';

const server: Pattern = {
  id: 'repeat-server-error',
  rule: 'loop.repeat',
  variants: [
    { project: stock, about: 'verify_fix answers stale each time', rounds: 6, opening: 2 },
    { project: gateway, about: 'a database tool that cannot connect; ports and times differ', rounds: 7, opening: 1 },
    {
      project: rates,
      about: 'record_diagnosis refused for its second set of values, trees known',
      tree: true,
      rounds: 6,
      opening: 1,
    },
  ],
  write: (run, { rounds }, index) => {
    const { dice } = run;
    again(run, rounds, () => {
      if (index === 0)
        run.add(
          `${SERVER}verify_fix`,
          { incident: 'INC-4be1f3a09c77d215' },
          { error: 'stale: the base moved since start_fix. Call start_fix again, then verify_fix.' },
        );
      else if (index === 1)
        run.add(
          'mcp__postgres__query',
          { sql: 'select id, tries from jobs where failed limit 5' },
          {
            error: `MCP error -32603: connect ECONNREFUSED 127.0.0.1:5432 (from 127.0.0.1:${dice.port()}, request ${dice.uuid()}, ${dice.moment()})`,
          },
        );
      else
        run.add(
          `${SERVER}record_diagnosis`,
          {
            incident: 'INC-90d2c6be1a7f4433',
            root_cause: 'Convert rounds down',
            failure_type: 'runtime_error',
            affected_files: ['internal/fx/convert.go'],
            confidence: 0.9,
            reasoning: 'math.Floor',
          },
          { error: 'not_allowed: failure_type and confidence are set once; this incident has them already.' },
        );
    });
  },
};

const missing: Pattern = {
  id: 'repeat-missing',
  rule: 'loop.repeat',
  variants: [
    { project: ledger, about: 'a program that is not installed', rounds: 6, opening: 2 },
    { project: tickets, about: 'a file that does not exist is read', tree: true, rounds: 6, opening: 1 },
    {
      project: bookings,
      about: 'a service that does not answer; the same curl, remarks in between',
      noise: true,
      rounds: 7,
      opening: 1,
    },
  ],
  write: (run, { rounds, noise }, index) => {
    const { dice } = run;
    again(
      run,
      rounds,
      () => {
        if (index === 0)
          run.bash('poetry run python manage.py check', {
            exit: 127,
            text: '/bin/bash: line 1: poetry: command not found\n',
          });
        else if (index === 1)
          run.add(
            'Read',
            { file_path: run.absolute('src/Tickets/SeatPlanner.cs') },
            { error: `File does not exist. Note: your current working directory is ${run.project.root}.` },
          );
        else
          run.bash('curl -sS http://127.0.0.1:3000/bookings', {
            exit: 7,
            text: `curl: (7) Failed to connect to 127.0.0.1 port 3000 after ${dice.int(0, 9)} ms: Could not connect to server\n`,
          });
      },
      () => {
        if (noise) run.say('Perhaps it is still starting. I ask again.');
      },
    );
  },
};

export const repeats = [command, reading, edit, denied, invalid, server, missing];
