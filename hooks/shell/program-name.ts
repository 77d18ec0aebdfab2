import type { Word } from './command.ts';

/** The name a program is called by, without its folder: `git` for `/usr/bin/git`; empty where there is no word. */
export function programName(word: Pick<Word, 'text'> | undefined): string {
  return (word?.text ?? '').replace(/^.*\//s, '');
}
