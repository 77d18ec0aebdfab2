/** A short sequence of calls gone through again and again: `loop.cycle`. */
import type { Pattern } from './pattern.ts';
import { compiledProjects } from './projects-compiled.ts';
import { nodeProjects } from './projects-node.ts';
import { scriptProjects } from './projects-scripts.ts';
import type { WrittenRun } from './run.ts';

const { cart, invoices, gateway, orders } = nodeProjects;
const { stock, ledger, bookings, mailer } = scriptProjects;
const { rates, durations, pricing } = compiledProjects;

/** The end of the second round is the earliest to speak of; the latest: the fourth round of two, the third of more calls. */
function rounds(run: WrittenRun, count: number, steps: ((turn: number) => void)[]): void {
  for (let turn = 1; turn <= count; turn += 1) {
    for (const step of steps) step(turn);
    if (turn === 2) run.markFrom();
    if (turn === (steps.length > 2 ? 3 : 4)) run.markBy();
  }
}

const readSearch: Pattern = {
  id: 'cycle-read-search',
  rule: 'loop.cycle',
  variants: [
    { project: rates, about: 'Read, Grep, Read, Grep', rounds: 6, opening: 1 },
    { project: stock, about: 'Read, Grep, Glob, with trees', tree: true, rounds: 5, opening: 2 },
    { project: mailer, about: 'cat, grep and a remark', noise: true, rounds: 6, opening: 0 },
  ],
  write: (run, { rounds: count, noise }, index) => {
    const { target, word, root } = run.project;
    const other = Object.keys(run.project.files)[1] ?? target;
    const shell = [
      () => run.bash(`cat ${root}/${target}`, run.text(target)),
      () =>
        run.bash(
          `grep -n ${word} ${target}`,
          run
            .text(target)
            .split('\n')
            .flatMap((line, at) => (line.includes(word) ? [`${at + 1}:${line}`] : []))
            .join('\n'),
        ),
    ];
    const tools = [() => run.read(other), () => run.search(word), ...(index === 1 ? [() => run.glob('**/*.py')] : [])];
    rounds(
      run,
      count,
      noise
        ? [...shell, (turn) => run.say(turn % 2 === 0 ? 'I want to be sure about this.' : 'Where does it come from?')]
        : tools,
    );
  },
};

const checkStatus: Pattern = {
  id: 'cycle-check-status',
  rule: 'loop.cycle',
  variants: [
    { project: durations, about: 'check, git status; ids and times differ', rounds: 6, opening: 1 },
    {
      project: invoices,
      about: 'check, git status, git diff after an edit, trees known',
      tree: true,
      rounds: 5,
      opening: 2,
    },
    { project: pricing, about: 'check, the report file, git log', rounds: 5, opening: 0 },
  ],
  write: (run, { rounds: count }, index) => {
    const { target } = run.project;
    const hash = run.dice.hex(7);
    if (index === 1) run.turn(0, 1);
    const diff = `diff --git a/${target} b/${target}\nindex ${hash}..${run.dice.hex(7)} 100644\n--- a/${target}\n+++ b/${target}\n@@ -5,3 +5,3 @@\n-${run.version(0)}+${run.version(1)}`;
    const more = [
      [],
      [() => run.bash('git diff', diff)],
      [() => run.bash('git log --oneline -1', `${hash} Bump dependencies\n`)],
    ][index];
    rounds(run, count, [() => run.check(), () => run.status(), ...(more ?? [])]);
  },
};

const failingEdit: Pattern = {
  id: 'cycle-failing-edit',
  rule: 'loop.cycle',
  variants: [
    { project: gateway, about: 'the file is read, the same edit fails, the file is read', rounds: 6, opening: 1 },
    { project: bookings, about: 'read, edit, search, edit: both fail; trees known', tree: true, rounds: 5, opening: 2 },
  ],
  write: (run, { rounds: count }, index) => {
    const wrong = () => run.edit(`${run.version(0).trimEnd()};;`, run.version(1));
    const search = () => run.search(run.project.word);
    rounds(run, count, index === 0 ? [() => run.read(), wrong] : [() => run.read(), wrong, search, wrong]);
  },
};

/** Asking round after round after a service that is down; nothing is started meanwhile. */
const serviceDown: Pattern = {
  id: 'cycle-service-down',
  rule: 'loop.cycle',
  variants: [
    {
      project: orders,
      about: 'five looks at a server that is down, over and over; pids and times differ',
      rounds: 4,
      opening: 1,
    },
    { project: cart, about: 'docker ps, logs, curl: a container that has exited', rounds: 5, opening: 2 },
  ],
  write: (run, { rounds: count }, index) => {
    const { dice } = run;
    const id = dice.hex(12);
    const server = [
      () => run.bash('ps aux | grep "[n]ode src/server.js"', { exit: 1, text: '' }),
      () =>
        run.bash('curl -s -o /dev/null -w "%{http_code} %{time_total}" http://127.0.0.1:3000/health', {
          exit: 7,
          text: `000 0.000${dice.int(100, 400)}`,
        }),
      () =>
        run.bash(
          'tail -n 3 logs/orders.log',
          '2026-05-13T22:14:08.114Z info listening on 3000\n2026-05-13T22:51:40.902Z error SyntaxError: Unexpected end of JSON input\n2026-05-13T22:51:40.905Z info exit 1\n',
        ),
      () => run.search('listen('),
      () => run.read(),
    ];
    const container = [
      () =>
        run.bash(
          'docker ps -a --filter name=shop-db',
          `CONTAINER ID   IMAGE         COMMAND                  CREATED        STATUS                      PORTS     NAMES\n${id}   postgres:17   "docker-entrypoint.s…"   2 days ago     Exited (1) ${dice.int(20, 50)} minutes ago             shop-db\n`,
        ),
      () =>
        run.bash(
          'docker logs --tail 2 shop-db',
          'FATAL:  data directory "/var/lib/postgresql/data" has wrong ownership\nHINT:  The server must be started by the user that owns the data directory.\n',
        ),
      () =>
        run.bash('curl -sS http://127.0.0.1:8080/ready', {
          exit: 22,
          text: `{"ready":false,"reason":"database","request_id":"${dice.uuid()}","at":"${dice.moment()}"}`,
        }),
    ];
    rounds(run, count, index === 0 ? server : container);
  },
};

const SERVER = 'mcp__plugin_self-healing_living-context__';

const verifying: Pattern = {
  id: 'cycle-verify',
  rule: 'loop.cycle',
  variants: [
    { project: stock, about: 'get_context, run_scenarios, verify_fix, unchanged in between', rounds: 4, opening: 2 },
    { project: ledger, about: 'run_scenarios and verify_fix, trees known', tree: true, rounds: 5, opening: 1 },
  ],
  write: (run, { rounds: count }, index) => {
    const { dice } = run;
    const incident = { incident: 'INC-77c0a9e3f15b2d48' };
    const name = index === 0 ? 'test_second_release_is_ignored' : 'test_swiss_thousands';
    run.turn(0, 1);
    const tree = dice.hex(40);
    const context = () =>
      run.add(`${SERVER}get_context`, incident, {
        output: JSON.stringify({
          text: `## Self-Healing Context\nFile: "${run.project.target}":14\n### Scenarios (1)\n- S004: ${name}\n### Invariants (0)\n- none`,
        }),
      });
    const scenarios = () =>
      run.add(`${SERVER}run_scenarios`, incident, {
        output: JSON.stringify({
          scenarios: [
            {
              id: 'S004',
              status: 'failed',
              seconds: Number(dice.seconds(0.8)),
              counts: { passed: 1, failed: 1, skipped: 0 },
              tail: `FAILED ${name}`,
            },
          ],
          counts: { passed: 1, failed: 1, skipped: 0 },
        }),
      });
    const verify = (turn: number) =>
      run.add(`${SERVER}verify_fix`, incident, {
        output: JSON.stringify({
          verdict: 'fail',
          tree,
          iteration: Math.min(turn, 5),
          checks: {
            guardrails: { status: 'pass', findings: [] },
            reproduction: {
              status: 'fail',
              findings: [
                {
                  code: 'still_red',
                  message: `${name} is red on the fix`,
                  next: 'Change the cause, then verify again.',
                },
              ],
              evidence: [
                {
                  at: 'fix',
                  exit: 1,
                  seconds: Number(dice.seconds(0.7)),
                  tail: `1 failed, 1 passed in ${dice.seconds(0.3)}s`,
                },
              ],
            },
          },
        }),
      });
    rounds(run, count, index === 0 ? [context, scenarios, verify] : [scenarios, verify]);
  },
};

export const cycles = [readSearch, checkStatus, failingEdit, serviceDown, verifying];
