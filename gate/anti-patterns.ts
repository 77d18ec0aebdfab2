/**
 * Check 5: a fix repeats nothing that was already learned to be wrong: the anti-patterns of past incidents, matched against
 * the lines it adds (a structural rule against the code that they make), and diffs that were refused, rejected or rolled
 * back before.
 */
import type { PastIncident } from '../context/schemas/incidents.ts';
import { addedCode, type BlobText } from './anti-patterns/added-code.ts';
import type { Classify } from './change-kind.ts';
import type { Change, LineChanges } from './changes.ts';
import { type JudgedCheck, type JudgedFinding, judge } from './judged-finding.ts';
import { entryLine } from './lift.ts';
import { lineSimilarity } from './line-similarity.ts';

/** A diff that did not last. */
export interface RefusedDiff {
  incident: string;
  /** What became of it, such as "rejected by a person: wrong place". */
  reason: string;
  /** Unified diff. */
  diff: string;
}

export interface AntiPatternsInput {
  /** Of the base's law, those in force. */
  incidents: readonly PastIncident[];
  changes: readonly Change[];
  lines: LineChanges;
  textOf: BlobText;
  /** The whole fix as a unified diff. */
  diff: string;
  /** What a file is, here and in the refused diffs. */
  classify: Classify;
  refusedDiffs: readonly RefusedDiff[];
}

/** More alike than this counts as the same diff again. */
const TOO_ALIKE = 0.85;
/** Added lines of one file that a pattern is tried on. */
const LONGEST = 256 * 1024;

export async function checkAntiPatterns(input: AntiPatternsInput): Promise<JudgedCheck> {
  const findings: JudgedFinding[] = [];
  for (const incident of input.incidents) findings.push(...(await repeated(incident, input)));
  return judge([...findings, ...refusedBefore(input)]);
}

async function repeated(incident: PastIncident, input: AntiPatternsInput): Promise<JudgedFinding[]> {
  const match = incident.anti_pattern?.match;
  if (!match) return []; // prose: shown with the context, never counted
  const { language, rule } = match;
  const source = input.changes.filter(({ kind }) => kind === 'source');
  if (language === undefined || rule === undefined)
    return source.flatMap(({ path }) => inAddedLines(match.regex ?? '', path, input.lines, incident));
  const found = await addedCode({ language, rule }, source, input.lines, input.textOf);
  return found.status === 'found'
    ? found.places.map(({ path, line }) =>
        repeatedAt(incident, `The code that is added in ${path} repeats`, path, line),
      )
    : [notMatched(incident, found.message, found.next)];
}

function inAddedLines(source: string, path: string, lines: LineChanges, incident: PastIncident): JudgedFinding[] {
  const added = lines.added.filter((line) => line.path === path);
  const text = added.map((line) => line.text).join('\n');
  const found = new RegExp(source, 'm').exec(text.slice(0, LONGEST));
  if (!found) return [];
  const at = added[text.slice(0, found.index).split('\n').length - 1];
  return [repeatedAt(incident, `The added lines of ${path} repeat`, path, at?.line)];
}

function repeatedAt(incident: PastIncident, what: string, path: string, line: number | undefined): JudgedFinding {
  const { id, lesson, anti_pattern: pattern } = incident;
  return {
    severity: 'fail',
    code: 'anti_patterns.repeated',
    message: `${what} the anti-pattern of ${id}: ${pattern?.description}.`,
    file: path,
    ...(line === undefined ? {} : { line }),
    next:
      lesson === ''
        ? `Solve it another way; see ${id} with search_incidents.`
        : `Solve it another way. The lesson of ${id}: ${lesson}`,
    lift: entryLine(id, incident.origin, 'proposed', true),
  };
}

/** Nothing was proven, and the fix is not to blame: a person decides. */
function notMatched({ id, origin }: PastIncident, message: string, next: string | undefined): JudgedFinding {
  return {
    severity: 'ask',
    code: 'anti_patterns.not_matched',
    message: `The anti-pattern of ${id} was not matched: ${message}.`,
    file: origin.path,
    line: origin.line,
    next: next ?? 'Hold the change against it yourself; the rule is for a person to correct.',
  };
}

function refusedBefore({ diff, refusedDiffs, classify }: AntiPatternsInput): JudgedFinding[] {
  // The same reproduction and the same lesson may come with another fix: it is the source that did not last.
  const lasting = (path: string) => classify(path) !== 'test' && classify(path) !== 'context';
  const sourceOf = (text: string) => changedLinesOf(text, lasting);
  const own = sourceOf(diff);
  if (own.length === 0) return [];
  return refusedDiffs.flatMap(({ incident, reason, diff: other }): JudgedFinding[] => {
    const ratio = lineSimilarity(own, sourceOf(other));
    if (ratio <= TOO_ALIKE) return [];
    return [
      {
        severity: 'fail',
        code: 'anti_patterns.refused_before',
        message: `This is ${Math.round(ratio * 100)} % the same as a fix of ${incident} that did not last: ${reason}.`,
        next: 'Solve it another way, or hand over and say why this one is right now; no setting lifts this.',
      },
    ];
  });
}

/** Changed lines of the wanted files without their indentation, each with its sign; headers, context and blank lines left out. */
function changedLinesOf(diff: string, isWanted: (path: string) => boolean): string[] {
  let inHunk = false;
  let wanted = true;
  return diff.split('\n').flatMap((line) => {
    if (line.startsWith('diff --git ')) {
      inHunk = false;
      wanted = isWanted(pathOf(line));
    } else if (line.startsWith('@@')) inHunk = true;
    const content = line.slice(1).trim();
    return wanted && inHunk && /^[+-]/.test(line) && content !== '' ? [`${line[0]}${content}`] : [];
  });
}

/** `diff --git a/src/a.js b/src/a.js` → `src/a.js`: without renames both halves are the same. */
function pathOf(header: string): string {
  const names = header.slice('diff --git '.length).replaceAll('"', '');
  return names.slice((names.length + 1) / 2).replace(/^b\//, '');
}
