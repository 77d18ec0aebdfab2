/** Honest work: repositories explored, questions answered, agents sent out. */
import { billing, crm, ledger, type Project, parser, raster, shop, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

const similar = 'loop.similar';

export function exploring(): Scene[] {
  const explain = (
    file: string,
    project: Project,
    wish: string,
    searches: readonly (readonly [string, string])[],
    more: readonly string[],
    answer: string,
  ) =>
    honest(
      file,
      'a repository is explored',
      repeat,
      { about: 'Searches and reads, and an answer.', in: project },
      (run) => {
        start(run, wish, ...Object.keys(project.files).slice(0, 2));
        for (const [pattern, output] of searches) run.grep(pattern, output);
        for (const path of more)
          run.read(
            path,
            `// ${path}\n${path.length % 2 === 0 ? 'export function run() {}' : 'export class Runner {}'}`,
          );
        run.read(Object.keys(project.files)[1] ?? '');
        run.say(answer);
      },
    );
  const talk = (file: string, project: Project, turns: readonly (readonly [string, string])[]) =>
    honest(
      file,
      'questions and answers',
      'loop.monologue',
      { about: 'A person asks, the agent answers in words.', in: project },
      (run) => {
        for (const [question, answer] of turns) {
          run.ask(question);
          run.say(answer);
        }
        run.read(Object.keys(project.files)[1] ?? '');
      },
    );
  return [
    explain(
      'explore-auth',
      shop,
      'how does the login work here?',
      [
        ['login', 'src/auth/login.ts:4:export async function login('],
        ['session', 'src/auth/session.ts:9:const store = new Map()\nsrc/server.ts:12:app.use(session)'],
        ['cookie', 'src/auth/session.ts:21:res.cookie("sid", id)'],
      ],
      ['src/auth/login.ts', 'src/auth/session.ts', 'src/auth/password.ts', 'src/middleware/guard.ts'],
      'Login checks the password, makes a session in memory and sets a cookie.',
    ),
    explain(
      'explore-jobs',
      svc,
      'what happens to a job that fails three times?',
      [
        ['Retry', 'internal/core/retry.go:8:func Retry(job Job)'],
        ['MaxAttempts', 'internal/core/retry.go:5:const MaxAttempts = 3'],
        ['dead', 'No matches found'],
        ['Discard', 'internal/core/retry.go:19:q.Discard(job)'],
      ],
      ['internal/core/retry.go', 'internal/store/pg.go'],
      'It is discarded; there is no dead-letter queue.',
    ),
    explain(
      'explore-pixels',
      raster,
      'which parts could run on several threads?',
      [
        ['for \\(int y', 'src/blur.cpp:2\nsrc/sharpen.cpp:5\nsrc/resize.cpp:9'],
        ['static ', 'src/noise.cpp:3:static std::mt19937 engine;'],
      ],
      ['src/sharpen.cpp', 'src/resize.cpp', 'src/noise.cpp'],
      'All but noise, which keeps a generator for all.',
    ),
    talk('talk-design', ledger, [
      ['should amounts be Decimal or integers of cents?', 'Both work; with SQLite, integers are the safer choice.'],
      ['and with Postgres?', 'There numeric is exact, so Decimal is fine.'],
      ['what would a migration look like?', 'Add a column, fill it, switch reads, drop the old one.'],
      ['ok, and how long would it lock the table?', 'Adding a nullable column does not rewrite the table.'],
      ['good. show me the model', 'Let me look at it.'],
    ]),
    talk('talk-rust', parser, [
      ['why does the borrow checker complain about `rest`?', 'Because it is borrowed from `text`.'],
      ['can I use Cow?', 'Yes, where you sometimes change the text.'],
      ['would it be slower?', 'Barely.'],
      ['thanks, look at the lexer then', 'I will read it now.'],
    ]),
    honest(
      'agents-explore',
      'subagents explore at the same time',
      repeat,
      { about: 'Three agents read partly the same files.', in: billing, cwd: true },
      (run) => {
        run.ask('Find out how invoices, reminders and exports hang together; use agents.');
        for (let at = 0; at < 5; at++)
          for (const agent of ['a11', 'b22', 'c33']) {
            run.agent = agent;
            if (at === 0) run.read('src/main/java/org/example/billing/InvoiceService.java');
            else if (at === 1)
              run.grep(
                'Invoice',
                'src/main/java/org/example/billing/InvoiceService.java:2\nsrc/main/java/org/example/billing/Reminder.java:14',
              );
            else run.read(`src/main/java/org/example/billing/${agent}${at}.java`, `class Part${agent}${at} {}`);
          }
        run.agent = '';
        run.say('Here is how they hang together: reminders and exports both read closed invoices.');
      },
    ),
    honest(
      'agents-fix',
      'subagents work at the same time',
      'loop.thrash',
      { about: 'Two agents mend two suites; each needs two rounds.', in: shop, trees: true },
      (run) => {
        run.ask('Fix the cart tests and the mailer tests in parallel.');
        for (let at = 0; at < 3; at++)
          for (const [agent, what] of [
            ['d41', 'cart'],
            ['e52', 'mailer'],
          ] as const) {
            run.agent = agent;
            if (at < 2)
              run.red(
                [[`${what} › case ${'ab'[at]}`, `Expected: ${at === 0 ? 'a value' : 'no call'}\nReceived: undefined`]],
                12,
                `npx jest src/${what}`,
              );
            else run.green(13, `npx jest src/${what}`);
            if (at < 2) run.edit(`src/${what}.ts`, `old${at}`, `new${at}`);
          }
      },
    ),
    honest(
      'chunks-of-log',
      'a long file is read in pieces',
      similar,
      { about: 'Two thousand lines of a generated schema, in pieces of 250.', in: crm },
      (run) => {
        start(run, 'summarise schema.sql');
        for (let at = 0; at < 8; at++)
          run.read(
            'database/schema.sql',
            Array.from({ length: 12 }, (_, line) => `  \`column_${at}_${line}\` varchar(255) DEFAULT NULL,`).join('\n'),
            { offset: at * 250 + 1, limit: 250 },
          );
      },
    ),
  ];
}
