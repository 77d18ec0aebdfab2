/** What a link would lead to: what is written through it later in the same command changes that, under another name. */
import { dirname } from 'node:path';
import { operandsOf } from '../commands/operands.ts';
import type { SimpleCommand, Word } from '../shell.ts';

/** `isFolder` answers for a path as it is written in the command. */
export function linkSources(command: SimpleCommand, name: string, isFolder: (path: string) => boolean): Word[] {
  const options = command.words.slice(1).map((word) => word.text);
  const has = (pattern: RegExp) => options.some((text) => pattern.test(text));
  const symbolic = has(/^(-[a-zA-Z]*s[a-zA-Z]*|--s[a-z-]*)$/);
  const links =
    name === 'ln' || name === 'link' || (name === 'cp' && (symbolic || has(/^(-[a-zA-Z]*l[a-zA-Z]*|--l.*)$/)));
  if (!links) return [];
  const operands = operandsOf(command);
  const at = options.findIndex((text) => /^(-[a-zA-Z]*t|--target-directory)$/.test(text));
  const folder = at >= 0 ? command.words[at + 2] : undefined;
  const sources = folder
    ? operands.filter((word) => word !== folder)
    : operands.length > 1
      ? operands.slice(0, -1)
      : operands;
  const target = folder ?? (operands.length > 1 ? operands.at(-1) : undefined);
  // A hard link is made to what the words name; a symbolic one says where to go from the folder it lies in.
  if (!symbolic || target === undefined) return sources;
  const base = folder || target.text.endsWith('/') || isFolder(target.text) ? target.text : dirname(target.text);
  return sources.map((word) =>
    word.text.startsWith('/') ? word : { text: `${base}/${word.text}`, literal: word.literal && target.literal },
  );
}
