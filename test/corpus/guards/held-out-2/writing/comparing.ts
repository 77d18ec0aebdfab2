/** Honest work that looks stuck: comparing, running again on purpose, changing minds. */
import { board, crm, forum, type Project, parser, shop, stock, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const repeat = 'loop.repeat';

export function comparing(): Scene[] {
  const inTurn = (
    file: string,
    about: string,
    project: Project,
    wish: string,
    path: string,
    a: string,
    b: string,
    command: string,
    report: (isA: boolean, noise: { int(a: number, b: number): number }) => string,
  ) =>
    honest(file, 'two settings are measured in turn', 'loop.undo', { about, in: project }, (run) => {
      start(run, wish);
      for (let at = 0; at < 3; at++) {
        run.sh(command, report(true, run.noise));
        run.edit(path, a, b);
        run.sh(command, report(false, run.noise));
        run.edit(path, b, a);
      }
      run.say('The second setting is faster in all three rounds.');
    });
  const flaky = (file: string, project: Project, wish: string, results: string, failure: readonly [string, string]) =>
    honest(
      file,
      'a test that fails now and then is run often',
      repeat,
      { about: 'How often does it fail? The same command on the same files.', in: project, trees: true },
      (run) => {
        start(run, wish, Object.keys(project.files)[1] ?? '');
        for (const result of results)
          if (result === '+') run.green(30);
          else run.red([failure], 29);
        run.edit(Object.keys(project.files)[1] ?? '', 'of(now)', 'of(clock)');
        for (let at = 0; at < 3; at++) run.green(30);
      },
    );
  const asked = (file: string, project: Project, wish: string, command: string, output: (at: number) => string) =>
    honest(
      file,
      'a person asks for the same again',
      repeat,
      { about: 'Each time a person says so.', in: project },
      (run) => {
        start(run, wish);
        for (const [at, word] of [
          '',
          'again please',
          'I changed something on the server, once more',
          'and again',
          'one last time',
        ].entries()) {
          if (word !== '') run.ask(word);
          run.sh(command, output(at));
          run.say('The same as before.');
        }
      },
    );
  return [
    inTurn(
      'in-turn-pool',
      'A pool of 10 and of 50 connections, three rounds.',
      svc,
      'is a pool of 50 better than 10? measure three times each',
      'config.yaml',
      'pool: 10',
      'pool: 50',
      'hey -n 2000 localhost:8080/jobs | grep -E "Requests|99%"',
      (isA, noise) =>
        `  Requests/sec:\t${isA ? 11 : 19}${noise.int(10, 99)}.20\n  99% in 0.0${isA ? 9 : 4}${noise.int(1, 9)} secs`,
    ),
    inTurn(
      'in-turn-batch',
      'Batches of 100 and 1000 rows, three rounds.',
      crm,
      'compare batch sizes 100 and 1000, three times each',
      'config/import.php',
      "'batch' => 100",
      "'batch' => 1000",
      'php artisan import:bench',
      (isA, noise) => `rows 50000, time ${isA ? 21 : 13}.${noise.int(10, 99)} s, memory ${isA ? 34 : 61} MB`,
    ),
    flaky('flaky-jest', shop, 'mailer.test.ts is flaky, run it until you see why', '++-+-+', [
      'mailer › retries later',
      'Expected: "09:00"\nReceived: "08:59"',
    ]),
    flaky('flaky-rspec', forum, 'CI says post_spec is flaky; run it a few times', '+-++-', [
      'Post sorts by date',
      'expected: ["b", "a"]\n     got: ["a", "b"]',
    ]),
    asked('asked-curl', stock, 'call /version', 'curl -s localhost:5000/version', () => '{"version":"1.9.2"}'),
    asked(
      'asked-test',
      parser,
      'run the tests',
      'cargo test -q',
      () => 'running 36 tests\n....................................\ntest result: ok. 36 passed; 0 failed',
    ),
    honest(
      'asked-back-and-forth',
      'a person changes their mind',
      'loop.undo',
      { about: 'Blue, green, blue again, as the person wishes.', in: board },
      (run) => {
        start(run, 'make the button green');
        run.edit('src/board.css', 'color: blue', 'color: green');
        run.ask('hm, no. blue again');
        run.edit('src/board.css', 'color: green', 'color: blue');
        run.ask('sorry, marketing insists on green');
        run.edit('src/board.css', 'color: blue', 'color: green');
        run.ask('and make it blue on hover');
        run.edit('src/board.css', 'color: green', 'color: green;\n}\n.button:hover {\n  color: blue');
      },
    ),
  ];
}
