/** Where a key or a value of an entry was written: a finding is about that, and an editor puts the cursor there. */
import { z } from 'zod';
import { parseDocument } from '../document.ts';
import type { LawFiles } from '../law/files.ts';
import type { Origin } from '../schemas/fields.ts';

/** `path` leads from an entry to one of its values; where that is not written, the deepest value above it counts. */
export interface Places {
  value(entry: Origin, ...path: PropertyKey[]): Origin;
  key(entry: Origin, ...path: PropertyKey[]): Origin;
  /** The glob or path in the head of a scenario file: there `files` and `file` are one list. */
  inHead(entry: Origin, glob: string): Origin;
}

interface Document {
  placeOf: (path: readonly PropertyKey[], atKey?: boolean) => { line: number; column: number };
  value: Record<string, unknown>;
  /** Path to each entry by the place where it begins. */
  entries: Map<string, PropertyKey[]>;
}

export function openPlaces(files: LawFiles): Places {
  const documents = new Map<string, Document | undefined>();
  const documentOf = (path: string): Document | undefined => {
    if (!documents.has(path)) documents.set(path, read(path, files.get(path)));
    return documents.get(path);
  };
  const within = (entry: Origin, path: PropertyKey[], atKey: boolean): Origin => {
    const document = documentOf(entry.path);
    const above = document?.entries.get(`${entry.line}:${entry.column}`);
    return document && above ? { path: entry.path, ...document.placeOf([...above, ...path], atKey) } : entry;
  };
  return {
    value: (entry, ...path) => within(entry, path, false),
    key: (entry, ...path) => within(entry, path, true),
    inHead(entry, glob) {
      const document = documentOf(entry.path);
      const at = document && headPath(document.value, glob);
      return document && at ? { path: entry.path, ...document.placeOf(at) } : entry;
    },
  };
}

function read(path: string, bytes: Buffer | undefined): Document | undefined {
  const parsed = bytes && parseDocument(bytes.toString('utf8'), path, z.record(z.string(), z.unknown()));
  if (!parsed?.ok) return undefined;
  const { placeOf, value } = parsed;
  const entries = new Map<string, PropertyKey[]>();
  for (const [list, items] of Object.entries(value))
    for (const index of Array.isArray(items) ? items.keys() : []) {
      const { line, column } = placeOf([list, index]);
      entries.set(`${line}:${column}`, [list, index]);
    }
  return { placeOf, value, entries };
}

function headPath({ files, file }: Record<string, unknown>, glob: string): PropertyKey[] | undefined {
  for (const [key, value] of Object.entries({ files, file })) {
    if (value === glob) return [key];
    const index = Array.isArray(value) ? value.indexOf(glob) : -1;
    if (index >= 0) return [key, index];
  }
  return undefined;
}
