/**
 * The law that a fix is judged by (config, scenarios, invariants, impact map, incidents), read from the base commit.
 * What is on disk has no say as soon as the law is committed.
 */
import { ConfigurationError } from '../events/errors.ts';
import { filesOfCommit, filesOfFolder, type ProjectFiles } from './detect/project-files.ts';
import { type Detection, detect } from './detect.ts';
import { problemText } from './document/problem.ts';
import { composeLaw, type Layers } from './law/compose.ts';
import { committedLawFiles, folderLawFiles, type LawFiles } from './law/files.ts';
import type { Repository } from './repository.ts';

export interface Law extends Layers {
  /** `commit`: the base's own; `working_copy`: not committed yet, as it was when read; `defaults`: nothing is written. */
  source: 'commit' | 'working_copy' | 'defaults';
  /** How the project was understood; its test command stands in where `tests.command` says nothing. */
  detection: Detection;
}

async function lawOf(files: LawFiles, source: 'commit' | 'working_copy', project: ProjectFiles): Promise<Law> {
  const layers = composeLaw(files);
  const detection = await detect(project);
  const tests = { ...layers.config.tests, command: layers.config.tests.command || detection.testCommand };
  return {
    ...layers,
    config: { ...layers.config, tests },
    source: files.size === 0 ? 'defaults' : source,
    detection,
  };
}

/**
 * The law of a base commit; where that commit holds none, of the main checkout as it is on disk now (keep the result:
 * it must not be read again during a fix); where there is none either, the defaults.
 * Throws ConfigurationError that lists every problem: a gate never guesses.
 */
export async function readLaw(repository: Repository, { commit }: { commit: string }): Promise<Law> {
  const committed = await committedLawFiles(repository.root, commit);
  const files = committed.size > 0 ? committed : await folderLawFiles(repository.root);
  const project = await filesOfCommit(repository.root, commit);
  const law = await lawOf(files, committed.size > 0 ? 'commit' : 'working_copy', project);
  if (law.problems.length === 0) return law;
  const place = law.source === 'commit' ? `commit ${commit.slice(0, 12)}` : 'the working copy';
  throw new ConfigurationError(
    `.self-healing/ of ${place} has errors:\n${problemText(law.problems)}`,
    'Correct them (`self-healing context lint` shows them) and try again.',
  );
}

/** The law as a checkout has it on disk, for showing and linting: its problems are data. */
export async function readWorkingLaw(folder: string): Promise<Law> {
  return (await readWorkingFiles(folder)).law;
}

/** The same, with the very bytes that it was read from. */
export async function readWorkingFiles(folder: string): Promise<{ law: Law; files: LawFiles }> {
  const files = await folderLawFiles(folder);
  return { files, law: await lawOf(files, 'working_copy', await filesOfFolder(folder)) };
}

export { type Additions, readAdditions, type Violation } from './law/additions.ts';
export { inForce } from './law/compose.ts';
export { isLawFile } from './law/files.ts';
