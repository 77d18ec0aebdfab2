import { expect, it } from 'vitest';
import { ClaudePieces } from '../../../hooks/replay/claude-pieces.ts';
import { readClaudeLines } from '../../../hooks/trace/claude-lines.ts';

const ask = (id: string) => ({
  type: 'assistant',
  uuid: `ask ${id}`,
  message: { id: `msg ${id}`, content: [{ type: 'tool_use', id, name: 'Bash', input: { command: `cat ${id}` } }] },
});
const tell = (id: string) => ({
  type: 'user',
  uuid: `tell ${id}`,
  message: { content: [{ type: 'tool_result', tool_use_id: id, content: `text of ${id}` }] },
});
const say = (text: string) => ({
  type: 'assistant',
  uuid: `say ${text}`,
  message: { id: `msg ${text}`, content: [{ type: 'text', text }] },
});
const start = { type: 'system', subtype: 'init', uuid: 'start', cwd: '/home/ada/shop' };

/** The calls with their lines, read in pieces that end wherever they may. */
function calls(lines: readonly object[]): unknown[] {
  const pieces = new ClaudePieces();
  const found: unknown[] = [];
  const read = () => {
    const piece = pieces.take();
    const { placed, problems } = readClaudeLines(piece.map(({ text }) => text).join('\n'));
    expect(problems).toEqual([]);
    for (const { line, started, happening } of placed)
      if (happening.kind === 'call')
        found.push([happening.input.command, piece[started - 1]?.at, piece[line - 1]?.at, happening.cwd]);
  };
  for (const [index, line] of lines.entries()) {
    pieces.add({ at: index + 1, text: JSON.stringify(line) });
    if (pieces.whole) read();
  }
  read();
  return found;
}

it('carries a call that waits and the folder of a stream over to the next piece', () => {
  expect(calls([start, ask('a'), ask('b'), tell('b'), ask('c'), tell('c'), tell('a')])).toEqual([
    ['cat b', 3, 4, '/home/ada/shop'],
    ['cat c', 5, 6, '/home/ada/shop'],
    ['cat a', 2, 7, '/home/ada/shop'],
  ]);
});

it('takes what was written twice once, and leaves results out whose call is cut off', () => {
  expect(calls([tell('before'), ask('a'), tell('a'), ask('a'), tell('a'), ask('b'), tell('b')])).toEqual([
    ['cat a', 2, 3, null],
    ['cat b', 6, 7, null],
  ]);
});

it('ends no piece inside a message of the model', () => {
  const pieces = new ClaudePieces();
  const whole = [say('one'), ask('a'), tell('a'), say('two')].map((line, index) => {
    pieces.add({ at: index + 1, text: JSON.stringify(line) });
    return pieces.whole;
  });
  expect(whole).toEqual([false, false, true, false]);
});
