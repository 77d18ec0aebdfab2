import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { isClaude, refuseUnderClaude } from '../../../healer/incidents/refuse-under-claude.ts';
import { freshFolder } from '../sample-repository.ts';

const person = { env: {}, ancestors: [['bash'], ['node', '/usr/lib/node_modules/.bin/vite']], terminal: true };

test('lets a person at a terminal decide', () => {
  expect(() => refuseUnderClaude('approve', person)).not.toThrow();
});

test.each([
  ['CLAUDECODE', { ...person, env: { CLAUDECODE: '1' } }],
  ['CLAUDE_CODE_ENTRYPOINT', { ...person, env: { CLAUDE_CODE_ENTRYPOINT: 'cli' } }],
  [
    'ancestors',
    {
      ...person,
      ancestors: [
        ['sh', '-c', 'x'],
        ['/opt/bin/claude', '-p'],
      ],
    },
  ],
  ['ancestors', { ...person, ancestors: [['node', '/x/node_modules/@anthropic-ai/claude-code/cli.js']] }],
  ['self-healing itself', { ...person, ancestors: [['sh'], ['/usr/bin/node', '/x/dist/cli.cjs', 'heal', 'INC-1']] }],
  ['needs a terminal', { ...person, terminal: false }],
])('refuses because of %s', (why, caller) => {
  expect(() => refuseUnderClaude('retry', caller)).toThrow(why);
});

test('knows the client by its program, not by a word in an argument', () => {
  expect(isClaude(['vim', 'claude'])).toBe(false);
  expect(isClaude(['node', 'server.js', 'claude'])).toBe(false);
  expect(isClaude(['claude.exe'])).toBe(true);
});

test('sees a real ancestor of that name although the environment was cleaned', () => {
  const folder = freshFolder();
  copyFileSync('/bin/sh', join(folder, 'claude'));
  chmodSync(join(folder, 'claude'), 0o755);
  const guard = join(import.meta.dirname, '../../../healer/incidents/refuse-under-claude.ts');
  buildSync({
    stdin: {
      contents: `import { refuseUnderClaude } from ${JSON.stringify(guard)};
        process.stdin.isTTY = true;
        try { refuseUnderClaude('approve'); console.log('allowed'); } catch (error) { console.log(error.message); }`,
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(folder, 'ask.mjs'),
  });
  // Two commands, so that the shell stays and does not become node itself.
  const command = `env -i "${process.execPath}" "${join(folder, 'ask.mjs')}"; true`;
  const result = spawnSync(join(folder, 'claude'), ['-c', command], { encoding: 'utf8', timeout: 30_000 });
  expect(result.stdout).toContain('a Claude Code process is among its ancestors');
});
