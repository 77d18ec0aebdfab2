/**
 * Machine edits of the documents that people own: one entry is added or changed, everything else in the file stays
 * byte for byte, and nothing outside `.self-healing/` is ever written. Edits of several processes follow one another, and
 * what a person saves meanwhile is taken as the text to edit.
 */
import { join } from 'node:path';
import { ConfigurationError, UserError } from '../events/errors.ts';
import { check, dotted } from './document/issues.ts';
import { problemText } from './document/problem.ts';
import { parseTree } from './document/tree.ts';
import { parseDocument } from './document.ts';
import { withEditLock } from './edit/edit-lock.ts';
import { type JsonObject, spliceEntry } from './edit/splice.ts';
import { type Layer, type Target, targetOf } from './edit/target.ts';
import { writeOver } from './edit/write-over.ts';
import { type BaseLaw, readAdditions } from './law/additions.ts';
import { composeLaw, type Layers } from './law/compose.ts';
import { folderLawFiles, type LawFiles } from './law/files.ts';

export interface EntryEdit {
  /** Checkout whose `.self-healing/` is edited. */
  folder: string;
  layer: Layer;
  /**
   * As it would stand in the YAML (snake_case); a scenario may carry `module` and `files` as well. A scenario without an id
   * gets the next one.
   */
  entry: object;
  /** Scenarios: names the file. */
  module?: string | undefined;
  /** Scenarios: globs of a file that is created. */
  files?: readonly string[] | undefined;
  /** Stands above an entry that is added: where it comes from, or what a person should look at. */
  comment?: string | undefined;
  /** False: everything is judged, nothing written. */
  write?: boolean;
  /** The law of which nothing may be changed: of a fix its base, else what it is at the moment of the edit. */
  base?: BaseLaw | ((now: Layers) => BaseLaw) | undefined;
}

export interface EditedEntry {
  /** Relative to the repository. */
  path: string;
  /** 1-based line of the entry. */
  line: number;
  /** True when it was added, false when it was updated. */
  created: boolean;
}

/** Somebody else saved the file while an edit of it was made: so often it is made again. */
const MOST_TRIES = 20;

function refuseInvalid({ entry, entrySchema }: Target): void {
  const checked = check(entrySchema, entry);
  if (checked.ok) return;
  const faults = checked.issues.map(({ path, message }) =>
    [dotted(path), message].filter((part) => part !== '').join(': '),
  );
  throw new UserError(`The entry is not valid:\n${faults.join('\n')}`, 'Correct it and try again.');
}

async function refuseAgainstLaw(base: BaseLaw, files: LawFiles, path: string, text: string): Promise<void> {
  const read = async (asked: string) => (asked === path ? text : files.get(asked));
  const { violations } = await readAdditions(base, { paths: [...new Set([...files.keys(), path])], read });
  const own = violations.filter(({ file }) => file === path);
  if (own.length === 0) return;
  throw new UserError(own.map(({ message }) => message).join('\n'), 'Add an entry of its own instead.', 'not_allowed');
}

/**
 * Adds one entry, or sets the given keys of the one with the same id (an edge: the same ends; a risk: the same files);
 * keys that are not given keep their value. Throws UserError when the entry is not valid or not allowed, and
 * ConfigurationError when the file has errors or is written in a way that cannot be changed in place.
 */
export function addOrUpdateEntry(edit: EntryEdit): Promise<EditedEntry> {
  return withEditLock(edit.folder, async () => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { path, before, text, ...edited } = await prepare(edit);
      if (edit.write === false || writeOver(join(edit.folder, path), before, text) === 'written')
        return { path, ...edited };
    }
    throw new UserError(
      'The file is being saved by somebody else again and again, so nothing was written.',
      'Try again in a moment.',
      'failed',
    );
  });
}

interface Prepared extends EditedEntry {
  /** What the new text was made from; undefined: there is no file yet. */
  before: Buffer | undefined;
  text: string;
}

async function prepare({ folder, base: given, ...edit }: EntryEdit): Promise<Prepared> {
  const files = await folderLawFiles(folder);
  const base = typeof given === 'function' ? given(composeLaw(files)) : given;
  const entry = JSON.parse(JSON.stringify(edit.entry)) as JsonObject;
  const target = targetOf({ ...edit, entry, taken: base?.scenarios ?? [] }, files);
  const { path, list } = target;
  const bytes = files.get(path);
  const source = bytes?.toString('utf8') ?? target.header;
  if (bytes && !Buffer.from(source, 'utf8').equals(bytes))
    throw new ConfigurationError(`${path} is not UTF-8 text.`, 'Save it as UTF-8 and try again.');

  const before = parseDocument(source, path, target.fileSchema);
  if (!before.ok)
    throw new ConfigurationError(
      problemText(before.problems),
      'Correct the file first; it is not changed while it has errors.',
    );
  const spliced = spliceEntry(source, list, target.entry, target.isSame, edit.comment);
  if (!spliced.ok) {
    const tree = parseTree(source);
    const { line, column } = tree.placeOf(spliced.offset);
    throw new ConfigurationError(`${path}:${line}:${column}: ${spliced.reason}.`, 'Add the entry there by hand.');
  }
  if (spliced.created) refuseInvalid(target);
  const after = parseDocument(spliced.text, path, target.fileSchema);
  if (!after.ok)
    throw new UserError(`The entry would not be valid:\n${problemText(after.problems)}`, 'Correct it and try again.');
  if (base) await refuseAgainstLaw(base, files, path, spliced.text);
  const { line } = after.placeOf([list, spliced.index]);
  return { path, line, created: spliced.created, before: bytes, text: spliced.text };
}

export type { Layer } from './edit/target.ts';
