import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { write } from '../../write.ts';
import { project, run } from './project.ts';

describe('runCheck', () => {
  it('gives a check its own short environment, and what people declared', async () => {
    process.env.NODE_OPTIONS_BEFORE = process.env.NODE_OPTIONS ?? '';
    process.env.SECRET_TOKEN = 'must not reach it';
    const result = await run(project({}), 'env; ls -A "$HOME"; exit 3', { kind: 'check', env: { TZ: 'UTC' } });
    delete process.env.SECRET_TOKEN;
    const names = result.output.split('\n').flatMap((line) => /^([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
    expect(new Set(names.filter((name) => !/^(?:_|SHLVL|PWD|OLDPWD)$/.test(name)))).toEqual(
      new Set([
        'PATH',
        'LANG',
        'HOME',
        'TMPDIR',
        'CI',
        'TZ',
        'GIT_TERMINAL_PROMPT',
        'GIT_ASKPASS',
        'SSH_ASKPASS',
        'GIT_EDITOR',
        'GIT_PAGER',
        'npm_config_yes',
        'npm_config_audit',
        'npm_config_fund',
        'npm_config_update_notifier',
        'COREPACK_ENABLE_DOWNLOAD_PROMPT',
        'PIP_NO_INPUT',
        'PIP_DISABLE_PIP_VERSION_CHECK',
        'PYTHONDONTWRITEBYTECODE',
        'SELF_HEALING_CHECK',
      ]),
    );
    expect(result).toMatchObject({ status: 'failed', exit: 3, counts: null });
    expect(result.output).not.toContain('must not reach it');
  });

  it('keeps NODE_OPTIONS that people declared beside its own', async () => {
    const folder = project({
      'flag.cjs': 'globalThis.flag = 1;',
      'a.test.mjs': `import test from 'node:test';\nimport assert from 'node:assert';\ntest('flag', () => assert.equal(globalThis.flag, 1));\n`,
    });
    const env = { NODE_OPTIONS: `--require=${folder}/flag.cjs` };
    expect(await run(folder, 'node --test', { env })).toMatchObject({ status: 'passed', counts: { passed: 1 } });
  });

  it.runIf(process.platform === 'linux')('says which limit ended it', async () => {
    const limits = { file: 1024 ** 2, processes: 8 };
    const large = await run(project({}), 'head -c 3000000 /dev/zero > large', { kind: 'check', limits });
    expect(large).toMatchObject({
      status: 'error',
      reason: { code: 'over_limit', message: 'It was ended because it wrote a file of more than 1 MiB.' },
    });
    const many = await run(project({}), 'for i in 1 2 3 4 5 6 7 8 9; do sleep 60 & done; wait', { limits });
    expect(many).toMatchObject({
      status: 'error',
      reason: { message: 'It was ended because it ran more than 8 processes at the same time.' },
    });
  });

  it('names the program that a package script does not find', async () => {
    const folder = project({ 'package.json': '{"scripts":{"test":"no-such-runner","pretest":"no-such-linter ."}}' });
    const { reason } = await run(folder, 'npm test');
    expect(reason?.message).toMatch(/\(exit code 127\): ".*no-such-linter.*not found"\.$/);
  });

  it.each([
    ['no-such-program --all', 'command_not_found'],
    ['npm test', 'command_not_found'],
    ['true', 'uncounted'],
    ['echo "all 12 tests passed"', 'uncounted'],
    ['kill -9 $$', 'runner_failed'],
  ])('%s proves nothing: %s', async (command, code) => {
    const folder = project({ 'package.json': '{"scripts":{"test":"no-such-runner"}}' });
    expect(await run(folder, command)).toMatchObject({ status: 'error', reason: { code } });
  });

  it('says that a report and an exit code contradict each other', async () => {
    const folder = project({
      'green.js': `console.log('TAP version 13\\nok 1 a\\n1..1'); process.exitCode = 1;`,
      'red.js': `console.log('TAP version 13\\nnot ok 1 a\\n1..1');`,
    });
    for (const file of ['green.js', 'red.js'])
      expect(await run(folder, `node ${file}`)).toMatchObject({
        status: 'error',
        reason: { code: 'exit_contradicts_counts' },
      });
  });

  it('counts every runner of a chain, also behind npm scripts with their hooks', async () => {
    const folder = project({
      'package.json': JSON.stringify({
        scripts: {
          pretest: 'echo before',
          test: 'npm run unit && true && npm run api',
          unit: 'node --test',
          api: 'python3 -m pytest',
        },
      }),
      'a.test.mjs': `import test from 'node:test';\ntest('a', () => {});\n`,
      'test_a.py': 'def test_a(): pass\ndef test_b(): pass\n',
    });
    const result = await run(folder, 'npm test');
    expect(result).toMatchObject({ status: 'passed', exit: 0, counts: { passed: 3 } });
    expect(result.cases.map(({ name }) => name)).toEqual([
      'a.test.mjs > a',
      'test_a.py > test_a',
      'test_a.py > test_b',
    ]);
    expect(result.output).toContain('before');
    write(folder, { 'a.test.mjs': `import test from 'node:test';\ntest('a', () => { throw new Error('x'); });\n` });
    expect(await run(folder, 'npm test')).toMatchObject({
      status: 'failed',
      reason: { code: 'broke_off' },
      counts: { failed: 1, passed: 0 },
    });
  });

  it('counts every workspace, also after one that is red', async () => {
    const failing = `import test from 'node:test';\ntest('a', () => { throw new Error('x'); });\n`;
    const folder = project({
      'package.json': '{"workspaces": ["packages/*"], "scripts": {"test": "npm run test --workspaces --if-present"}}',
      'packages/a/package.json': '{"name": "a", "version": "1.0.0", "scripts": {"test": "node --test"}}',
      'packages/a/a.test.mjs': failing,
      'packages/b/package.json': '{"name": "b", "version": "1.0.0", "scripts": {"test": "node --test"}}',
      'packages/b/b.test.mjs': `import test from 'node:test';\ntest('b', () => {});\n`,
      'packages/c/package.json': '{"name": "c", "version": "1.0.0"}',
    });
    const result = await run(folder, 'npm test');
    expect(result).toMatchObject({ status: 'failed', counts: { passed: 1, failed: 1 } });
    expect(result.cases.map(({ name }) => name)).toEqual(['packages/a/a.test.mjs > a', 'packages/b/b.test.mjs > b']);
    const one = await run(folder, 'npm test -w packages/b -- b.test.mjs');
    expect(one).toMatchObject({ status: 'passed', counts: { passed: 1, failed: 0 } });
  });

  it('says that only the last of two runners could be counted where the line cannot be taken apart', async () => {
    const folder = project({
      'a.test.mjs': `import test from 'node:test';\ntest('a', () => {});\n`,
      'test_a.py': 'def test_a(): pass\n',
    });
    const result = await run(folder, 'node --test ; python3 -m pytest');
    expect(result).toMatchObject({ status: 'error', reason: { code: 'uncounted' } });
  });

  it('counts pytest behind a command it does not know', async () => {
    const folder = project({ 'test.sh': 'exec python3 -m pytest "$@"\n', 'test_a.py': 'def test_a(): pass\n' });
    expect(await run(folder, 'sh test.sh -q')).toMatchObject({ status: 'passed', counts: { passed: 1 } });
  });

  it('ends a run at its time, with everything it started', async () => {
    const folder = project({
      'a.test.mjs': `import test from 'node:test';\ntest('a', () => new Promise((r) => setTimeout(r, 60_000)));\n`,
    });
    const result = await run(folder, 'node --test', { timeoutMs: 800 });
    expect(result).toMatchObject({ status: 'timed_out', counts: null });
    expect(result.seconds).toBeLessThan(6);
  });

  it('runs what an agent added as words, never through a shell', async () => {
    const folder = project({ 'show.js': `console.log('TAP version 13\\nok 1 ' + process.argv[2] + '\\n1..1');` });
    const result = await run(folder, `node show.js '$(id)'`, { author: 'agent' });
    expect(result.cases.map(({ name }) => name)).toEqual(['$(id)']);
  });

  it('shows the end of the output, redacted and without colours', async () => {
    const command = `printf 'x%.0s' $(seq 9000); printf '\\n\\033[31mpassword=hunter2hunter2\\033[0m from 203.0.113.7\\n'`;
    const { tail } = await run(project({}), command, { kind: 'check' });
    expect(tail.length).toBeLessThanOrEqual(4096);
    expect(tail).toMatch(/^…x+\npassword=\[secret\] from \[ip\]$/);
  });
});

it.each([
  ['node --test', { 'a.test.mjs': `import test from 'node:test';\ntest('a', () => {});\n` }],
  ['python3 -m pytest', { 'test_a.py': 'def test_a(): pass\n' }],
])('asks %s for its report in a temporary folder whose name has spaces and quotes', async (command, files) => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = join(project({ 'my "temp/x': '' }), 'my "temp');
  try {
    expect(await run(project(files), command)).toMatchObject({ status: 'passed', counts: { passed: 1 } });
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
});
