/** Honest work: CI mended push by push. */
import { type Project, shop, svc } from './projects.ts';
import { honest, type Scene } from './scene.ts';
import { start } from './start.ts';

const cycle = 'loop.cycle';

export function ci(): Scene[] {
  const rounds = (
    file: string,
    project: Project,
    reasons: readonly (readonly [log: string, path: string, old: string, now: string])[],
  ) =>
    honest(
      file,
      'CI is mended, push by push',
      cycle,
      { about: 'Each push shows another reason.', in: project },
      (run) => {
        start(run, 'CI is red, please fix it until green');
        for (const [at, [log, path, old, now]] of reasons.entries()) {
          run.sh(
            'gh run list --limit 1',
            `completed\tfailure\tFix CI\tCI\tmain\tpush\t1187${at}01\t1m${run.noise.int(10, 59)}s\t${run.noise.now()}`,
          );
          run.sh(`gh run view 1187${at}01 --log-failed | tail -n 20`, log.replaceAll('%T', run.noise.now()));
          if (at === 0) run.read(path, `${old}\n# …`);
          run.edit(path, old, now);
          run.sh(
            'git commit -qam "Fix CI" && git push',
            `To github.com:x/y.git\n   ${run.noise.hex(7)}..${run.noise.hex(7)}  main -> main`,
          );
          run.sh(
            'sleep 90; gh run watch --exit-status --interval 30 | tail -n 2',
            at === reasons.length - 1 ? '✓ main CI' : 'X main CI · failed',
          );
        }
      },
    );
  return [
    rounds('ci-node', shop, [
      [
        'test\tRun npm ci\t%T npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync',
        '.github/workflows/ci.yml',
        'run: npm ci',
        'run: npm install',
      ],
      [
        'test\tRun npm test\t%T Error: Cannot find module node:sqlite',
        '.github/workflows/ci.yml',
        'node-version: 20',
        'node-version: 22',
      ],
      [
        'test\tUpload\t%T Error: Unable to find any artifacts for the associated workflow',
        '.github/workflows/ci.yml',
        'path: cov',
        'path: coverage',
      ],
      ['lint\tRun npm run lint\t%T error  Unused variable total', 'src/cart.ts', 'const total = 0;', ''],
    ]),
    rounds('ci-go', svc, [
      [
        'lint\tgolangci-lint\t%T Error: internal/core/queue.go:14:2: ineffassign',
        'internal/core/queue.go',
        'job := Job{}',
        'var job Job',
      ],
      [
        'test\tgo test\t%T panic: dial tcp [::1]:5432: connect: connection refused',
        '.github/workflows/ci.yml',
        'services:',
        'services:\n  postgres: { image: postgres:17 }',
      ],
      [
        'test\tgo test\t%T pq: password authentication failed for user "postgres"',
        '.github/workflows/ci.yml',
        'image: postgres:17',
        'image: postgres:17, env: { POSTGRES_PASSWORD: x }',
      ],
    ]),
  ];
}
