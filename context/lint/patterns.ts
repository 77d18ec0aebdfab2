/**
 * Patterns of invariants and anti-patterns, tried on the files as they are on disk, in the way the gate tries them on a
 * tree: whether they can be read, whether they are about any file, and whether the code keeps them today.
 */
import { LAW_FOLDER } from '../law/files.ts';
import { matches } from '../path-rules.ts';
import type { Origin } from '../schemas/fields.ts';
import { executableCheck } from '../schemas/invariants.ts';
import { openSearch } from '../structure/search.ts';
import { finding, type LintFinding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Larger files are not source that a person wrote; the gate leaves them out, too. */
const LARGEST = 2 * 1024 * 1024;

const NAME_FILES = 'It finds the text of the living context itself: say in `files` what it is about.';

interface Pattern {
  /** `Invariant INV-001`, `The anti-pattern of INC-1` */
  of: string;
  at: Origin;
  /** Where `files` is written. */
  filesAt: Origin;
  regex?: string | undefined;
  language?: string | undefined;
  rule?: string | Record<string, unknown> | undefined;
  /** Missing for an anti-pattern: only what a fix adds is held against it. */
  must?: 'match' | 'not_match' | undefined;
  files: readonly string[];
}

interface Search {
  title?: string;
  covers(path: string): boolean;
  /** The 1-based line of the first match. */
  first(path: string, text: string): number | undefined;
}

interface Trial {
  pattern: Pattern;
  search: Search;
  named: Set<string>;
  searched: string[];
  holding: string[];
  first?: { path: string; line: number };
}

export async function patternFaults(subject: Subject): Promise<LintFinding[]> {
  const findings: LintFinding[] = [];
  const trials: Trial[] = [];
  const { paths } = subject.project;
  for (const pattern of patternsOf(subject)) {
    const opened = searchOf(pattern);
    if ('fault' in opened) {
      findings.push(opened.fault);
      continue;
    }
    const named = paths.filter((path) => pattern.files.length === 0 || matches(pattern.files, path));
    const covered = named.filter(opened.search.covers);
    // Globs that match nothing at all are dead paths, and told as such.
    if (covered.length > 0) {
      const trial = { pattern, search: opened.search, named: new Set(covered), searched: [], holding: [] };
      if (pattern.must !== undefined) trials.push(trial);
    } else if (opened.search.title !== undefined && (named.length > 0 || pattern.files.length === 0)) {
      const where = pattern.files.length === 0 ? 'The repository holds' : `${pattern.files.join(', ')} names`;
      const message = `${pattern.of} is about ${opened.search.title}. ${where} no file of it.`;
      findings.push(finding(pattern.filesAt, 'no_files', message));
    }
  }
  await search(trials, subject);
  return [...findings, ...trials.flatMap(told)];
}

function patternsOf({ law, places }: Subject): Pattern[] {
  const { value } = places;
  return [
    ...law.invariants.flatMap((invariant): Pattern[] => {
      const { regex, language, rule, must } = executableCheck(invariant)?.pattern ?? {};
      if (must === undefined) return [];
      const { id, origin, files } = invariant;
      const at = value(origin, 'check', 'pattern', regex === undefined ? 'rule' : 'regex');
      const filesAt = value(origin, 'files');
      return [{ of: `Invariant ${id}`, at, filesAt, regex, language, rule, must, files }];
    }),
    ...law.incidents.flatMap(({ id, origin, anti_pattern: pattern }): Pattern[] => {
      if (pattern?.match === undefined) return [];
      const { regex, language, rule } = pattern.match;
      const at = value(origin, 'anti_pattern', 'match', regex === undefined ? 'rule' : 'regex');
      const filesAt = value(origin, 'anti_pattern', 'match', 'language');
      return [{ of: `The anti-pattern of ${id}`, at, filesAt, regex, language, rule, files: [] }];
    }),
  ];
}

function searchOf({ of, at, regex, language, rule }: Pattern): { search: Search } | { fault: LintFinding } {
  if (language === undefined || rule === undefined) {
    const expression = new RegExp(regex ?? '', 'm');
    return { search: { covers: () => true, first: (_path, text) => lineOf(expression.exec(text), text) } };
  }
  const opened = openSearch({ language, rule });
  switch (opened.status) {
    case 'invalid':
      return { fault: finding(at, 'invalid_rule', `${of}: ${opened.message}.`) };
    case 'not_ready': {
      const message = `${of} was not tried. ${opened.message} ${opened.next}`;
      return { fault: finding(at, 'not_checked', message, { fix: opened.next }) };
    }
    case 'ready': {
      const { title, covers, find } = opened.search;
      return { search: { title, covers, first: (path, text) => find(path, text)[0]?.line } };
    }
    default:
      return opened satisfies never;
  }
}

function lineOf(match: RegExpExecArray | null, text: string): number | undefined {
  return match ? text.slice(0, match.index).split('\n').length : undefined;
}

/** Every file is read once, whatever the number of patterns. */
async function search(trials: readonly Trial[], { project }: Subject): Promise<void> {
  for (const path of project.paths) {
    const about = trials.filter(({ named }) => named.has(path));
    if (about.length === 0) continue;
    const text = await project.read(path);
    if (text === undefined || text.length > LARGEST || text.includes('\0')) continue;
    for (const trial of about) {
      trial.searched.push(path);
      const line = trial.search.first(path, text);
      if (line === undefined) continue;
      trial.holding.push(path);
      trial.first ??= { path, line };
    }
  }
}

function told({ pattern, searched, holding, first }: Trial): LintFinding[] {
  const { of, at, must, files } = pattern;
  if (must === 'not_match') {
    if (!first) return [];
    const more = holding.length > 1 ? `, and ${count(holding.length - 1, 'more file')}` : '';
    const message = `${of} fails today: it is found at ${first.path}:${first.line}${more}.`;
    const isItself = holding.every((path) => path.startsWith(`${LAW_FOLDER}/`));
    return [finding(at, 'already_fails', message, isItself ? { fix: NAME_FILES } : {})];
  }
  if (searched.length === 0) return [];
  if (holding.length === 0) {
    const none =
      searched.length === 1
        ? 'the one file it is about does not hold'
        : `none of the ${searched.length} files it is about holds`;
    return [finding(at, 'never_matches', `${of} wants code that ${none}.`)];
  }
  const lacking = searched.filter((path) => !holding.includes(path));
  if (files.length === 0 || lacking.length === 0) return [];
  const shown = lacking.slice(0, 3).join(', ');
  const more = lacking.length > 3 ? ` and ${lacking.length - 3} more` : '';
  return [finding(at, 'already_fails', `${of} fails today: it is not found in ${shown}${more}.`)];
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
