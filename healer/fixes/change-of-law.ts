/** How a line of `.self-healing/` becomes law for the next attempt: a fix is judged by what stands on its base. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILE } from '../../context/law/files.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

/** A sentence for the person: what to write, where, and what to type then. */
export function changeOfLaw(bench: Workbench, fix: OpenFix, line: string, then: string): string {
  const exists = fix.law.source === 'commit' || existsSync(join(bench.repository.root, CONFIG_FILE));
  return `${writeIt(fix, `\`${line}\`${exists ? '' : ' (a new file)'}`)}, then run \`${then}\`.`;
}

/** `Write it, commit it on main`: what is not committed yet counts as it is on disk. */
export function writeIt({ law, base }: Pick<OpenFix, 'law' | 'base'>, what = 'it'): string {
  return `Write ${what}${law.source === 'commit' ? `, commit it on ${base.branch ?? 'the base'}` : ''}`;
}
