/** Runs in circles: the same kind of call with the same answer. */
import { again } from './again.ts';
import { billing, board, crm, forum, ledger, raster, shop, svc } from './projects.ts';
import { circling, type Scene } from './scene.ts';
import type { Session } from './session.ts';
import { start } from './start.ts';

export function resembling(): Scene[] {
  const rule = 'loop.similar';
  const many = (run: Session, answers: number, attempt: (at: number) => void) =>
    again(run, answers, 3, 6, (at) => attempt(at - 1));
  return [
    circling(
      'ports',
      'one setting after the other, same answer',
      rule,
      { about: 'The server is started on port after port; the address is wrong, not the port.', in: shop },
      (run) => {
        start(run, 'start the dev server', 'package.json', 'src/server.ts');
        many(run, 8, (at) =>
          run.fail(
            `PORT=${[3000, 3001, 8080, 8000, 5000, 4000, 9000, 3333][at]} node dist/server.js`,
            `node:events:497\n      throw er; // Unhandled 'error' event\n      ^\n\nError: listen EADDRNOTAVAIL: address not available 10.0.3.7:${[3000, 3001, 8080, 8000, 5000, 4000, 9000, 3333][at]}\n    at Server.setupListenHandle [as _listen2] (node:net:1817:16)\n    at listenInCluster (node:net:1865:12)\n\nNode.js v22.11.0`,
          ),
        );
      },
    ),
    circling(
      'install-flags',
      'one flag after the other, same answer',
      rule,
      { about: 'npm install with every flag there is.', in: board },
      (run) => {
        start(run, 'npm install does not work', 'package.json');
        const flags = [
          '',
          ' --legacy-peer-deps',
          ' --force',
          ' --no-audit',
          ' --prefer-offline',
          ' --registry https://registry.npmjs.org',
          ' --verbose=false',
          ' --no-optional',
        ];
        many(run, 8, (at) =>
          run.fail(
            `npm install${flags[at] ?? ''}`,
            `npm error code EACCES\nnpm error syscall mkdir\nnpm error path /home/mia/board/node_modules/react\nnpm error errno -13\nnpm error Error: EACCES: permission denied, mkdir '/home/mia/board/node_modules/react'\nnpm error A complete log of this run can be found in: /home/mia/.npm/_logs/${run.noise.now().replaceAll(':', '_')}-debug-0.log`,
            243,
          ),
        );
      },
    ),
    circling(
      'sudo-and-friends',
      'one flag after the other, same answer',
      rule,
      { about: 'A device is full; the rights are changed again and again.', in: raster },
      (run) => {
        start(run, 'build and install raster', 'CMakeLists.txt');
        const tries = [
          'cmake --install build',
          'sudo cmake --install build',
          'sudo -E cmake --install build',
          'cmake --install build --prefix /usr/local',
          'sudo make -C build install',
          'sudo cmake --install build --strip',
          'su -c "cmake --install build"',
        ];
        many(run, 7, (at) =>
          run.fail(
            tries[at] ?? '',
            '-- Install configuration: "Release"\nCMake Error at cmake_install.cmake:46 (file):\n  file INSTALL cannot copy file "/home/noor/raster/build/libraster.a"\n  to "/usr/local/lib/libraster.a": No space left on device.',
          ),
        );
      },
    ),
    circling(
      'test-command',
      'the test command is mended, not the code',
      rule,
      { about: 'The test is called in seven ways, the failure is the same each time.', in: ledger },
      (run) => {
        start(run, 'test_monthly fails', 'ledger/report.py');
        const ways = [
          'pytest tests/test_report.py',
          'python -m pytest tests/test_report.py',
          'python3 -m pytest tests/test_report.py -x',
          'PYTHONPATH=. pytest tests/test_report.py',
          'poetry run pytest tests/test_report.py',
          'uv run pytest tests/test_report.py -p no:cacheprovider',
          '.venv/bin/pytest tests/test_report.py',
          'pytest tests/test_report.py --import-mode=importlib',
        ];
        many(run, 8, (at) =>
          run.red(
            [
              [
                'test_report.py::test_monthly',
                'E   AssertionError: assert {1: Decimal("10")} == {(2025, 1): Decimal("10")}',
              ],
            ],
            6,
            ways[at] ?? '',
          ),
        );
      },
    ),
    circling(
      'test-command-mvn',
      'the test command is mended, not the code',
      rule,
      { about: 'Maven with other switches, the same assertion.', in: billing, trees: true },
      (run) => {
        start(run, 'InvoiceServiceTest is red', 'src/main/java/org/example/billing/InvoiceService.java');
        const ways = [
          'mvn test -Dtest=InvoiceServiceTest',
          'mvn clean test -Dtest=InvoiceServiceTest',
          'mvn -U test -Dtest=InvoiceServiceTest',
          './mvnw test -Dtest=InvoiceServiceTest',
          'mvn test -Dtest=InvoiceServiceTest -DforkCount=0',
          'mvn -o test -Dtest=InvoiceServiceTest',
          'mvn test -Dtest="InvoiceServiceTest#closes"',
        ];
        many(run, 7, (at) =>
          run.red([['InvoiceServiceTest.closes:31', 'expected: <CLOSED> but was: <OPEN>']], 4, ways[at] ?? ''),
        );
      },
    ),
    circling(
      'image-again',
      'a build in other words, same answer',
      rule,
      { about: 'The image is built with and without cache, with other tags and builders.', in: svc },
      (run) => {
        start(run, 'docker build fails', 'go.mod');
        const ways = [
          'docker build .',
          'docker build --no-cache .',
          'docker build -t svc .',
          'DOCKER_BUILDKIT=0 docker build -t svc .',
          'docker buildx build -t svc .',
          'docker build --pull --no-cache -t svc:dev .',
          'docker build --network=host -t svc .',
        ];
        many(run, 7, (at) =>
          run.fail(
            ways[at] ?? '',
            `#7 [build 4/6] RUN go mod download\n#7 ${run.noise.seconds(0, 2)} go: errors parsing go.mod:\n#7 ${run.noise.seconds(0, 2)} /src/go.mod:3: invalid go version '1.23.0.1': must match format 1.23\n#7 ERROR: process "/bin/sh -c go mod download" did not complete successfully: exit code: 1\nERROR: failed to solve: process "/bin/sh -c go mod download" did not complete successfully: exit code: 1`,
          ),
        );
      },
    ),
    circling(
      'searching-words',
      'one word after the other, nothing found',
      rule,
      { about: 'An endpoint that is not in this repository is searched for in ever more words.', in: crm },
      (run) => {
        start(run, 'where is the code that sends the welcome SMS?', 'routes/api.php');
        const words = [
          'sendSms',
          'send_sms',
          'SmsService',
          'welcome.*sms',
          'twilio',
          'vonage',
          'SmsChannel',
          'sms_gateway',
        ];
        many(run, 8, (at) => run.grep(words[at] ?? '', 'No matches found'));
      },
    ),
    circling(
      'git-push-ways',
      'one flag after the other, same answer',
      rule,
      { about: 'A rejected key, and every way to push.', in: forum },
      (run) => {
        start(run, 'commit and push this', 'Gemfile');
        run.sh(
          'git commit -am "Hide hidden posts"',
          '[fix/totals 3b1c9e0] Hide hidden posts\n 1 file changed, 1 insertion(+)',
        );
        const ways = [
          'git push',
          'git push origin HEAD',
          'git push -u origin HEAD',
          'git push origin fix/totals',
          'GIT_SSH_COMMAND="ssh -v" git push -q',
          'git push --no-verify',
          'git push origin HEAD:fix/totals',
        ];
        many(run, 7, (at) =>
          run.fail(
            ways[at] ?? '',
            'git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
            128,
          ),
        );
      },
    ),
  ];
}
