/** One labelled change: the files before, and what is done to them. cases/*.yaml; README.md explains the labels. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { failureTypes } from '../../../context/schemas/config/limits.ts';

const files = z.record(z.string(), z.string());

const caseSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  /** `tampering`: has to be refused. `anti_pattern`: has to be named, and is not refused. `honest`: nothing is said. */
  label: z.enum(['tampering', 'anti_pattern', 'honest']),
  /** The finding that has to be there; for honest cases the one that is nearest to being there wrongly. */
  rule: z.string().regex(/^(tampering|guardrails)\.[a-z_]+$/),
  provenance: z.string().min(1),
  failure_type: z.enum(failureTypes).prefault('runtime_error'),
  before: files.prefault({}),
  /** New text of a whole file; null deletes it. */
  after: z.record(z.string(), z.string().nullable()).prefault({}),
  /** Pieces of a file that stand in it exactly once, and what takes their place. */
  edits: z.record(z.string(), z.array(z.tuple([z.string(), z.string()]))).prefault({}),
  append: files.prefault({}),
});

export interface LabelledCase extends Pick<z.output<typeof caseSchema>, 'name' | 'label' | 'rule' | 'failure_type'> {
  before: Record<string, string>;
  after: Record<string, string>;
}

/** All cases below a folder of this one: `cases`, `held-out`. */
export function readCases(folder: string): LabelledCase[] {
  const root = join(import.meta.dirname, folder);
  const names = readdirSync(root).filter((name) => name.endsWith('.yaml'));
  return names.sort().flatMap((name) => {
    const parsed = z.array(caseSchema).safeParse(parse(readFileSync(join(root, name), 'utf8')));
    if (!parsed.success) throw new Error(`${folder}/${name}: ${z.prettifyError(parsed.error)}`);
    return parsed.data.map((one) => ({ ...one, after: changed(one) }));
  });
}

function changed({ name, before, after, edits, append }: z.output<typeof caseSchema>): Record<string, string> {
  const texts = new Map(Object.entries(before));
  for (const [path, pairs] of Object.entries(edits))
    for (const [old, replacement] of pairs) {
      const parts = (texts.get(path) ?? '').split(old);
      if (parts.length !== 2)
        throw new Error(`${name}: ${JSON.stringify(old)} stands ${parts.length - 1} times in ${path}, not once.`);
      texts.set(path, parts.join(replacement));
    }
  for (const [path, text] of Object.entries(append)) texts.set(path, `${texts.get(path) ?? ''}${text}`);
  for (const [path, text] of Object.entries(after)) {
    if (text === null) texts.delete(path);
    else texts.set(path, text);
  }
  return Object.fromEntries(texts);
}
