/** Whatever the real bash runs for a text, the reader of shell text has listed before: a program that is not is one that nobody judges. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { programName } from '../../hooks/shell/program-name.ts';
import { readShell, type SimpleCommand, type Word } from '../../hooks/shell.ts';
import { Unwrapper } from '../../hooks/wrappers.ts';
import { realBash } from './differential/real-bash.ts';
import { shellText } from './differential/shell-texts.ts';

const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 400);
const bash = realBash();
afterAll(() => bash?.remove());

/** What the guard judges; undefined when it refuses the text as a whole. */
function listed(text: string, folder: string): SimpleCommand[] | undefined {
  const place = { folder };
  const reading = readShell(text, place);
  if (!reading.ok) return undefined;
  const unwrapper = new Unwrapper(place);
  const commands: SimpleCommand[] = [];
  for (const command of reading.commands) {
    const unwrapped = unwrapper.unwrap(command);
    if ('unreadable' in unwrapped) return undefined;
    commands.push(...unwrapped.commands);
  }
  return commands;
}

/** Words that are not known stand for any number of arguments. */
function covers(words: readonly Word[], ran: readonly string[]): boolean {
  const [word, ...rest] = words;
  if (word === undefined) return ran.length === 0;
  if (!word.literal) return ran.some((_, index) => covers(rest, ran.slice(index))) || covers(rest, []);
  return ran.length > 0 && word.text === ran[0] && covers(rest, ran.slice(1));
}

function isListed(commands: readonly SimpleCommand[], [program = '', ...args]: readonly string[]): boolean {
  return commands.some(({ words: [first, ...rest] }) => {
    if (first === undefined) return false;
    return programName(first) === program && covers(rest, args);
  });
}

describe.skipIf(bash === undefined)('the reader beside the real bash', () => {
  it('lists every program that runs, with its arguments', { timeout: 600_000 }, () => {
    if (bash === undefined) return;
    let readable = 0;
    let ran = 0;
    fc.assert(
      fc.property(shellText, (text) => {
        const commands = listed(text, bash.folder);
        // Denied, and so not worth a run: what cannot be read, and a program that is not known.
        if (commands === undefined || commands.some(({ words: [first] }) => first?.literal === false)) return;
        readable += 1;
        const missed = bash.run(text).filter((one) => {
          ran += 1;
          return !isListed(commands, one);
        });
        expect(missed, text).toEqual([]);
      }),
      { numRuns: RUNS, seed: Number(process.env.DIFFERENTIAL_SEED ?? 4) },
    );
    // The texts are worth something only while most are read and run something.
    expect(readable).toBeGreaterThan(RUNS * 0.15);
    expect(ran).toBeGreaterThan(RUNS * 0.1);
  });
});
