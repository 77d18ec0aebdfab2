/** Builds and see-saws: the same failure whatever is changed, or two failures in turn. */
import { changes } from './circling-changes.ts';
import { circle, type Run, type Written } from './kit.ts';

export function circlingBuilds(): Written[] {
  return [...pins(), ...images(), ...seeSaws(), ...startsOver()];
}

function pins(): Written[] {
  const pattern = 'versions tried one by one, the resolver says the same';
  return [
    circle(
      'loop.thrash',
      { file: 'pins-npm', workBefore: 4, pattern, about: 'six pins of a peer dependency, ERESOLVE each time' },
      (run) => {
        changes(
          run,
          ['18.3.1', '18.2.0', '^18', '19.0.0', '17.0.2', '*'],
          (version) => run.edit('package.json', '"react-dom":', `"react-dom": "${version}", "was":`),
          () =>
            run.red(
              'npm install',
              `npm error code ERESOLVE\nnpm error ERESOLVE could not resolve\nnpm error While resolving: @mui/x-grid@5.17.0\nnpm error Found: react@19.0.0\nnpm error Conflicting peer dependency: react@18.3.1\nnpm error A complete log of this run can be found in: /home/dev/.npm/_logs/2026-03-06T10_${run.number(10, 59)}_${run.number(10, 59)}_123Z-debug-0.log`,
            ),
        );
      },
    ),
    circle(
      'loop.thrash',
      { file: 'pins-composer', pattern, about: 'composer constraints, the platform requirement stays unmet' },
      (run) => {
        changes(
          run,
          ['^3.0', '^2.9', '~3.1.0', '3.*', '>=2'],
          (version) => run.edit('composer.json', '"league/flysystem":', `"league/flysystem": "${version}", "old":`),
          () =>
            run.red(
              'composer update --no-interaction 2>&1',
              "Your requirements could not be resolved to an installable set of packages.\n\n  Problem 1\n    - acme/media[4.1.0] requires ext-imagick * -> it is missing from your system. Install or enable PHP's imagick extension.",
              2,
            ),
        );
      },
    ),
  ];
}

function images(): Written[] {
  const pattern = 'an image that fails at the same step whatever is changed above it';
  return [
    circle(
      'loop.thrash',
      { file: 'image-native-module', pattern, about: 'base images and packages changed, the same RUN step fails' },
      (run) => {
        run.ask('the image does not build any more');
        changes(
          run,
          ['node:22-alpine', 'node:22-slim', 'node:22', 'node:22-bookworm', 'node:20-slim', 'node:22-bullseye'],
          (base) => run.edit('Dockerfile', 'FROM', `FROM ${base} AS build\n# FROM`),
          () =>
            run.red(
              'docker build -t app . 2>&1 | tail -6',
              `#9 [build 5/6] RUN npm ci\n#9 ${run.seconds(10, 30)} npm error path /app/node_modules/re2\n#9 ${run.seconds(30, 40)} npm error gyp ERR! stack Error: not found: make\n#9 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1\n------\nERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1`,
            ),
        );
      },
    ),
    circle(
      'loop.thrash',
      { file: 'image-certificate', pattern, about: 'pip options and mirrors, the same certificate error' },
      (run) => {
        changes(
          run,
          ['--no-cache-dir', '--upgrade', '--prefer-binary', '--retries 10', '--timeout 100'],
          (flag) =>
            run.write(
              'Dockerfile',
              `FROM python:3.13\nCOPY requirements.txt .\nRUN pip install ${flag} -r requirements.txt\n`,
            ),
          () =>
            run.red(
              'podman build . 2>&1 | tail -3',
              `ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='pypi.example.test', port=443): Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, 'self-signed certificate in certificate chain')))\nError: building at STEP "RUN pip install": while running runtime: exit status 1`,
              125,
            ),
        );
      },
    ),
  ];
}

function seeSaws(): Written[] {
  const pattern = 'two fixes that break each other';
  const tell = (run: Run, rounds: number, file: string, left: string, right: string, red: (at: 0 | 1) => void) => {
    for (let at = 1; at <= rounds; at++) {
      if (at % 2 === 1) run.edit(file, left, right);
      else run.edit(file, right, left);
      red(at % 2 === 1 ? 0 : 1);
      run.mark(at, 3, 5);
    }
  };
  return [
    circle(
      'loop.revisit',
      { file: 'see-saw-rust', pattern, about: 'borrowed or owned: two compiler errors in turn' },
      (run) => {
        run.ask('the crate does not build after my merge');
        tell(run, 8, 'src/parse.rs', 'fn head(input: &str)', 'fn head(input: String)', (at) =>
          run.red(
            'cargo check 2>&1',
            at === 0
              ? 'error[E0308]: mismatched types\n  --> src/main.rs:14:22\n   |\n14 |     let h = head(&line);\n   |             ---- ^^^^^ expected `String`, found `&String`\nerror: could not compile `logs` (bin "logs") due to 1 previous error'
              : 'error[E0515]: cannot return value referencing local variable `owned`\n --> src/parse.rs:9:5\n  |\n9 |     Head { name: &owned }\n  |     ^^^^^^^^^^^^^^^^^^^^^ returns a value referencing data owned by the current function\nerror: could not compile `logs` (lib) due to 1 previous error',
            101,
          ),
        );
      },
    ),
    circle(
      'loop.revisit',
      {
        file: 'see-saw-elixir',
        pattern,
        about: 'async true or false: other tests red, seeds differ, prompts in between',
      },
      (run) => {
        tell(run, 7, 'test/test_case.exs', 'async: true', 'async: false', (at) => {
          run.red(
            'mix test',
            `Running ExUnit with seed: ${run.number(1000, 99999)}, max_cases: 16\n\n  1) ${at === 0 ? 'test cleans up (Shop.CacheTest)\n     test/cache_test.exs:9\n     Assertion with == failed\n     left:  0\n     right: 2' : 'test holds two (Shop.PoolTest)\n     test/pool_test.exs:22\n     ** (DBConnection.OwnershipError) cannot find ownership process'}\n\nFinished in ${run.seconds(1, 3)} seconds\n48 tests, 1 failure`,
            2,
          );
          if (at === 1) run.say('That broke the other test, so back to the first setting.');
        });
      },
    ),
    circle(
      'loop.revisit',
      { file: 'see-saw-css', workBefore: 7, pattern, about: 'two visual tests of Playwright, one margin' },
      (run) => {
        run.ask('both visual tests have to pass');
        tell(run, 8, 'src/card.css', 'margin-top: 8px', 'margin-top: 12px', (at) =>
          run.red(
            'npx playwright test visual',
            `Running 2 tests using 1 worker\n\n  1) [chromium] › visual.spec.ts:${at === 0 ? 5 : 12}:1 › ${at === 0 ? 'card list' : 'card detail'} (${run.seconds(1, 4)}s)\n\n    Error: expect(page).toHaveScreenshot(expected) failed\n      ${at === 0 ? 412 : 97} pixels are different.\n\n  1 failed\n    [chromium] › visual.spec.ts › ${at === 0 ? 'card list' : 'card detail'}\n  1 passed (${run.seconds(4, 8)}s)`,
          ),
        );
      },
    ),
    circle(
      'loop.revisit',
      { file: 'see-saw-helm', pattern, about: 'a chart rendered with string or number, two messages in turn' },
      (run) => {
        tell(run, 7, 'chart/values.yaml', 'port: 8080', 'port: "8080"', (at) => {
          run.red(
            'helm lint chart && helm template chart | kubeconform -strict',
            at === 0
              ? 'stdin - Deployment api is invalid: problem validating schema. expected integer, but got string at /spec/containers/0/ports/0/containerPort'
              : '[ERROR] templates/config.yaml: unable to parse YAML: error converting: json: cannot unmarshal number into Go struct field .data of type string',
          );
          run.bash('git diff --stat', ' chart/values.yaml | 2 +-');
        });
      },
    ),
  ];
}

function startsOver(): Written[] {
  const pattern = 'back to the start, again and again';
  return [
    circle(
      'loop.revisit',
      {
        file: 'starts-over-checkout',
        workBefore: 5,
        pattern,
        about: 'a try, git checkout, the red test on the old files, another try',
      },
      (run) => {
        run.ask('parse durations like 1h30m');
        const red = (got: string) =>
          run.red(
            'go test ./duration/...',
            `--- FAIL: TestParse (0.00s)\n    parse_test.go:19: Parse("1h30m") = ${got}, want 1h30m0s\nFAIL\nFAIL\texample.com/app/duration\t0.00${run.number(2, 9)}s\nFAIL`,
          );
        red('0s');
        const tries = [
          'strings.Split(s, "h")',
          'regexp.MustCompile(`(\\d+)([hm])`)',
          'fmt.Sscanf(s, "%dh%dm", &h, &m)',
          'time.Parse("15h04m", s)',
          'strconv.Atoi(s)',
        ];
        for (const [at, text] of tries.entries()) {
          run.edit('duration/parse.go', 'return 0', `return from(${text})`);
          red(`${(at + 1) * 7}m0s`);
          run.bash('git checkout -- duration/parse.go', 'Updated 1 path from the index');
          red('0s');
          run.mark(at + 1, 1, 3);
        }
      },
    ),
    circle(
      'loop.revisit',
      { file: 'starts-over-trees', pattern, about: 'the same with git stash drop, the trees are known' },
      (run) => {
        const base = '5d3c1f0a9b8e7d6c5b4a39281706f5e4d3c2b1a0';
        const line = (input: string, text: string, tree: string, failed: boolean) => {
          if (failed) run.red(input, text);
          else run.bash(input, text);
          const last = run.lines.pop() ?? '{}';
          run.lines.push(JSON.stringify({ ...JSON.parse(last), tree }));
        };
        const red = (why: string, tree: string) =>
          line(
            'bundle exec rspec spec/slug_spec.rb',
            `Failures:\n\n  1) Slug keeps umlauts readable\n     Failure/Error: expect(slug).to eq("gruen")\n\n       expected: "gruen"\n            got: "${why}"\n\nFinished in 0.0${run.number(10, 99)} seconds\n3 examples, 1 failure\n\nFailed examples:\n\nrspec ./spec/slug_spec.rb:7 # Slug keeps umlauts readable`,
            tree,
            true,
          );
        red('grn', base);
        for (const [at, got] of ['gr-n', 'grun', 'gr%C3%BCn', 'grün', 'GRUEN'].entries()) {
          run.edit('lib/slug.rb', 'text.downcase', `text.downcase.then { step_${at}(_1) }`);
          red(got, run.hex(40));
          line(
            'git stash && git stash drop',
            'Saved working directory and index state WIP on main\nDropped refs/stash@{0}',
            base,
            false,
          );
          red('grn', base);
          run.mark(at + 1, 1, 3);
        }
      },
    ),
    circle(
      'loop.revisit',
      {
        file: 'starts-over-write',
        pattern,
        about: 'one file written whole: three versions in rotation, three messages',
      },
      (run) => {
        const versions = [
          ['val zone = ZoneId.of("UTC")', 'expected: <2026-03-29> but was: <2026-03-28>', 11],
          ['val zone = ZoneId.systemDefault()', 'expected: <03:00> but was: <02:00>', 19],
          ['val zone = ZoneOffset.ofHours(1)', 'expected: <+02:00> but was: <+01:00>', 27],
        ] as const;
        for (let at = 0; at < 10; at++) {
          const [text, why, row] = versions[at % 3] ?? versions[0];
          run.write('src/main/kotlin/Clock.kt', `package clock\n\nimport java.time.*\n\n${text}\n`);
          run.red(
            './gradlew test',
            `ClockTest > switches in spring FAILED\n    org.opentest4j.AssertionFailedError: ${why}\n        at ClockTest.switches in spring(ClockTest.kt:${row})\n\n7 tests completed, 1 failed\n\nBUILD FAILED in ${run.number(3, 9)}s`,
          );
          run.mark(at, 3, 5);
        }
      },
    ),
  ];
}
