import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteArgument, readShellLine } from '../../../gate/runner/shell-line.ts';

/** What the real shell makes of a line: one word per entry. */
function shellWords(line: string): string[] | null {
  const script = `set -- ${line}\nfor word do printf '%s\\0' "$word"; done`;
  const { status, stdout } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: {}, cwd: '/' });
  return status === 0 ? stdout.split('\0').slice(0, -1) : null;
}

describe('readShellLine', () => {
  it('splits a plain line exactly as the shell does', () => {
    const piece = fc.constantFrom(
      'a',
      'b-c',
      '--x=1',
      ' ',
      '  ',
      '\t',
      "'",
      '"',
      '=',
      '/',
      'ä',
      '.',
      ':',
      '@',
      '%',
      '1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const line = pieces.join('').trim();
        const read = readShellLine(line);
        fc.pre(read.needsShell === null && line !== '');
        expect(read.commands[0] ?? []).toEqual(shellWords(line));
      }),
      { numRuns: 60 },
    );
  });

  it('never calls a line plain that the shell would not take word for word', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      "'",
      '"',
      '$A',
      '`',
      '\\',
      '*',
      '?',
      '[a]',
      '~',
      '#',
      ';',
      '&',
      '|',
      '<',
      '>',
      '(',
      ')',
      '{a,b}',
      '\n',
      '!',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const line = `x${pieces.join('')}`;
        const { commands, needsShell } = readShellLine(line);
        if (needsShell === null) expect([line, shellWords(line)]).toEqual([line, commands[0]]);
      }),
      { numRuns: 150 },
    );
  });

  it('finds the simple commands and what stands between them', () => {
    const read = readShellLine(`A=1 lint --fix && cd 'a b' ; mocha "x > y" 2>&1 | tee out.txt || true`);
    expect(read.commands).toEqual([
      ['A=1', 'lint', '--fix'],
      ['cd', 'a b'],
      ['mocha', 'x > y'],
      ['tee', 'out.txt'],
      ['true'],
    ]);
    expect(read.operators).toEqual(['&&', ';', '|', '||']);
  });

  it.each([
    ['vitest run', true],
    ['vitest run > out.txt', true],
    ['vitest run &', false],
    ['vitest run;', false],
    ['(cd a && vitest)', false],
    ['vitest # all', false],
    ['vitest "open', false],
    ['', false],
  ])('%j can be appended to: %s', (line, appendable) => {
    expect(readShellLine(line).appendable).toBe(appendable);
  });

  it('quotes any argument so that the shell hands it on unchanged', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('\0')),
        (text) => {
          expect(shellWords(quoteArgument(text))).toEqual([text]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
