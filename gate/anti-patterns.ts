/**
 * Check 5: a fix repeats nothing that was already learned to be wrong: the anti-patterns of past incidents, matched against
 * the lines it adds, and diffs that were refused, rejected or rolled back before.
 */
import type { PastIncident } from '../context/schemas/incidents.ts';
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
  /** The whole fix as a unified diff. */
  diff: string;
  refusedDiffs: readonly RefusedDiff[];
}

/** More alike than this counts as the same diff again. */
const TOO_ALIKE = 0.85;
/** Added lines of one file that a pattern is tried on. */
const LONGEST = 256 * 1024;

export function checkAntiPatterns(input: AntiPatternsInput): JudgedCheck {
  const findings = input.incidents.flatMap((incident) => repeated(incident, input));
  return judge([...findings, ...refusedBefore(input)]);
}

function repeated(incident: PastIncident, { changes, lines }: AntiPatternsInput): JudgedFinding[] {
  const { id, anti_pattern: pattern, lesson } = incident;
  if (!pattern?.match) return []; // prose: shown with the context, never counted
  if (pattern.match.regex === undefined)
    return [
      {
        severity: 'warn',
        code: 'anti_patterns.not_supported',
        message: `The anti-pattern of ${id} is a structural rule, which is not supported yet; nothing was matched.`,
        file: incident.origin.path,
        line: incident.origin.line,
        next: 'Hold the change against it yourself; a regex under match would be matched.',
      },
    ];
  const regex = new RegExp(pattern.match.regex, 'm');
  const source = changes.filter(({ kind }) => kind === 'source');
  return source.flatMap(({ path }): JudgedFinding[] => {
    const added = lines.added.filter((line) => line.path === path);
    const text = added.map((line) => line.text).join('\n');
    const found = regex.exec(text.slice(0, LONGEST));
    if (!found) return [];
    const at = added[text.slice(0, found.index).split('\n').length - 1];
    return [
      {
        severity: 'fail',
        code: 'anti_patterns.repeated',
        message: `The added lines of ${path} repeat the anti-pattern of ${id}: ${pattern.description}.`,
        file: path,
        ...(at ? { line: at.line } : {}),
        next:
          lesson === ''
            ? `Solve it another way; see ${id} with search_incidents.`
            : `Solve it another way. The lesson of ${id}: ${lesson}`,
        lift: entryLine(id, incident.origin, 'proposed', true),
      },
    ];
  });
}

function refusedBefore({ diff, refusedDiffs }: AntiPatternsInput): JudgedFinding[] {
  const own = changedLinesOf(diff);
  if (own.length === 0) return [];
  return refusedDiffs.flatMap(({ incident, reason, diff: other }): JudgedFinding[] => {
    const ratio = lineSimilarity(own, changedLinesOf(other));
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

/** Changed lines without their indentation, each with its sign; headers, context and blank lines left out. */
function changedLinesOf(diff: string): string[] {
  let inHunk = false;
  return diff.split('\n').flatMap((line) => {
    if (line.startsWith('diff --git ')) inHunk = false;
    else if (line.startsWith('@@')) inHunk = true;
    const content = line.slice(1).trim();
    return inHunk && /^[+-]/.test(line) && content !== '' ? [`${line[0]}${content}`] : [];
  });
}
