/** A section at the end of a report that is there, put in the place of an earlier one of the same title. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../../context/repository.ts';
import { reportPath, writeReport } from './file.ts';

/** Nothing where there is no report. */
export async function putSection(
  repository: Repository,
  incident: string,
  { title, lines }: { title: string; lines: readonly string[] },
): Promise<void> {
  const report = await readFile(join(repository.root, reportPath(incident)), 'utf8').catch(() => undefined);
  if (report === undefined) return;
  const head = `\n<!-- ${title} -->\n`;
  const [before = ''] = report.split(head);
  await writeReport(repository, incident, `${before.trimEnd()}\n${head}## ${title}\n\n${lines.join('\n')}\n`);
}
