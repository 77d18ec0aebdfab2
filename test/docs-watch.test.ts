/** The unit in docs/watch.md is one that systemd would take, and starts what there is. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { watchCommand } from '../cli/commands/watch.ts';

const doc = readFileSync(join(import.meta.dirname, '..', 'docs', 'watch.md'), 'utf8');
const unit = /```ini\n([\s\S]*?)```/.exec(doc)?.[1] ?? '';

it('has sections of keys and values', () => {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of unit.split('\n').filter((text) => text !== '')) {
    const name = /^\[(\w+)\]$/.exec(line)?.[1];
    if (name !== undefined) {
      section = new Map();
      sections.set(name, section);
    } else {
      const [, key, value] = /^([A-Z]\w+)=(\S.*)$/.exec(line) ?? [line];
      expect([line, key !== undefined && value !== undefined]).toEqual([line, true]);
      section.set(key ?? '', value ?? '');
    }
  }
  expect([...sections.keys()]).toEqual(['Unit', 'Service', 'Install']);
  const words = sections.get('Service')?.get('ExecStart')?.split(' ') ?? [];
  expect(words.slice(0, 2)).toEqual(['/opt/self-healing/bin/self-healing', 'watch']);
  const flags = (watchCommand.options ?? []).map(([flag]) => flag.split(' ')[0]);
  for (const word of words.filter((one) => one.startsWith('--'))) expect(flags).toContain(word);
});

it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('is taken by systemd', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-unit-'));
  try {
    const file = join(folder, 'self-healing-watch.service');
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
    expect(() => execFileSync('systemd-analyze', ['verify', file], { stdio: 'pipe' })).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
