/**
 * What a person should know about the living context: errors, entries that nothing executes or that cannot run, what is
 * out of date, and what contradicts. Nothing of what the documents declare is run: patterns are tried on the files, and
 * commands are read and not started (`scenarios run` and `verify` run them).
 */
import { filesOfFolder } from './detect/project-files.ts';
import { LAW_FOLDER } from './law/files.ts';
import { isLawFile, readWorkingFiles } from './law.ts';
import { callFaults } from './lint/calls.ts';
import { commandFaults } from './lint/commands.ts';
import { contradictions } from './lint/contradictions.ts';
import { deadPaths } from './lint/dead-paths.ts';
import { finding, type LintFinding } from './lint/finding.ts';
import { incidentLinks } from './lint/incident-links.ts';
import { patternFaults } from './lint/patterns.ts';
import { openPlaces } from './lint/places.ts';
import { missingProofs } from './lint/proofs.ts';
import type { Subject } from './lint/subject.ts';

/** YAML below `.self-healing/` under a name that is not read. */
function strays(files: readonly string[]): LintFinding[] {
  return files
    .filter((path) => path.startsWith(`${LAW_FOLDER}/`) && /\.ya?ml$/.test(path) && !isLawFile(path))
    .map((path) => {
      const message = `${path} is not read. Scenarios are .self-healing/scenarios/<module>.yaml.`;
      return finding({ path, line: 1, column: 1 }, 'not_read', message);
    });
}

/** The findings about a checkout as it is on disk, by file and line. */
export async function lint(folder: string): Promise<LintFinding[]> {
  const { law, files } = await readWorkingFiles(folder);
  const broken = new Set(law.problems.filter(({ code }) => code !== 'duplicate_id').map(({ file }) => file));
  const project = await filesOfFolder(folder);
  const subject: Subject = { law, project, places: openPlaces(files), broken };
  const problems = law.problems.map(({ file, line, column, code, message }) => {
    const entry = { path: file, line, column };
    return finding(code === 'duplicate_id' ? subject.places.value(entry, 'id') : entry, code, message);
  });
  const findings = [
    ...problems,
    ...deadPaths(subject),
    ...missingProofs(subject),
    ...incidentLinks(subject),
    ...strays(project.paths),
    ...contradictions(subject),
    ...(await commandFaults(subject)),
    ...(await callFaults(subject)),
    ...(await patternFaults(subject)),
  ];
  return findings.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

export type { LintFinding } from './lint/finding.ts';
