/** The lesson that a fix adds to the incident memory, read from the verified tree. */
import { composeLaw } from '../../../context/law/compose.ts';
import { committedLawFiles } from '../../../context/law/files.ts';
import type { Repository } from '../../../context/repository.ts';

/** Undefined when the tree's `incidents.yaml` says nothing about the incident. */
export async function lessonOf(repository: Repository, tree: string, incident: string): Promise<string | undefined> {
  const { incidents } = composeLaw(await committedLawFiles(repository.root, tree));
  return incidents.find(({ id }) => id === incident)?.lesson;
}
