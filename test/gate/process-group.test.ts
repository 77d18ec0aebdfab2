import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type GroupOptions, groupAlive, runGroup } from '../../gate/process-group.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'process-group-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env.PATH ?? '' };
const options = (extra: Partial<GroupOptions> = {}): GroupOptions => ({
  cwd: folder,
  env,
  timeoutMs: 20_000,
  graceMs: 300,
  ...extra,
});

/** A shell line that leaves a grandchild behind, which notes its pid and ignores SIGTERM. */
const grandchild = (file: string, body: string) =>
  `(trap '' TERM; echo $$ > ${file}.parent; sh -c 'echo $$ > ${file}; ${body}' ) &`;

function running(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

describe('runGroup', () => {
  it('hands back exit code, both streams in one text, and stdout alone', async () => {
    const result = await runGroup({ shell: 'echo out; sleep 0.05; echo err >&2; exit 3' }, options());
    expect(result).toMatchObject({ exit: 3, signal: null, timedOut: null, aborted: false, startError: null });
    expect(result.output).toBe('out\nerr\n');
    expect(result.stdout).toBe('out\n');
    expect(result.stdoutComplete).toBe(true);
  });

  it('gives the command exactly the environment it was given, a closed stdin and no shell around argv', async () => {
    const script =
      'process.stdin.on("end", () => console.log(JSON.stringify([process.env, process.argv.slice(1)]))).resume()';
    const result = await runGroup(
      { argv: [process.execPath, '-e', script, '$HOME; echo no'] },
      options({ env: { A: '1' } }),
    );
    expect(JSON.parse(result.stdout)).toEqual([{ A: '1' }, ['$HOME; echo no']]);
  });

  it('says why a program could not be started', async () => {
    const result = await runGroup({ argv: ['no-such-program-here'] }, options());
    expect(result).toMatchObject({ exit: null, signal: null, timedOut: null });
    expect(result.startError).toContain('ENOENT');
  });

  it('is not held up by a grandchild that keeps the pipe open, and ends it', async () => {
    const file = join(folder, 'holder');
    const result = await runGroup({ shell: `${grandchild(file, 'sleep 60')} sleep 0.2; echo done` }, options());
    expect(result).toMatchObject({ exit: 0, timedOut: null });
    expect(result.output).toContain('done');
    expect(result.seconds).toBeLessThan(5);
    expect(running(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  it('ends the whole group at the wall clock, also what ignores SIGTERM', async () => {
    const file = join(folder, 'stubborn');
    let pgid = 0;
    const result = await runGroup(
      { shell: `${grandchild(file, 'sleep 60')} trap '' TERM; sleep 60` },
      options({
        timeoutMs: 400,
        onStart: (id) => {
          pgid = id;
        },
      }),
    );
    expect(result).toMatchObject({ exit: null, signal: 'SIGKILL', timedOut: 'wall', aborted: false });
    expect(result.seconds).toBeLessThan(6);
    expect(running(Number(readFileSync(file, 'utf8')))).toBe(false);
    expect(groupAlive(pgid)).toBe(false);
  });

  const onLinux = it.runIf(process.platform === 'linux');
  /** A process in a session of its own that writes its number and stays; the line waits until it has. */
  const daemon = (file: string, before = '') =>
    `${before} setsid sh -c 'echo $$ > ${file}; exec sleep 60' > /dev/null 2>&1 & while [ ! -s ${file} ]; do sleep 0.02; done;`;

  onLinux('ends by its mark what made a session of its own and lost its parent', async () => {
    const file = join(folder, 'daemon');
    const marked = { env: { ...env, SELF_HEALING_CHECK: 'a' }, mark: 'SELF_HEALING_CHECK=a' };
    expect(await runGroup({ shell: daemon(file) }, options(marked))).toMatchObject({ exit: 0 });
    expect(running(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  onLinux('ends at the clock what runs below it, also when that threw the mark away', async () => {
    const file = join(folder, 'unmarked');
    const marked = { env: { ...env, SELF_HEALING_CHECK: 'b' }, mark: 'SELF_HEALING_CHECK=b' };
    const line = `${daemon(file, 'env -u SELF_HEALING_CHECK')} sleep 60`;
    const result = await runGroup({ shell: line }, options({ ...marked, timeoutMs: 1500 }));
    expect(result).toMatchObject({ timedOut: 'wall' });
    expect(running(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  onLinux('ends what takes too much of the machine, and says of what', async () => {
    const limits = { processes: 20, memory: 200 * 1024 ** 2, file: 1024 ** 2 };
    const many = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do sleep 60 & done; wait';
    expect(await runGroup({ shell: many }, options({ limits }))).toMatchObject({ overLimit: 'processes' });
    const much = 'globalThis.kept = Buffer.alloc(400 * 1024 ** 2, 1); setTimeout(() => {}, 60_000)';
    const argv: [string, ...string[]] = [process.execPath, '-e', much];
    expect(await runGroup({ argv }, options({ limits }))).toMatchObject({ overLimit: 'memory', timedOut: null });
    const large = await runGroup({ shell: 'exec head -c 3000000 /dev/zero > large' }, options({ limits }));
    expect(large).toMatchObject({ exit: null, signal: 'SIGXFSZ' });
    expect(statSync(join(folder, 'large')).size).toBe(limits.file);
  });

  onLinux('leaves an ordinary command alone, and offers it first when memory runs out', async () => {
    const result = await runGroup(
      { shell: 'sleep 0.1; cat /proc/self/oom_score_adj; exit 4' },
      options({ limits: { processes: 20, memory: 200 * 1024 ** 2, file: 1024 ** 2 } }),
    );
    expect(result).toMatchObject({ exit: 4, overLimit: null, output: '800\n' });
  });

  it('stops at an abort, before the start and while it runs', async () => {
    const before = await runGroup({ shell: 'echo never' }, options({ signal: AbortSignal.abort() }));
    expect(before).toMatchObject({ aborted: true, output: '', exit: null });
    const controller = new AbortController();
    const during = runGroup(
      { shell: 'echo ready; sleep 60' },
      options({ signal: controller.signal, onOutput: () => controller.abort() }),
    );
    expect(await during).toMatchObject({ aborted: true, timedOut: null, signal: 'SIGTERM' });
  });

  it('keeps the beginning and the end of too much output', async () => {
    const result = await runGroup(
      { shell: `printf BEGIN; head -c 3000000 /dev/zero | tr '\\0' x; printf END` },
      options({ keep: { output: 4000, stdout: 4000 } }),
    );
    expect(result.output.length).toBeLessThan(4100);
    expect(result.output).toMatch(/^BEGINx+\n\[… 2996008 characters left out …\]\nx+END$/);
    expect(result.stdoutComplete).toBe(false);
  });

  it('does not break a character that arrives in two pieces', async () => {
    const result = await runGroup({ shell: `printf '\\303'; sleep 0.1; printf '\\244'` }, options());
    expect(result.output).toBe('ä');
  });

  it('writes input and closes stdin', async () => {
    const result = await runGroup({ shell: 'cat' }, options({ input: 'a prompt' }));
    expect(result.stdout).toBe('a prompt');
  });
});
