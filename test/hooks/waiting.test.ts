/** Commands that wait are told from those that go on; the labelled ones lie in test/corpus/waiting. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readShell } from '../../hooks/shell.ts';
import { judgeWaiting, type Surroundings, type Waiting } from '../../hooks/waiting.ts';

const CORPUS = join(import.meta.dirname, '../corpus/waiting');
const labelled = z.object({ command: z.string(), expect: z.enum(['waits', 'goes_on']), from: z.string() });
const corpus = readdirSync(CORPUS)
  .filter((file) => file.endsWith('.jsonl'))
  .flatMap((file) => readFileSync(join(CORPUS, file), 'utf8').trim().split('\n'))
  .map((line) => labelled.parse(JSON.parse(line)));
const of = (expected: 'waits' | 'goes_on') => corpus.filter((entry) => entry.expect === expected);

/** The first thing in a command line that would wait. */
function judge(text: string, surroundings: Surroundings = {}): Waiting | undefined {
  const reading = readShell(text);
  if (!reading.ok) throw new Error(`${text}: ${reading.why}`);
  for (const command of reading.commands) {
    const waiting = judgeWaiting(command, surroundings);
    if (waiting) return waiting;
  }
  return undefined;
}

describe('the corpus', () => {
  it('is large and names no command twice', () => {
    expect(of('waits').length).toBeGreaterThanOrEqual(120);
    expect(of('goes_on').length).toBeGreaterThanOrEqual(150);
    expect(new Set(corpus.map((entry) => entry.command)).size).toBe(corpus.length);
  });

  it('is told apart, with at most 2 % misses and 2 % false alarms', () => {
    const misses = of('waits').filter(({ command }) => !judge(command));
    const alarms = of('goes_on').filter(({ command }) => judge(command));
    console.log(
      `waiting: ${misses.length} of ${of('waits').length} missed, ${alarms.length} of ${of('goes_on').length} false alarms`,
      [...misses, ...alarms].map(({ command }) => command),
    );
    expect(misses.length / of('waits').length).toBeLessThanOrEqual(0.02);
    expect(alarms.length / of('goes_on').length).toBeLessThanOrEqual(0.02);
  });

  it('gets a whole answer each time, with another command in it', () => {
    for (const { command } of of('waits')) {
      const waiting = judge(command);
      if (!waiting) continue;
      expect(waiting.why).toMatch(/^`[^`]+` .+\.$/);
      expect(waiting.instead).toMatch(/^[A-Z].+\.$/);
      expect(waiting.instead).not.toMatch(/\{as\}/);
    }
  });
});

describe('what lets an endless command be', () => {
  it.each(['npm start', 'npx vitest --watch', 'tail -f server.log'])('%s: background and a time limit', (command) => {
    expect(judge(command)).toBeDefined();
    expect(judge(command, { background: true })).toBeUndefined();
    expect(judge(command, { timed: true })).toBeUndefined();
    expect(judge(`${command} &`)).toBeUndefined();
    expect(judge(`timeout -k 1 20 ${command}`)).toBeUndefined();
    expect(judge(`timeout 0 ${command}`)).toBeDefined();
  });

  it.each(['vim README.md', 'git commit', 'ssh host uptime', 'npm init'])('%s: neither of them answers', (command) => {
    expect(judge(command, { background: true, timed: true })).toBeDefined();
  });
});

it('names the exact form for the program as it was called', () => {
  expect(judge('npx vitest watch')?.instead).toBe('Use npx vitest run.');
  expect(judge('git -C app commit')?.instead).toBe('Use git -C app commit -m "…" (--no-edit to finish a merge).');
  expect(judge('docker compose up')?.instead).toBe('Use docker compose up -d (--wait to wait until it is healthy).');
  expect(judge('npm run dev')?.instead).toContain('run_in_background: true');
});

it('finds what waits inside whatever wraps it, and nothing in text that only mentions it', () => {
  const wraps: ((inner: string) => string)[] = [
    (inner) => `env A=1 ${inner}`,
    (inner) => `nohup ${inner}`,
    (inner) => `timeout 20 ${inner}`,
    (inner) => `cd src && ${inner}`,
    (inner) => `(${inner})`,
    (inner) => `if true; then ${inner}; fi`,
    (inner) => `bash -c '${inner.replaceAll("'", `'\\''`)}'`,
  ];
  const waits = fc.constantFrom('git rebase -i HEAD~2', 'vim README.md', 'npm init', 'sqlite3 app.db', 'su postgres');
  fc.assert(
    fc.property(waits, fc.array(fc.nat(wraps.length - 1), { maxLength: 3 }), (command, chosen) => {
      const prefixable = /^[\w./-]+ /;
      const wrapped = chosen.reduce<string>(
        (inner, at) => (prefixable.test(inner) && !/^(cd|if) /.test(inner) ? (wraps[at]?.(inner) ?? inner) : inner),
        command,
      );
      expect(judge(wrapped)).toBeDefined();
      expect(judge(`echo '${wrapped.replaceAll("'", '')}' >> notes.txt`)).toBeUndefined();
      expect(judge(`git commit -m "${wrapped.replaceAll(/["'`$\\]/g, '')}"`)).toBeUndefined();
    }),
  );
});

it('never throws, whatever the words', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'git',
      'npx',
      'docker',
      '-',
      '--',
      '-it',
      'compose',
      'python3',
      '-m',
      'valueOf',
      'constructor',
      '__proto__',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word), fc.boolean(), (words, pipedInput) => {
      const command = {
        assignments: [],
        redirects: [],
        pipedInput,
        words: words.map((text) => ({ text, literal: true })),
      };
      expect(() => judgeWaiting(command)).not.toThrow();
    }),
  );
});
