/** `.self-healing/reports/<incident>.md` of the main checkout: written whole, and never through a link. */
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../../context/repository.ts';
import { UserError } from '../../../events/errors.ts';

/** Relative to the repository. */
export function reportPath(incident: string): string {
  return `.self-healing/reports/${incident}.md`;
}

/** Answers with `reportPath`. */
export async function writeReport(repository: Repository, incident: string, text: string): Promise<string> {
  const folder = join(repository.root, '.self-healing', 'reports');
  await mkdir(folder, { recursive: true });
  for (const path of [join(repository.root, '.self-healing'), folder])
    if (!(await lstat(path)).isDirectory())
      throw new UserError(`${path} is not a folder.`, 'Replace the link or file by a folder and try again.', 'failed');
  const file = join(folder, `${incident}.md`);
  const fresh = `${file}.${process.pid}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, withoutOwnPaths(repository, text), { flag: 'wx' });
  await rename(fresh, file);
  return reportPath(incident);
}

/** Outputs name files in the gate's own checkout, somewhere below a person's home: what is left is the path in the repository. */
export function withoutOwnPaths({ home }: Repository, text: string): string {
  const own = home.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?:file://)?${own}/checkout/[0-9a-f]+/tree/`, 'g'), '');
}
