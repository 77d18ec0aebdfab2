/** Entries that say the same twice, that cannot both hold, or that change nothing beside another one. */
import { matches } from '../path-rules.ts';
import type { Origin } from '../schemas/fields.ts';
import { RISK_LEVELS } from '../schemas/impact-map.ts';
import { executableCheck, type Invariant } from '../schemas/invariants.ts';
import type { Scenario } from '../schemas/scenarios.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

export function contradictions(subject: Subject): LintFinding[] {
  return [...ofScenarios(subject), ...ofInvariants(subject), ...ofEdges(subject), ...ofRisks(subject)];
}

/** Pairs each entry with the first one of the same key. */
function* twins<E>(entries: readonly E[], keyOf: (entry: E) => string | undefined): Generator<[first: E, second: E]> {
  const first = new Map<string, E>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key === undefined) continue;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, entry);
    else yield [earlier, entry];
  }
}

const at = ({ path, line }: Origin) => `${path}:${line}`;

function ofScenarios({ law, places }: Subject): LintFinding[] {
  return [...twins(law.scenarios, questionOf)].map(([first, second]) => {
    const key = second.test_command !== undefined ? 'test_command' : second.call ? 'call' : 'http';
    const place = places.value(second.origin, key);
    if (key !== 'test_command' && outcomeOf(first) !== outcomeOf(second)) {
      const message = `Scenario ${second.id} expects another outcome of what ${first.id} (${at(first.origin)}) runs, too.`;
      return finding(places.value(second.origin, 'expected'), 'contradiction', message);
    }
    return finding(
      place,
      'duplicate_entry',
      `Scenario ${second.id} runs what ${first.id} (${at(first.origin)}) runs already.`,
    );
  });
}

/** What is run, without what comes out of it. */
function questionOf({ kind, test_command, call, http, rows, input }: Scenario): string | undefined {
  if (test_command !== undefined) return JSON.stringify([kind, test_command.trim().replace(/\s+/g, ' ')]);
  if (call === undefined && http === undefined) return undefined;
  return stable({ call, http, rows: rows?.map((row) => row.input), input });
}

function outcomeOf({ rows, expected }: Scenario): string {
  return stable({ rows: rows?.map((row) => row.expected), expected });
}

function ofInvariants(subject: Subject): LintFinding[] {
  const { law, places } = subject;
  const ruleKey = ({ rule, files }: Invariant) => `${rule.trim().toLowerCase()}\0${[...files].sort().join('\0')}`;
  const checkKey = (invariant: Invariant) => {
    const check = executableCheck(invariant);
    return check && `${stable(check)}\0${[...invariant.files].sort().join('\0')}`;
  };
  const seen = new Set<Invariant>();
  const repeated = [
    ...[...twins(law.invariants, ruleKey)].map((pair) => ({ pair, key: 'rule' })),
    ...[...twins(law.invariants, checkKey)].map((pair) => ({ pair, key: 'check' })),
  ].flatMap(({ pair: [first, second], key }) => {
    if (seen.has(second)) return [];
    seen.add(second);
    if (first.severity !== second.severity) {
      const message = `Invariant ${second.id} is ${second.severity}, and the same ${key} is ${first.severity} as ${first.id} (${at(first.origin)}).`;
      return [finding(places.value(second.origin, 'severity'), 'contradiction', message)];
    }
    const message = `Invariant ${second.id} has the ${key} of ${first.id} (${at(first.origin)}) for the same files.`;
    return [finding(places.value(second.origin, key), 'duplicate_entry', message)];
  });
  return [...repeated, ...opposites(subject)];
}

/** The same pattern that must match and must not, in one file. */
function opposites({ law, places, project }: Subject): LintFinding[] {
  const byPattern = new Map<string, Invariant[]>();
  for (const invariant of law.invariants) {
    const { language, rule, regex } = executableCheck(invariant)?.pattern ?? {};
    if (regex === undefined && rule === undefined) continue;
    const key = stable({ language, rule, regex });
    byPattern.set(key, [...(byPattern.get(key) ?? []), invariant]);
  }
  const mustOf = (invariant: Invariant) => executableCheck(invariant)?.pattern?.must;
  const isAbout = ({ files }: Invariant, path: string) => files.length === 0 || matches(files, path);
  return [...byPattern.values()].flatMap((same) =>
    same.flatMap((second, index) => {
      const first = same.slice(0, index).find((other) => {
        if (mustOf(other) === mustOf(second)) return false;
        // `match` without files wants it in any one file: only what is forbidden in all files stands against it.
        const wants = mustOf(other) === 'match' ? other : second;
        const forbids = wants === other ? second : other;
        if (wants.files.length === 0) return forbids.files.length === 0;
        return project.paths.some((path) => isAbout(other, path) && isAbout(second, path));
      });
      if (!first) return [];
      const message = `Invariant ${second.id} contradicts ${first.id} (${at(first.origin)}): the same pattern must match and must not.`;
      return [finding(places.value(second.origin, 'check', 'pattern', 'must'), 'contradiction', message)];
    }),
  );
}

function ofEdges({ law, places }: Subject): LintFinding[] {
  const { edges } = law.impactMap;
  const twice = [...twins(edges, ({ from, to }) => `${from}\0${to}`)].map(([first, second]) =>
    finding(
      second.origin,
      'duplicate_entry',
      `The edge ${second.from} → ${second.to} is written at ${at(first.origin)} already.`,
    ),
  );
  const circles = edges
    .filter(({ from, to }) => from === to)
    .map(({ origin, from }) =>
      finding(places.value(origin, 'to'), 'no_effect', `The edge leads from ${from} to itself.`),
    );
  return [...twice, ...circles];
}

/** The highest level that names a file counts, so a lower one for the same files says nothing. */
function ofRisks({ law, places, project }: Subject): LintFinding[] {
  const { risk } = law.impactMap;
  const key = ({ files }: { files: readonly string[] }) => [...files].sort().join('\0');
  const twice = [...twins(risk, key)].map(([first, second]) => {
    const where = `${second.files.join(', ')} at ${at(first.origin)}`;
    return first.level === second.level
      ? finding(second.origin, 'duplicate_entry', `The risk ${second.level} is written for ${where} already.`)
      : finding(
          places.value(second.origin, 'level'),
          'contradiction',
          `The risk is ${second.level} here and ${first.level} for ${where}.`,
        );
  });
  const covered = risk.flatMap((low) => {
    const mine = project.paths.filter((path) => matches(low.files, path));
    const over = risk.find(
      (other) =>
        key(other) !== key(low) &&
        RISK_LEVELS.indexOf(other.level) > RISK_LEVELS.indexOf(low.level) &&
        mine.length > 0 &&
        mine.every((path) => matches(other.files, path)),
    );
    if (!over) return [];
    const message = `The risk ${low.level} has no effect: all of its files are ${over.level} by ${at(over.origin)}, and the highest level counts.`;
    return [finding(places.value(low.origin, 'level'), 'no_effect', message)];
  });
  return [...twice, ...covered];
}

/** JSON with its keys in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
