/** Globs and paths that nothing in the repository matches; those in the head of a scenario file count once. */
import { matches } from '../path-rules.ts';
import type { Origin } from '../schemas/fields.ts';
import { executableCheck } from '../schemas/invariants.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

interface Named {
  what: string;
  glob: string;
  at: Origin;
  /** What happened in a file stays true when it is gone. */
  history?: boolean;
}

export function deadPaths(subject: Subject): LintFinding[] {
  const { paths } = subject.project;
  const known = new Set(paths);
  const seen = new Set<string>();
  const alive = new Map<string, boolean>();
  const isAlive = (glob: string) => {
    const told = alive.get(glob) ?? (known.has(glob) || paths.some((path) => matches([glob], path)));
    alive.set(glob, told);
    return told;
  };
  return named(subject).flatMap(({ what, glob, at, history }) => {
    const key = [at.path, at.line, at.column, glob].join('\0');
    if (seen.has(key) || isAlive(glob)) return [];
    seen.add(key);
    const message = `${what} names ${glob}, which matches no file.`;
    return [finding(at, 'dead_path', message, history ? { severity: 'warning' } : {})];
  });
}

function named({ law, places }: Subject): Named[] {
  const { value, inHead } = places;
  const listed = (what: string, entry: Origin, globs: readonly string[], ...path: PropertyKey[]): Named[] =>
    globs.map((glob, index) => ({ what, glob, at: value(entry, ...path, index) }));
  return [
    ...law.scenarios.flatMap(({ origin, files, module }) =>
      files.map((glob) => ({ what: `The module ${module}`, glob, at: inHead(origin, glob) })),
    ),
    ...law.scenarios.flatMap(({ origin, id, call }) =>
      call ? [{ what: `Scenario ${id}`, glob: call.module, at: value(origin, 'call', 'module') }] : [],
    ),
    ...law.invariants.flatMap((invariant) => {
      const { id, origin, files } = invariant;
      const { paths = [], exports } = executableCheck(invariant)?.unchanged ?? {};
      const at = ['check', 'unchanged'];
      return [
        ...listed(`Invariant ${id}`, origin, files, 'files'),
        ...listed(`Invariant ${id}`, origin, paths, ...at, 'paths'),
        ...(exports === undefined
          ? []
          : [{ what: `Invariant ${id}`, glob: exports, at: value(origin, ...at, 'exports') }]),
      ];
    }),
    ...law.impactMap.edges.flatMap(({ origin, from, to }) => [
      { what: 'The edge', glob: from, at: value(origin, 'from') },
      { what: 'The edge', glob: to, at: value(origin, 'to') },
    ]),
    ...law.impactMap.risk.flatMap(({ origin, files }) => listed('The risk', origin, files, 'files')),
    ...law.incidents.flatMap(({ origin, id, files }) =>
      listed(`Incident ${id}`, origin, files, 'files').map((one) => ({ ...one, history: true })),
    ),
  ];
}
