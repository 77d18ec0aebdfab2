/** How a line of `.self-healing/` becomes law for the next attempt: a fix is judged by what stands on its base. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILE } from '../../context/law/files.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';

/** A sentence for the person: what to write, where, and what to type then. */
export function changeOfLaw(bench: Workbench, fix: OpenFix, line: string, then: string): string {
  const { source } = fix.law;
  const committed = source === 'commit' ? `, commit it on ${fix.base.branch ?? 'the base'}` : '';
  const exists = source === 'commit' || existsSync(join(bench.repository.root, CONFIG_FILE));
  return `Write \`${line}\`${exists ? '' : ' (a new file)'}${committed}, then run \`${then}\`.`;
}
