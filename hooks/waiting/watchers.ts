/** Tools that stay and watch files. In the background or under `timeout` that is what one wants. */
import { type Call, type Family, named } from './rule.ts';

const off = (call: Call) =>
  call.args.some((arg) => /^--(watch|watchAll)=(false|no|0)$|^--(no-watch|run|single-run)$/.test(arg));
const watches = (call: Call) => call.has('-w', '--watch', '--watchAll', '--watch-all') && !off(call);
const WITHOUT = 'Use {as} without the option that watches.';

export const WATCHERS: Family = {
  kind: 'endless',
  answerable: false,
  rules: [
    {
      programs: ['vitest'],
      valued: ['-c', '--config', '-t', '--testNamePattern', '-r', '--root', '--project', '--dir', '--reporter'],
      // Without a terminal a plain `vitest` runs once; a config that says `watch: true` is not looked at.
      when: (call) =>
        !off(call) &&
        (/^(watch|dev)$/.test(call.operands[0] ?? '') || call.has('-w', '--watch', '--ui', '--standalone')),
      why: 'watches files and never ends',
      instead: 'Use {as} run.',
    },
    {
      programs: ['jest', 'mocha', 'ava', 'karma start', 'ng test', 'react-scripts test', 'vue-cli-service test:unit'],
      valued: ['-t', '-g', '-c', '--config', '--testNamePattern', '-r', '--require'],
      when: (call) => {
        if (off(call)) return false;
        switch (call.invocation.program) {
          case 'karma':
          case 'ng':
            return true;
          case 'react-scripts':
            return watches(call) || !call.invocation.assignments.some((text) => /^CI=(?!$|false$)/.test(text));
          case 'jest':
            return call.has('--watch', '--watchAll');
          default:
            return watches(call);
        }
      },
      why: 'watches files and never ends',
      instead:
        'Use {as} --watch=false (jest and mocha: without --watch; react-scripts: --watchAll=false; karma: --single-run).',
    },
    {
      programs: named(`
        npm test, npm t, npm run, npm run-script, pnpm test, pnpm run, pnpm, yarn, yarn test, yarn run, bun run,
        bun test
      `),
      valued: ['-w', '--workspace', '--prefix', '--filter', '-F', '--cwd', '-C'],
      when: (call) => call.args.some((arg) => /^--watch(All)?(=true)?$/.test(arg)) && !off(call),
      why: 'watches files and never ends',
      instead: 'Leave --watch out.',
    },
    {
      programs: named(`
        tsc, vue-tsc, tsup, rollup, webpack, babel, swc, postcss, tailwindcss, sass, less-watch-compiler,
        stylus, vite build, biome check, eleventy, mkdocs build, parcel build, ng build, coffee, concurrently,
        nx watch, turbo watch, ncc build, pug, elm-test, tap, c8, unbuild, lerna watch, nx test, nx run, nx build
      `),
      valued: ['-p', '--project', '-o', '-i'],
      when: (call) =>
        call.invocation.program === 'less-watch-compiler' ||
        (watches(call) && !/^(concurrently|tap|c8)$/.test(call.invocation.program)) ||
        call.as.endsWith(' watch'),
      why: 'watches files and never ends',
      instead: WITHOUT,
    },
    {
      programs: ['esbuild'],
      // Its other forms of watching and serving end when standard input is closed, as it is in the agent's shell.
      when: (call) => call.has('--watch=forever'),
      why: 'watches files and never ends',
      instead: WITHOUT,
    },
    {
      programs: named(`
        nodemon, ts-node-dev, tsnd, node-dev, watchexec, watchmedo, ptw, pytest-watch, pytest_watch, guard,
        bacon, air, reflex, entr, chokidar, onchange, sphinx-autobuild, fswatch, watchman-make, modd, gow
      `),
      when: (call) => !(call.invocation.program === 'fswatch' && call.has('-1', '--one-event')),
      why: 'watches files and never ends',
      instead: 'Run the command itself once.',
    },
    {
      programs: named(`
        tsx watch, cargo watch, dotnet watch, docker compose watch, deno test, deno run, bun, node, gradle,
        gradlew, mix test.watch
      `),
      valued: ['-e', '-r', '--require', '--import', '-p'],
      when: (call) => {
        const { program } = call.invocation;
        if (/^(tsx|cargo|dotnet|docker|mix)$/.test(program)) return true;
        if (program === 'node') return call.has('--watch', '--watch-path');
        if (/^gradle/.test(program)) return call.has('--continuous', '-t');
        return call.has('--watch', '--hot', '--watch-hmr') && program !== 'rspec';
      },
      why: 'watches files and never ends',
      instead: 'Run it once, without watching.',
    },
    {
      programs: ['node'],
      when: (call) => call.args.some((arg) => /^--inspect-(brk|wait)/.test(arg)),
      why: 'waits for a debugger to attach',
      instead: 'Use node FILE without --inspect-brk.',
    },
    { programs: ['watch'], why: 'repeats its command for ever', instead: 'Run the command itself once.' },
    {
      programs: ['inotifywait', 'inotifywatch'],
      valued: ['-t', '--timeout', '-e', '--event'],
      when: (call) => !call.has('-t', '--timeout'),
      why: 'waits for files to change',
      instead: 'Use {as} -t SECONDS ….',
    },
  ],
};
