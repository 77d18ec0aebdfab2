/** Honest work: packages brought up to date. */
import { billing, board, crm, type Project, parser, shop } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import type { Session } from './session.ts';
import { start } from './start.ts';

const similar = 'loop.similar';

const cycle = 'loop.cycle';

export function packages(): Scene[] {
  const upgrade = (
    file: string,
    project: Project,
    wish: string,
    steps: readonly (readonly [string, string, boolean])[],
  ) =>
    honest(
      file,
      'packages are brought up to date',
      similar,
      { about: 'Installs, other complaints each time, tests.', in: project },
      (run) => {
        start(run, wish, Object.keys(project.files)[0] ?? '');
        for (const [command, output, ok] of steps) {
          if (ok) run.sh(command, output);
          else run.fail(command, output);
        }
        run.green(31);
      },
    );
  const oneByOne = (
    file: string,
    project: Project,
    add: (name: string) => string,
    names: readonly string[],
    told: (name: string, run: Session) => string,
  ) =>
    honest(
      file,
      'packages one after the other, tested each time',
      cycle,
      { about: 'Ten updates, each with the same green tests after it.', in: project },
      (run) => {
        start(run, 'update the dependencies one at a time and run the tests after each');
        for (const name of names) {
          run.sh(add(name), told(name, run));
          run.green(28);
        }
        run.sh('git commit -qam "Update dependencies"');
      },
    );
  return [
    upgrade('upgrade-react', board, 'upgrade to react 19', [
      [
        'npm install react@19 react-dom@19',
        'npm error code ERESOLVE\nnpm error peer react@"^18" from @dnd-kit/core@5.0.0',
        false,
      ],
      [
        'npm install react@19 react-dom@19 @dnd-kit/core@latest',
        'npm error code ERESOLVE\nnpm error peer react@"^17 || ^18" from react-modal@3.15.1',
        false,
      ],
      ['npm uninstall react-modal', 'removed 4 packages', true],
      ['npm install react@19 react-dom@19 @dnd-kit/core@latest', 'added 3 packages, changed 5 packages', true],
      ['npx tsc -b', "src/App.tsx(1,10): error TS2305: Module '\"react\"' has no exported member 'VFC'.", false],
      ["sed -i 's/VFC/FC/' src/App.tsx", '', true],
      ['npx tsc -b', '', true],
    ]),
    upgrade('upgrade-spring', billing, 'upgrade spring boot to 3.4', [
      ['mvn -q compile', '[ERROR] package javax.annotation does not exist', false],
      ["grep -rl javax.annotation src | xargs sed -i 's/javax.annotation/jakarta.annotation/'", '', true],
      ['mvn -q compile', '[ERROR] cannot find symbol: class MockBean', false],
      ["grep -rl MockBean src | xargs sed -i 's/MockBean/MockitoBean/'", '', true],
      ['mvn -q compile', '', true],
    ]),
    upgrade('upgrade-laravel', crm, 'composer update to laravel 12', [
      [
        'composer require laravel/framework:^12.0 -W',
        'Problem 1\n    - spatie/laravel-permission 5.11 requires illuminate/auth ^9|^10',
        false,
      ],
      [
        'composer require laravel/framework:^12.0 spatie/laravel-permission:^6 -W',
        'Problem 1\n    - phpunit/phpunit 10.5 conflicts with nunomaduro/collision 8.6',
        false,
      ],
      ['composer require --dev phpunit/phpunit:^11 -W', 'Package operations: 3 installs, 41 updates, 2 removals', true],
    ]),
    oneByOne(
      'bump-npm',
      shop,
      (name) => `npm install ${name}@latest`,
      ['express', 'zod', 'pino', 'jest', 'supertest', 'tsx', 'uuid', 'nodemailer'],
      (_, run) => `changed 1 package, and audited 412 packages in ${run.noise.int(1, 6)}s\n\nfound 0 vulnerabilities`,
    ),
    oneByOne(
      'bump-cargo',
      parser,
      (name) => `cargo update -p ${name}`,
      ['serde', 'memchr', 'bitflags', 'indexmap', 'insta'],
      (name, run) =>
        `    Updating crates.io index\n    Updating ${name} v1.0.${run.noise.int(1, 9)} -> v1.0.${run.noise.int(10, 99)}`,
    ),
  ];
}
