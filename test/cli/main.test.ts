import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { write } from '../write.ts';
import { cli, cliInShell, cliInTerminal, repository, SHOP } from './program.ts';

describe('self-healing', () => {
  it('says its version and lists its commands within 80 columns', async () => {
    const root = repository();
    expect((await cli(root, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await cli(root, ['--help']);
    expect(help.exit).toBe(0);
    for (const name of [
      'init',
      'heal',
      'verify',
      'context',
      'impact',
      'scenarios run',
      'context lint',
      'context coverage',
      'impact build',
      'approve',
      'doctor',
      'demo',
      'metrics',
    ])
      expect(help.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(Math.max(...help.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    [['frobnicate'], /unknown command/],
    [['show'], /missing required argument/],
    [['show', 'nonsense'], /INC-1a2b3c4d5e6f7890/],
    [['status', '--frob'], /unknown option/],
    [['incidents', '--status', 'lost'], /must be one of settling/],
    [['heal'], /--error FILE/],
    [['heal', 'INC-1a2b3c4d5e6f7890', '--error', '-'], /one of them/],
    [['scenarios', 'run', '--all', '--id', 'S001'], /--all/],
    [['metrics', '--since', 'yesterday'], /duration such as/],
    [['context', 'coverage', '--limit', '0'], /--limit|limit/],
  ])('answers 2 and says why to %j', async (args, message) => {
    const ended = await cli(repository(), args);
    expect(ended).toMatchObject({ exit: 2, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });

  it('prints one JSON document and nothing else, for an error too', async () => {
    const root = repository();
    const status = await cli(root, ['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ repository: root, needs_person: [], paused: null });
    const missing = await cli(root, ['show', 'INC-1a2b3c4d5e6f7890', '--json']);
    expect(missing.exit).toBe(2);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'not_found' } });
  });

  it('creates nothing by looking', async () => {
    const root = repository();
    for (const args of [['status'], ['incidents'], ['show', 'INC-1a2b3c4d5e6f7890'], ['context', 'a.js']])
      await cli(root, args);
    expect(execFileSync('ls', ['-A', root], { encoding: 'utf8' })).toBe('.git\n');
  });

  it('paints on a terminal only, and not with NO_COLOR', async () => {
    const root = repository(SHOP);
    const ESC = String.fromCharCode(27);
    expect((await cli(root, ['impact', 'src/price.js'])).stdout).not.toContain(ESC);
    expect((await cliInTerminal(root, ['impact', 'src/price.js'])).stdout).toContain(`${ESC}[1m`);
    const plain = await cliInTerminal(root, ['impact', 'src/price.js'], { env: { NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain(ESC);
  });
  it('ends quietly when nobody reads on', async () => {
    const root = repository();
    write(root, { 'long.log': 'an error line\n'.repeat(200_000) });
    const ended = await cliInShell(root, ['fingerprint', 'long.log'], '| head -n 1');
    expect(ended).toMatchObject({ exit: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^[0-9a-f]{16}\tan error line\n$/);
  });
});
