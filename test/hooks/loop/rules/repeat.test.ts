import { expect, it } from 'vitest';
import { bash, call, compaction, edit, failed, prompt, read, settings, tests, times, told } from '../run.ts';

const listing = bash('ls src', 'a.ts\nb.ts');

it('warns at the 3rd time and stops at the 5th, with nothing said in between', () => {
  expect(told(times(7, () => listing))).toEqual(['loop.repeat:1 at 3', 'loop.repeat:2 at 5']);
});

it('looks past other calls that change nothing, and past times and ids in the result', () => {
  const asked = (n: number) =>
    bash('curl -s localhost:3000/me', `{"at":"2026-11-20T10:00:0${n}Z","error":"no session"}`);
  const run = times(3, (n) => [asked(n), read(`/app/src/part${n}.ts`, `export const part = ${n};`)]).flat();
  expect(told(run)).toEqual(['loop.repeat:1 at 5']);
});

it('counts what was denied or did not apply as well', () => {
  const denied = {
    ...edit('/app/a.ts', 'x', 'y'),
    outcome: 'refused' as const,
    output: 'Denied: outside [scope.closed]',
  };
  expect(told(times(3, () => denied))).toEqual(['loop.repeat:1 at 3']);
});

it('holds the same check on the same files against the run, red or green', () => {
  expect(told(times(3, () => tests(['adds'])))).toEqual(['loop.repeat:1 at 3']);
  expect(told(times(3, () => tests([])))).toEqual(['loop.repeat:1 at 3']);
});

it('begins anew with a change of files, a prompt, a compaction', () => {
  for (const between of [edit('/app/a.ts', 'x', 'y'), bash('git pull'), prompt('Look again.'), compaction])
    expect(told([listing, listing, between, listing, listing])).toEqual([]);
});

it('lets a result that changes be waited for, also where masking hides what moves', () => {
  const log = (n: number) => bash('tail -n 1 build.log', `compiled ${n * 12}/340`);
  const size = (n: number) => bash('wc -c dump.sql', `${n * 1000} dump.sql`);
  const share = (n: number) => bash('cat progress', `${n * 7}%`);
  const health = ['503', '503', '200'].map((status) => bash('curl -s -w "%{http_code}" localhost:80', status));
  for (const run of [times(8, log), times(8, size), times(8, share), health]) expect(told(run)).toEqual([]);
});

it('does not take a number that jumps about for progress', () => {
  const values = [17, 4, 9, 2, 31, 5, 8, 3];
  const run = values.map((value) => bash('curl -s localhost:80/queue', `answer ${value}: no such queue`));
  expect(told(run)[0]).toMatch(/^loop\.repeat:1 at [3-6]$/);
});

it('is patient with a status of something in work, and with a call that waits before it looks, but not for ever', () => {
  for (const status of [
    bash('gh run view 12', 'in progress'),
    bash('sleep 20 && gh run view 12', 'no conclusion yet'),
  ]) {
    expect(told(times(4, () => status))).toEqual([]);
    expect(told(times(10, () => status))).toEqual(['loop.repeat:1 at 5', 'loop.repeat:2 at 10']);
  }
});

it('leaves out waiting, notes and what our server only tells', () => {
  const context = call('mcp__plugin_self-healing_living-context__get_context', { files: ['a.ts'] }, { output: 'none' });
  const notes = call('TodoWrite', { todos: [] }, { output: 'ok' });
  for (const one of [bash('sleep 30'), context, notes]) expect(told(times(9, () => one))).toEqual([]);
});

it('takes other ranges of a file for other calls', () => {
  const chunk = (n: number) => read('/app/big.csv', 'a;b;c', { offset: n * 100, limit: 100 });
  const range = (n: number) => bash(`sed -n '${n * 100},${n * 100 + 99}p' big.csv`, 'a;b;c');
  for (const one of [chunk, range]) expect(told(times(8, one))).toEqual([]);
});

it('knows that the client answers a file read again in its own words', () => {
  const same = read(
    '/app/a.ts',
    'Wasted call — file unchanged since your last Read. Refer to that earlier tool_result.',
  );
  expect(told([read('/app/a.ts', 'export {};'), same, same])).toEqual(['loop.repeat:1 at 3']);
});

it('has its thresholds from the settings', () => {
  expect(
    told(
      times(3, () => listing),
      { detection: { ...settings, repeat_warn: 2, repeat_stop: 3 } },
    ),
  ).toEqual(['loop.repeat:1 at 2', 'loop.repeat:2 at 3']);
});

it('does not confuse two failures of one command', () => {
  expect(
    told([failed('make', 'a.c:1: error: x'), failed('make', 'b.c:9: error: y'), failed('make', 'a.c:1: error: x')]),
  ).toEqual([]);
});

it('lets the same be asked after something was done about it', () => {
  const asked = failed('go test ./stock/...', 'could not connect to server: Connection refused');
  const done = ['docker compose restart db', 'docker compose up -d db'].map((command) =>
    bash(command, 'Started', { tree: 't1' }),
  );
  expect(told([asked, ...done.flatMap((one) => [one, asked])])).toEqual([]);
});
