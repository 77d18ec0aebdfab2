/** Real files, a real concurrent writer, every way of rotating: what was written is given out once. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LogFiles, type Position } from '../../../healer/watcher/log-files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'self-healing-logs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let made = 0;
function folder(): string {
  const path = join(scratch, String(++made));
  mkdirSync(path);
  return path;
}

/** A clock that a test moves: time passes only where it says so. */
class Following {
  readonly problems: string[] = [];
  readonly lines: string[] = [];
  readonly #glob: string;
  readonly #cwd: string;
  #at = 0;
  #files: LogFiles;

  constructor(cwd: string, glob: string) {
    this.#cwd = cwd;
    this.#glob = glob;
    this.#files = this.#open([]);
  }

  #open(known: readonly Position[]): LogFiles {
    return new LogFiles(
      {
        sources: [{ glob: this.#glob }],
        cwd: this.#cwd,
        nowMs: () => this.#at,
        problem: (what) => void this.problems.push(what),
      },
      known,
    );
  }

  /** Rounds until nothing is left, then the quiet in which windows close. */
  look(quietMs = 1_500): void {
    for (let quiet = 0; quiet < 4; ) {
      this.#at += quietMs;
      const { windows, behind } = this.#files.round();
      for (const { text } of windows) this.lines.push(...text.split('\n').filter((line) => line.includes('ERROR')));
      quiet = behind || windows.length > 0 ? 0 : quiet + 1;
    }
  }

  /** One round as it comes: windows may stay open. */
  glance(): void {
    this.#at += 250;
    for (const { text } of this.#files.round().windows)
      this.lines.push(...text.split('\n').filter((line) => line.includes('ERROR')));
  }

  /** What a crash leaves: the places that were given out. */
  restart(): void {
    const positions = JSON.parse(JSON.stringify(this.#files.positions()));
    this.#files.close();
    this.#files = this.#open(positions);
  }

  close(): void {
    this.#files.close();
  }
}

const line = (n: number) => `2026-11-20T10:00:00.000Z ERROR number ${n} of many\n`;

describe('a log that is rotated', () => {
  it('renamed: the rest of the old one, what its writer still adds, and the new one', () => {
    const cwd = folder();
    const log = join(cwd, 'app.log');
    writeFileSync(log, line(1));
    const following = new Following(cwd, 'app.log');
    following.look();
    appendFileSync(log, line(2));
    renameSync(log, `${log}.1`);
    writeFileSync(log, line(3));
    following.look();
    appendFileSync(`${log}.1`, line(4));
    following.look();
    following.close();
    expect(following.lines.sort()).toEqual([1, 2, 3, 4].map((n) => line(n).trim()));
  });

  it('truncated to the same size as before: by its content, not by its size', () => {
    const cwd = folder();
    const log = join(cwd, 'app.log');
    writeFileSync(log, line(1));
    const following = new Following(cwd, 'app.log');
    following.look();
    writeFileSync(log, line(2));
    following.look();
    following.close();
    expect(following.lines).toEqual([line(1).trim(), line(2).trim()]);
  });

  it.each(['app.log', 'app.log*'])('copied and truncated, followed as %s', (glob) => {
    const cwd = folder();
    const log = join(cwd, 'app.log');
    writeFileSync(log, Array.from({ length: 9 }, (_, n) => line(n)).join(''));
    const following = new Following(cwd, glob);
    following.look();
    appendFileSync(log, line(9));
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, line(10));
    following.look();
    following.restart();
    following.look();
    following.close();
    expect(following.lines).toEqual(Array.from({ length: 11 }, (_, n) => line(n).trim()));
  });

  it('while nobody watched: several times, and each file is found', () => {
    const cwd = folder();
    const log = join(cwd, 'app.log');
    writeFileSync(log, line(1));
    const following = new Following(cwd, 'app.log');
    following.look();
    appendFileSync(log, line(2));
    renameSync(log, `${log}.2`);
    writeFileSync(`${log}.1`, line(3));
    writeFileSync(log, line(4));
    following.restart();
    following.look();
    following.close();
    expect(following.problems).toEqual([]);
    expect(following.lines.sort()).toEqual([1, 2, 3, 4].map((n) => line(n).trim()));
  });

  it('says so when what was left to read is gone', () => {
    const cwd = folder();
    const log = join(cwd, 'app.log');
    writeFileSync(log, line(1));
    const following = new Following(cwd, 'app.log');
    following.look();
    rmSync(log);
    writeFileSync(log, line(2));
    following.restart();
    following.look();
    following.close();
    expect(following.problems).toEqual(['rotated_away']);
    expect(following.lines).toEqual([line(1).trim(), line(2).trim()]);
  });

  it('gives a half line out once it is whole, also over a restart', () => {
    const cwd = folder();
    const log = join(cwd, 'app.log');
    writeFileSync(log, line(1).slice(0, 30));
    const following = new Following(cwd, 'app.log');
    following.look();
    expect(following.lines).toEqual([]);
    following.restart();
    appendFileSync(log, line(1).slice(30));
    following.look();
    following.close();
    expect(following.lines).toEqual([line(1).trim()]);
  });
});

type Step = 'append' | 'half' | 'rename' | 'truncate' | 'copytruncate' | 'restart' | 'glance' | 'look';
const step = fc.constantFrom<Step>(
  'append',
  'append',
  'append',
  'half',
  'rename',
  'copytruncate',
  'truncate',
  'restart',
  'glance',
  'look',
);

it('any order of writing, rotating and restarting: every line once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const cwd = folder();
      const log = join(cwd, 'app.log');
      writeFileSync(log, '');
      const following = new Following(cwd, 'app.log');
      following.look();
      const written: string[] = [];
      let rest = '';
      let generation = 0;
      // The kernel's clock for files ticks every few milliseconds; a test writes several times within one tick.
      let seconds = Date.now() / 1000;
      const touch = (path: string) => utimesSync(path, ++seconds, seconds);
      const write = (text: string) => {
        appendFileSync(log, text);
        touch(log);
      };
      const truncate = () => {
        truncateSync(log);
        touch(log);
      };
      const whole = () => {
        write(rest);
        rest = '';
      };
      for (const one of steps) {
        switch (one) {
          case 'append':
          case 'half': {
            whole();
            const next = line(written.length);
            written.push(next.trim());
            write(one === 'half' ? next.slice(0, 40) : next);
            rest = one === 'half' ? next.slice(40) : '';
            break;
          }
          case 'rename':
            whole();
            renameSync(log, `${log}.${++generation}`);
            writeFileSync(log, '');
            touch(log);
            break;
          case 'copytruncate':
            whole();
            copyFileSync(log, `${log}.${++generation}`);
            touch(`${log}.${generation}`);
            truncate();
            break;
          case 'truncate':
            // Nobody can read what is thrown away: only once it was read.
            whole();
            following.look();
            truncate();
            break;
          case 'restart':
            following.restart();
            break;
          case 'glance':
            following.glance();
            break;
          case 'look':
            following.look();
            break;
          default:
            one satisfies never;
        }
      }
      whole();
      following.look();
      following.close();
      rmSync(cwd, { recursive: true });
      expect(following.lines.sort()).toEqual(written.sort());
    }),
    { numRuns: 150 },
  );
});

const WRITER = `
const fs = require('node:fs');
const [log, mode] = process.argv.slice(1);
let fd = fs.openSync(log, 'a');
let rotated = 0;
for (let n = 0; n < 30000; n++) {
  fs.writeSync(fd, '2026-11-20T10:00:00.000Z ERROR number ' + n + ' of many\\n');
  if (n % 7000 !== 6999) continue;
  rotated++;
  if (mode === 'rename') {
    fs.renameSync(log, log + '.' + rotated);
    fs.closeSync(fd);
    fd = fs.openSync(log, 'a');
  } else {
    fs.copyFileSync(log, log + '.' + rotated);
    fs.ftruncateSync(fd, 0);
  }
}
`;

it.each(['rename', 'copytruncate'])('a writer that does not wait, rotating by %s', async (mode) => {
  const cwd = folder();
  const log = join(cwd, 'app.log');
  writeFileSync(log, '');
  const following = new Following(cwd, 'app.log');
  const writer = spawn(process.execPath, ['-e', WRITER, log, mode], { stdio: 'inherit' });
  await ended(writer, () => following.glance());
  following.look();
  following.close();
  expect(following.lines.length).toBe(30_000);
  expect(new Set(following.lines).size).toBe(30_000);
  expect(readFileSync(log, 'utf8')).not.toBe('');
});

function ended(child: ChildProcess, meanwhile: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let over = false;
    child.once('error', reject);
    child.once('close', () => (over = true));
    const turn = () => {
      meanwhile();
      if (over) resolve();
      else setImmediate(turn);
    };
    turn();
  });
}
