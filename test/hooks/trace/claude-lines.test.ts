import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClaudeLines } from '../../../hooks/trace/claude-lines.ts';
import type { Placed } from '../../../hooks/trace/placed.ts';
import { fixture } from './calls.ts';

const record = (name: string) => fixture(`records/${name}.jsonl`);

/** What matters of a happening, in one line. */
function shown({ line, started, happening }: Placed): string {
  const { kind, agent } = happening;
  const who = agent === '' ? '' : ` (${agent})`;
  if (kind === 'call') {
    const asked = happening.input.command ?? happening.input.file_path ?? happening.input.prompt ?? '';
    return `${line}<${started} ${happening.tool} ${asked} → ${happening.outcome}${who}`;
  }
  return `${line} ${kind}${kind === 'compaction' ? '' : ` ${happening.text.split('\n')[0]}`}${who}`;
}

describe('a transcript of the real client', () => {
  const { placed, problems } = readClaudeLines(record('session'));

  it('gives calls in the order of their results, with their ends; a compaction doubles nothing', () => {
    expect(problems).toEqual([]);
    expect(placed.map(shown)).toEqual([
      '3 prompt go',
      '9<8 Read /home/dev/app/a.txt → ok',
      '10<7 Bash false → error',
      '11<6 Bash echo p1 → ok',
      '15<12 Edit /home/dev/app/a.txt → refused',
      '16<13 NoSuch  → refused',
      '17<14 Bash  → refused',
      '20<18 Write /etc/denied.txt → refused',
      '21<19 WebFetch y → refused',
      '24<22 Agent sub work one → ok',
      '26<23 Agent sub work two → ok',
      '29<28 Bash seq 1 20000; exit 1 → error',
      '30 text resumed bye',
      '38 compaction',
      '41 prompt <command-name>/compact</command-name>',
      '48 prompt again',
      '49 text end',
      '53 prompt more',
      '55 text end',
    ]);
  });

  it('gives ids, inputs, outputs and folders', () => {
    expect(placed[2]?.happening).toEqual({
      kind: 'call',
      agent: '',
      id: 'toolu_7d2cb8e7305700ba374443e0',
      tool: 'Bash',
      input: { command: 'false' },
      outcome: 'error',
      output: 'Exit code 1',
      cwd: '/home/dev/app',
      tree: null,
    });
  });

  it("gives a subagent's file under the subagent's id, also when it stands in the same file", () => {
    const own = ['1 prompt sub work two', '4<3 Bash echo after; exit 3 → error', '5 text bye'].map(
      (one) => `${one} (a15640daafe3097ad)`,
    );
    expect(readClaudeLines(record('subagent')).placed.map(shown)).toEqual(own);
    const both = readClaudeLines(record('session') + record('subagent'));
    expect(both.placed.filter(({ happening }) => happening.agent === '')).toEqual(placed);
    expect(both.placed).toHaveLength(placed.length + 3);
  });

  it('read twice, as a resumed session may hold it, tells each thing once', () => {
    expect(readClaudeLines(record('session') + record('session')).placed).toEqual(placed);
  });
});

it('the stream of the same session tells the same calls, each under the same agent', () => {
  const calls = (name: string) =>
    readClaudeLines(record(name)).placed.flatMap(({ happening }) => (happening.kind === 'call' ? [happening] : []));
  const { placed, problems } = readClaudeLines(record('stream'));
  expect(problems).toEqual([]);
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect(calls('stream').sort(byId)).toEqual([...calls('session'), ...calls('subagent')].sort(byId));
  expect(placed.filter(({ happening }) => happening.kind !== 'call').map(shown)).toEqual([
    '20 prompt sub work one (a0e328e3c2c1ae5d2)',
    '23 prompt sub work two (a15640daafe3097ad)',
    '35 text resumed bye',
    '40 compaction',
    '45 text end',
  ]);
});

describe('texts and prompts', () => {
  const assistant = (id: string, ...content: object[]) =>
    JSON.stringify({ type: 'assistant', message: { id, content } });
  const user = (content: unknown, more: object = {}) => JSON.stringify({ type: 'user', message: { content }, ...more });
  const text = (said: string) => ({ type: 'text', text: said });
  const use = (id: string) => ({ type: 'tool_use', id, name: 'Read', input: {} });
  const result = (id: string) => user([{ type: 'tool_result', tool_use_id: id, content: 'x' }]);
  const read = (...lines: string[]) => readClaudeLines(lines.join('\n'));

  it('a text is one only where no call goes with it, in one line or in several of one message', () => {
    const { placed } = read(
      assistant('m1', text('I look')),
      assistant('m1', use('t1')),
      result('t1'),
      assistant('m2', text('I look again'), use('t2')),
      result('t2'),
      assistant('m3', text('Hm.')),
      assistant('m3', text('Hm, hm.')),
      assistant('m4', text('Hm?')),
    );
    expect(placed.map(shown)).toEqual(['3<2 Read  → ok', '5<4 Read  → ok', '6 text Hm.', '8 text Hm?']);
    expect(placed[2]?.happening).toMatchObject({ text: 'Hm.\nHm, hm.' });
  });

  it("what the client says in a person's place is no prompt", () => {
    const { placed } = read(
      user('<local-command-stdout>Compacted</local-command-stdout>'),
      user('Stop hook feedback:\nnot done'),
      user([text('<system-reminder>x</system-reminder>')]),
      user([text('[Request interrupted by user]')]),
      user('a summary', { isCompactSummary: true }),
      user('a caveat', { isMeta: true }),
      user('a summary', { isSynthetic: true }),
      user([text('<system-reminder>x</system-reminder>'), text('really')]),
    );
    expect(placed.map(shown)).toEqual(['8 prompt really']);
  });

  it("a sidechain of an older version is an agent of its own, and a denial of the client's Bash has no exit code", () => {
    const side = (uuid: string, parentUuid: string | null, line: string) =>
      JSON.stringify({ ...JSON.parse(line), uuid, parentUuid, isSidechain: true });
    const denied = user([{ type: 'tool_result', tool_use_id: 't1', content: 'Not here.', is_error: true }]);
    const bash = { type: 'tool_use', id: 't1', name: 'Bash', input: {} };
    const { placed } = read(
      side('u1', null, user('look')),
      side('u2', 'u1', JSON.stringify({ type: 'attachment' })),
      assistant('m1', text('Main')),
      side('u9', null, user('look too')),
      side('u3', 'u2', assistant('m2', bash)),
      side('u4', 'u3', denied),
    );
    expect(placed.map(shown)).toEqual([
      '1 prompt look (sidechain u1)',
      '3 text Main',
      '4 prompt look too (sidechain u9)',
      '6<5 Bash  → refused (sidechain u1)',
    ]);
  });

  it('a call that never came back is not told; a result that nobody asked for is a problem', () => {
    const { placed, problems } = read(
      assistant('m1', use('t1')),
      result('t9'),
      'half a li',
      '7',
      '{"type":"user"}',
      '{"type":"mode"}',
    );
    expect(placed).toEqual([]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  });
});

describe('any lines', () => {
  const junk = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ type: fc.constantFrom('user', 'assistant', 'system'), message: fc.jsonValue(), uuid: fc.jsonValue() })
      .map((line) => JSON.stringify(line)),
    fc
      .array(
        fc.record({
          type: fc.constantFrom('text', 'tool_use', 'tool_result'),
          id: fc.jsonValue(),
          text: fc.jsonValue(),
          tool_use_id: fc.jsonValue(),
          content: fc.jsonValue(),
        }),
      )
      .map((content) => JSON.stringify({ type: 'user', message: { content } })),
  );
  const session = record('session').trimEnd().split('\n');

  it('never make it throw, and do not disturb what stands between them', () => {
    const calls = ({ placed }: { placed: Placed[] }) =>
      placed.flatMap(({ happening }) => (happening.kind === 'call' ? [happening.id] : []));
    const whole = calls(readClaudeLines(session.join('\n')));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(session.length), junk), { maxLength: 10 }), (spots) => {
        const lines = [...session];
        for (const [at, text] of spots) lines.splice(at, 0, text.replaceAll('\n', ' '));
        const read = readClaudeLines(lines.join('\n'));
        expect(calls(read).filter((id) => whole.includes(id))).toEqual(whole);
        expect(read.placed.map(({ line }) => line)).toEqual(read.placed.map(({ line }) => line).sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('cut anywhere give the calls that were complete by then', () => {
    const text = session.join('\n');
    const ids = (part: string) =>
      readClaudeLines(part).placed.map(({ happening }) => (happening.kind === 'call' ? happening.id : ''));
    fc.assert(
      fc.property(fc.nat(text.length), (at) => {
        const told = ids(text.slice(0, at)).filter((id) => id !== '');
        expect(
          ids(text)
            .filter((id) => id !== '')
            .slice(0, told.length),
        ).toEqual(told);
      }),
      { numRuns: 60 },
    );
  });
});
