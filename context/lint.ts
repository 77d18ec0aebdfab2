/** What a person should know about the living context: errors, entries that nothing executes, and what is out of date. */
import { filesOfFolder } from './detect/project-files.ts';
import { LAW_FOLDER } from './law/files.ts';
import { inForce, isLawFile, type Law, readWorkingLaw } from './law.ts';
import { lintRules } from './lint/structural-rules.ts';
import { matches } from './path-rules.ts';
import { expectationFaults } from './schemas/expectation.ts';
import type { Origin } from './schemas/fields.ts';
import { executableCheck } from './schemas/invariants.ts';
import { isExecutable } from './schemas/scenarios.ts';

export interface LintFinding {
  /** Relative to the repository; line and column are 1-based. */
  file: string;
  line: number;
  column: number;
  /** The code of a problem in the file, or one of the names below. */
  code: string;
  message: string;
}

function finding({ path, line, column }: Origin, code: string, message: string): LintFinding {
  return { file: path, line, column, code, message };
}

/** Entries with globs or paths that nothing in the repository matches; globs of a scenario file count once. */
function deadPaths(law: Law, files: readonly string[]): LintFinding[] {
  const named: { origin: Origin; what: string; globs: readonly string[] }[] = [
    ...law.scenarios.map(({ origin, files: globs, module }) => ({ origin, what: `The module ${module}`, globs })),
    ...law.scenarios.map(({ origin, id, call }) => ({
      origin,
      what: `Scenario ${id}`,
      globs: call ? [call.module] : [],
    })),
    ...law.invariants.map((invariant) => ({
      origin: invariant.origin,
      what: `Invariant ${invariant.id}`,
      globs: [...invariant.files, ...unchangedPaths(invariant)],
    })),
    ...law.impactMap.edges.map(({ origin, from, to }) => ({ origin, what: 'The edge', globs: [from, to] })),
    ...law.impactMap.risk.map(({ origin, files: globs }) => ({ origin, what: 'The risk', globs })),
    ...law.incidents.map(({ origin, id, files: globs }) => ({ origin, what: `Incident ${id}`, globs })),
  ];
  const seen = new Set<string>();
  return named.flatMap(({ origin, what, globs }) =>
    globs.flatMap((glob) => {
      const key = [origin.path, what, glob].join('\0');
      if (seen.has(key) || files.some((path) => matches([glob], path))) return [];
      seen.add(key);
      return [finding(origin, 'dead_path', `${what} names ${glob}, which matches no file.`)];
    }),
  );
}

function unchangedPaths(invariant: Law['invariants'][number]): string[] {
  const { paths = [], exports } = executableCheck(invariant)?.unchanged ?? {};
  return exports === undefined ? paths : [...paths, exports];
}

function unproven(law: Law): LintFinding[] {
  const scenarios = law.scenarios
    .filter((scenario) => !isExecutable(scenario))
    .map(({ origin, id }) => {
      return finding(origin, 'unproven', `Scenario ${id} has no way to run. Add test_command, call or http.`);
    });
  const invariants = law.invariants
    .filter((invariant) => !executableCheck(invariant))
    .map(({ origin, id }) => {
      return finding(origin, 'unproven', `Invariant ${id} is prose. Add a check: command, pattern or unchanged.`);
    });
  return [...scenarios, ...invariants];
}

/** What is executed by a call or a request and could not fail, or cannot be judged. */
function withoutOutcome(law: Law): LintFinding[] {
  return law.scenarios.flatMap((scenario) =>
    expectationFaults(scenario).map((fault) =>
      finding(scenario.origin, 'no_outcome', `Scenario ${scenario.id} proves nothing: ${fault}.`),
    ),
  );
}

function incidentLinks(law: Law): LintFinding[] {
  const known = new Set(law.incidents.map(({ id }) => id));
  const unknown = law.scenarios.flatMap(({ origin, id, incident }) => {
    if (incident === undefined || known.has(incident)) return [];
    return [
      finding(origin, 'unknown_incident', `Scenario ${id} is about ${incident}, which incidents.yaml does not know.`),
    ];
  });
  const reproduced = law.scenarios.filter((scenario) => inForce(scenario) && isExecutable(scenario));
  const uncovered = law.incidents.flatMap(({ origin, id, files }) => {
    const covered = reproduced.some(({ incident, files: globs }) => {
      return incident === id || files.some((file) => matches(globs, file));
    });
    if (covered || files.length === 0) return [];
    return [finding(origin, 'no_scenario', `No scenario runs for ${files.join(', ')}, which broke in ${id}.`)];
  });
  return [...unknown, ...uncovered];
}

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
  const law = await readWorkingLaw(folder);
  const files = await filesOfFolder(folder);
  const { paths } = files;
  const rules = await lintRules(law, files);
  const findings = [
    ...law.problems,
    ...deadPaths(law, paths),
    ...unproven(law),
    ...withoutOutcome(law),
    ...incidentLinks(law),
    ...strays(paths),
    ...rules.map(({ rule, code, message }) => finding(rule.origin, code, message)),
  ];
  return findings.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}
