import { expect, it } from 'vitest';
import { bash, call, compaction, edit, prompt, told } from '../run.ts';

const grep = (pattern: string, output = 'No matches found') => call('Grep', { pattern, path: '/app' }, { output });
const NAMES = ['maxRetries', 'max_retries', 'MAX_RETRIES', 'max-retries', 'retriesMax', 'retry.*max'];

it('flags a search for the same thing under its sixth name, by whatever tool', () => {
  expect(told(NAMES.map((name) => grep(name)))).toEqual(['loop.similar:1 at 6']);
  const shell = NAMES.map((name) => bash(`grep -rn "${name}" src`, 'Exit code 1', { outcome: 'error' }));
  expect(told(shell)).toEqual(['loop.similar:1 at 6']);
});

it('flags the fourth question in other words with the same answer, the question itself left out of it', () => {
  const asked = [
    'nginx 502 websocket',
    'nginx websocket 502 fix',
    'fix websocket 502 nginx',
    'websocket nginx 502 error',
  ];
  const web = asked.map((query) =>
    call(
      'WebSearch',
      { query },
      { output: `Results for "${query}": the same pages as ever, one, two, three, four, five, six` },
    ),
  );
  expect(told(web)).toEqual(['loop.similar:1 at 4']);
});

it('flags the fourth refusal of a server, also where it calls it an answer', () => {
  for (const outcome of ['ok', 'error'] as const) {
    const post = [1, 2, 3, 4].map((n) =>
      call(
        'mcp__chat__post',
        { text: `deploy is done ${'!'.repeat(n)}` },
        { output: 'Error: not in channel', outcome },
      ),
    );
    expect(told(post)).toEqual(['loop.similar:1 at 4']);
  }
});

it('lets things be looked up one by one, pages be turned, and work be handed out', () => {
  const dead = ['encodeOld', 'decodeOld', 'hashOld', 'totalOld', 'wireOld', 'shimOld', 'fetchOld', 'gridOld'];
  expect(told(dead.map((name) => grep(name)))).toEqual([]);
  const keys = ['title', 'button', 'error', 'help', 'label', 'footer', 'intro'].map((key) => grep(`checkout.${key}`));
  expect(told(keys)).toEqual([]);
  const line = 'level error service mailer smtp timeout recipient attempt one of many lines of it';
  const pages = [1, 2, 3, 4, 5, 6].map((page) =>
    call('mcp__logs__search', { query: 'level:error', page }, { output: line }),
  );
  expect(told(pages)).toEqual([]);
  const handed = ['auth', 'cart', 'search', 'orders', 'mail'].map((name) =>
    call(
      'Task',
      { prompt: `Migrate packages/${name} to ESM and report.` },
      { output: `Migrated packages/${name}, its tests pass.` },
    ),
  );
  expect(told(handed)).toEqual([]);
});

it('begins anew with a change of files, a prompt, another answer; not with a compaction', () => {
  const [a, b, c, d, e, f] = NAMES.map((name) => grep(name));
  if (!a || !b || !c || !d || !e || !f) throw new Error('six names');
  const five = [a, b, c, d, e];
  expect(told([...five, edit('/app/a.ts', 'x', 'y'), f])).toEqual([]);
  expect(told([...five, prompt('go on'), f])).toEqual([]);
  expect(told([...five, grep('max', 'src/a.ts'), f, a, b])).toEqual(['loop.similar:1 at 7']);
  expect(told([...five, compaction, f])).toEqual(['loop.similar:1 at 7']);
});
