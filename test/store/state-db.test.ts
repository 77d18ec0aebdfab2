import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../store/schema.ts';
import { openState } from '../../store/state-db.ts';
import { appendStep, lastSteps } from '../../store/steps.ts';
import { bumpStopBlocks, stopBlocks } from '../../store/stop-blocks.ts';
import { startProgram } from './programs.ts';
import { temporaryFolder } from './temporary.ts';

describe('the folder', () => {
  it('is made with its database, a place for reports, and a .gitignore for what is the machine’s', () => {
    const root = temporaryFolder();
    openState(root).close();
    const folder = join(root, '.self-healing');
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'reports', 'state.db']);
    execFileSync('git', ['init', '-q', '-b', 'main', root]);
    expect(execFileSync('git', ['-C', root, 'status', '--porcelain', '-uall'], { encoding: 'utf8' })).toBe('');
    writeFileSync(join(folder, 'reports', 'x.md'), '');
    expect(execFileSync('git', ['-C', root, 'status', '--porcelain', '-uall'], { encoding: 'utf8' })).toBe(
      '?? .self-healing/reports/x.md\n',
    );
  });

  it('keeps a .gitignore that is there', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, '.self-healing'));
    writeFileSync(join(root, '.self-healing', '.gitignore'), 'mine\n');
    openState(root).close();
    expect(readFileSync(join(root, '.self-healing', '.gitignore'), 'utf8')).toBe('mine\n');
  });

  it('that cannot be made is a clear error', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, '.self-healing'), 'a file');
    expect(() => openState(root)).toThrow(expect.objectContaining({ productError: true, code: 'failed' }));
  });
});

describe('the schema', () => {
  it('is brought to its version once, however many processes open it first at the same time', async () => {
    const root = temporaryFolder();
    const openers = await Promise.all([1, 2, 3, 4, 5].map(() => startProgram('first-opener', [root])));
    for (const opener of openers) opener.write('go\n');
    const answers = await Promise.all(openers.map((opener) => opener.json<{ count: number }>()));
    expect(answers.map((answer) => answer.count).sort()).toEqual([1, 2, 3, 4, 5]);
    const database = openState(root);
    expect(database.get('PRAGMA user_version')).toEqual({ user_version: MIGRATIONS.length });
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('of a newer version is refused with the way out, and left alone', () => {
    const root = temporaryFolder();
    const database = openState(root);
    database.exec('PRAGMA user_version = 99');
    expect(() => openState(root)).toThrow(/newer self-healing \(its schema is version 99/);
    expect(database.get('PRAGMA user_version')).toEqual({ user_version: 99 });
    database.close();
  });
});

describe('a damaged database', () => {
  const filled = (root: string): string => {
    const database = openState(root);
    const step = { run: 'r', at: '2026-11-20T10:00:00Z', tool: 'Read', input: 'x'.repeat(100), outcome: 'ok' };
    database.tx(() => {
      for (let count = 0; count < 2000; count++) appendStep(database, step);
    });
    expect(lastSteps(database, 'r', 1)[0]?.seq).toBe(2000);
    database.close();
    return join(root, '.self-healing', 'state.db');
  };

  it.each([
    ['overwritten', (file: string) => writeFileSync(file, Buffer.alloc(50_000, 7))],
    ['cut short', (file: string) => truncateSync(file, 90_000)],
    [
      'broken in the middle',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xff, 100_000, 140_000);
        writeFileSync(file, bytes);
      },
    ],
  ])('that was %s is moved aside whole, told, and replaced', (_how, damage) => {
    const root = temporaryFolder();
    const file = filled(root);
    damage(file);
    const before = readFileSync(file);
    const told: string[] = [];
    const options = { notice: (text: string) => told.push(text), now: () => new Date('2026-11-20T13:00:00Z') };
    const database = openState(root, options);
    const moved = `${file}.damaged-20261120T130000.000Z`;
    expect(readFileSync(moved).equals(before)).toBe(true);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(moved);
    expect(bumpStopBlocks(database, 'works')).toBe(1);
    database.close();
    openState(root, options).close();
    expect(told).toHaveLength(1);
  });

  it('is replaced once by processes that find it together', async () => {
    const root = temporaryFolder();
    writeFileSync(filled(root), Buffer.alloc(50_000, 7));
    const openers = await Promise.all([1, 2, 3].map(() => startProgram('first-opener', [root])));
    for (const opener of openers) opener.write('go\n');
    const exits = await Promise.all(
      openers.map((opener) => new Promise((resolve) => opener.process.on('close', resolve))),
    );
    expect(exits).toEqual([0, 0, 0]);
    const database = openState(root);
    expect(stopBlocks(database, 'opened')).toBe(3);
    database.close();
    const files = readdirSync(join(root, '.self-healing')).filter((name) => name.includes('damaged'));
    expect(files).toHaveLength(1);
  });
});

describe('a process killed while it writes', () => {
  it('inside a transaction leaves nothing of it, and no lock', async () => {
    const root = temporaryFolder();
    const writer = await startProgram('killed-writer', [root, 'inside']);
    await writer.said('inside');
    writer.process.kill('SIGKILL');
    await new Promise((resolve) => writer.process.on('close', resolve));
    const database = openState(root);
    expect(stopBlocks(database, 'left')).toBe(0);
    expect(bumpStopBlocks(database, 'left')).toBe(1);
    database.close();
  });

  it('at any moment leaves whole transactions only', async () => {
    const root = temporaryFolder();
    let written = 0;
    for (const patience of [3, 11, 27]) {
      const writer = await startProgram('killed-writer', [root, 'anywhere']);
      await sleep(patience);
      writer.process.kill('SIGKILL');
      await new Promise((resolve) => writer.process.on('close', resolve));
      const database = openState(root);
      expect(stopBlocks(database, 'left')).toBe(stopBlocks(database, 'right'));
      expect(stopBlocks(database, 'left')).toBeGreaterThanOrEqual(written);
      written = stopBlocks(database, 'left');
      database.close();
    }
    expect(written).toBeGreaterThan(0);
  });
});
