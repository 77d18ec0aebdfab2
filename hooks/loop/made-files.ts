/** What the edits of a run made of its files, as far as their words tell. Plain JSON of bounded size. */
import { posix } from 'node:path';
import { digest } from '../trace/digest.ts';
import { pathOf } from '../trace/file-tools.ts';
import type { ToolCall } from '../trace/happening.ts';
import { normalInput } from '../trace/normal-input.ts';
import { contentOf, edited, type NetEdits, UNTOUCHED, written } from './net-edits.ts';
import { readShellEdit, type ShellEdit } from './shell-edits.ts';

type Files = [path: string, file: NetEdits][];

export interface MadeFiles {
  now: Files;
  /** What `git stash` set aside. */
  stashed: Files;
}

export interface FileChange {
  path: string;
  /** Contents in digests; empty for the original one. */
  before: string;
  after: string;
  /** The file has more lines than before. */
  grows: boolean;
}

/** Of more files the first ones can no longer be taken back. */
const MAX_FILES = 40;

export function noFiles(): MadeFiles {
  return { now: [], stashed: [] };
}

/** What the call changed; null when its words do not tell. */
export function moveFiles(files: MadeFiles, call: ToolCall): FileChange[] | null {
  const { command } = call.input;
  if (call.tool === 'Bash') {
    const edit = call.outcome === 'ok' && typeof command === 'string' ? readShellEdit(command) : null;
    return edit && runShellEdit(files, edit, call.cwd);
  }
  const path = inFolder(pathOf(call), call.cwd);
  const next = path === '' ? null : editedBy(call, fileAt(files, path));
  if (next === null) return null;
  return call.outcome === 'ok' ? [put(files, path, next, growsBy(call.input))] : [];
}

function runShellEdit(files: MadeFiles, edit: ShellEdit, cwd: string | null): FileChange[] | null {
  switch (edit.does) {
    case 'substitute': {
      const path = inFolder(edit.path, cwd);
      return [put(files, path, edited(fileAt(files, path), edit.from, edit.to), false)];
    }
    case 'restore': {
      const paths =
        edit.paths === 'all' ? files.now.map(([path]) => path) : edit.paths.map((path) => inFolder(path, cwd));
      const known = paths.flatMap(
        (path) => files.now.find(([name]) => name === path || endsLike(name, path))?.[0] ?? [],
      );
      return known.length === 0 ? null : known.map((path) => put(files, path, UNTOUCHED, false));
    }
    case 'stash':
      if (files.now.length === 0) return null;
      files.stashed = files.now;
      return files.now.map(([path]) => put(files, path, UNTOUCHED, false));
    case 'unstash':
      if (files.stashed.length === 0) return null;
      return files.stashed.splice(0).map(([path, file]) => put(files, path, file, false));
    default:
      return edit satisfies never;
  }
}

/** An absolute path that was edited, and the relative one that git was given, where the folder is not known. */
function endsLike(absolute: string, relative: string): boolean {
  return !relative.startsWith('/') && absolute.endsWith(`/${relative}`);
}

function put(files: MadeFiles, path: string, file: NetEdits, grows: boolean): FileChange {
  const before = contentOf(fileAt(files, path));
  const others = files.now.filter(([known]) => known !== path);
  const after = contentOf(file);
  files.now = (after === '' ? others : [...others, [path, file] satisfies Files[number]]).slice(-MAX_FILES);
  return { path, before, after, grows };
}

function fileAt(files: MadeFiles, path: string): NetEdits {
  return files.now.find(([known]) => known === path)?.[1] ?? UNTOUCHED;
}

function inFolder(path: string, cwd: string | null): string {
  return path === '' || cwd === null ? path : posix.resolve(cwd, path);
}

function editedBy({ tool, input }: ToolCall, file: NetEdits): NetEdits | null {
  if (tool === 'Write') return written(text(input.content));
  if (tool === 'Edit') return edited(file, text(input.old_string), text(input.new_string));
  if (tool === 'NotebookEdit') return { base: `+${digest(normalInput(tool, input, null))}`, edits: [] };
  if (tool !== 'MultiEdit' || !Array.isArray(input.edits)) return null;
  return input.edits.reduce<NetEdits>((now, edit: unknown) => {
    const { old_string, new_string } = Object(edit) as Record<string, unknown>;
    return edited(now, text(old_string), text(new_string));
  }, file);
}

function growsBy({ old_string, new_string, content }: Record<string, unknown>): boolean {
  return lines(text(new_string ?? content)) > lines(text(old_string));
}

function lines(value: string): number {
  return value.split('\n').length;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
