/** Shell scripts that a command would run from a file: the text, and how strictly it is read. */
import { isAbsolute, join } from 'node:path';
import { knownOutput } from '../shell/output.ts';
import type { SimpleCommand, Word } from '../shell.ts';
import type { Script } from '../wrappers.ts';
import type { CommandFiles } from './policy.ts';

export type ScriptText =
  /** Not a shell script, or not there: code like any other, which the gate judges. */
  | { kind: 'other' }
  /** `written`: its text stands in the same command, or it lies outside the worktree: read as strictly as the command. */
  | { kind: 'text'; text: string; strict: boolean }
  | { kind: 'unknown'; file: string };

/** Files that the command itself has written so far; null: with a text that is only known when it runs. */
export class WrittenFiles {
  private readonly texts = new Map<string, string | null>();

  note(command: SimpleCommand, name: string, targets: readonly Word[]): void {
    if (name === 'chmod') return;
    for (const target of targets) {
      const path = target.literal ? placed(target.text, command.folder) : undefined;
      if (path === undefined) continue;
      const appends = command.redirects.some((one) => one.target === target && one.operator.endsWith('>>'));
      const before = appends ? (this.texts.get(path) ?? '') : '';
      const text = textFor(command, name);
      this.texts.set(path, text === null || before === null ? null : before + text);
    }
  }

  get(path: string): string | null | undefined {
    return this.texts.get(path);
  }
}

function textFor(command: SimpleCommand, name: string): string | null {
  if (/^(cat|tee)$/.test(name)) return command.stdinUnknown ? null : (command.stdin ?? null);
  return knownOutput({ ...command, redirects: [] }, {}, undefined);
}

export function scriptText(script: Script, written: WrittenFiles, files: CommandFiles, worktree: string): ScriptText {
  const path = placed(script.file.text, script.folder);
  if (path === undefined) return { kind: script.direct ? 'other' : 'unknown', file: script.file.text };
  const own = written.get(path);
  if (own === null) return { kind: 'unknown', file: script.file.text };
  const text = own ?? files.read(path);
  if (text === undefined) return { kind: 'other' };
  const start = /^#!.*/.exec(text)?.[0];
  const shell = start ? /\b(ba|da|z|k|a)?sh\b/.test(start) : true;
  if (!shell || (script.direct && !start && own === undefined)) return { kind: 'other' };
  // What `activate` does is known: it only puts the environment's programs first.
  if (/(^|\/)\.?v?env\/bin\/activate$/.test(path)) return { kind: 'other' };
  return { kind: 'text', text, strict: own !== undefined || !path.startsWith(`${worktree}/`) };
}

function placed(text: string, folder: string | null | undefined): string | undefined {
  const path = isAbsolute(text) ? text : folder === null ? undefined : folder ? `${folder}/${text}` : text;
  return path === undefined ? undefined : join(path);
}
