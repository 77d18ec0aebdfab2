/** The report of a hand-over: what a person decides and why, on one screen; below it every attempt and the best patch. */
import { blockingChecks, CHECK_NAMES, CHECK_TITLES, type Verification } from '../../../gate/verification.ts';
import { INCIDENT_TRAILER, incidentTrailer } from '../commit.ts';
import { assemble, type Block, type ReportSize, SIZE } from './blocks.ts';
import { changesTable } from './change-lines.ts';
import { checkBlocks } from './check-section.ts';
import type { ReportFacts } from './facts.ts';
import { incidentBlocks } from './incident-lines.ts';
import { place } from './place.ts';
import { planBlocks } from './plan-lines.ts';
import { code, fence, inert, oneLine, prose, shellWord } from './quote.ts';
import { costLines, triedLines, warningsBlock } from './tried-lines.ts';

export interface EscalationFacts extends ReportFacts {
  /** Who hands over: `agent`, `heal`. */
  by: string;
  failureMode: string | undefined;
  reason: string;
  needs: string;
  attempts: number;
  /** Unified diff against the base, redacted; empty when nothing was changed. */
  patch: string;
  /** Where the whole patch was saved. */
  saved: string | undefined;
  /** The local branch that holds the best patch. */
  draft: string | undefined;
}

/** A file on the machine that healed: roomy, and bounded all the same. */
const SHOWN: ReportSize = { ...SIZE.body, room: SIZE.file.room, words: 4000, items: 40 };
const PATCH_LIMIT = 20_000;
/** Of the cause on the first screen; all of it stands below. */
const CAUSE = 300;

export function escalationReport(facts: EscalationFacts): string {
  const { record, verification } = facts;
  const tried = triedLines(facts, SHOWN, { costs: true });
  const blocks: Block[] = [
    ...(facts.guarded ? [] : [{ text: 'guards: not observed' }]),
    { text: `# ${record.incident} needs a person` },
    { text: happened(facts) },
    { text: '## Decide' },
    { text: prose(facts.needs || '(nothing was named)', SHOWN.words), spare: 'what is needed' },
    { text: fence(nextCommands(facts), 4000, 'sh') },
    { text: '## Why it stopped' },
    { text: stopped(facts) },
    { text: prose(facts.reason || '(no reason was given)', SHOWN.words), spare: 'the reason' },
    { text: soFar(facts) },
    { text: '## Incident' },
    ...incidentBlocks(facts, SHOWN),
    { text: '## Attempts' },
    ...costLines(facts).map((text) => ({ text })),
    { text: tried.join('\n') || 'No attempt came as far as a verdict.', spare: 'the attempts' },
    ...planBlocks(facts, SHOWN),
    { text: '## How far it came' },
    { text: bestLine(facts) },
    ...(verification ? checkBlocks(verification, facts, SHOWN, { steps: true }) : []),
    ...warningsBlock(facts, SHOWN),
    { text: '## The change so far' },
    ...patchBlocks(facts),
    { text: `${INCIDENT_TRAILER}: ${incidentTrailer(record.incident, record.round)}` },
  ];
  return assemble(blocks, record.incident, 'file');
}

/** The error in one line: what, where, how often, how bad. */
function happened({ record, event, chain }: EscalationFacts): string {
  const thrown = chain.frames.at(-1);
  const at = thrown ?? (event.file === undefined ? undefined : { file: event.file, line: event.line });
  const where = [
    at && `in ${place(at.file, at.line)}`,
    event.endpoint && `on ${code(event.endpoint, 120)}`,
    record.service && `in service ${code(record.service, 80)}`,
  ].filter(Boolean);
  const seen = record.count === 1 ? 'seen once' : `seen ${record.count} times`;
  return `**What happened:** ${[code(record.error, 200), ...where].join(' ')}: severity ${record.severity}, ${seen}.`;
}

const ENDS: Record<string, string> = {
  transient: 'The API did not answer, however often it was asked',
  silence: 'The agent went silent',
  crash: "The agent's process crashed",
  partial: 'The agent ended before the work was done',
  loop: 'The agent went in circles',
  drift: 'The agent left the scope of the diagnosis',
  verification: 'No attempt passed the gate',
  refused: 'It was refused, which ends a run for good',
  low_confidence: 'The diagnosis is not certain enough to change code by it',
  budget: 'The money or the turns for it were used up',
  cancelled: 'It was cancelled',
};

function stopped({ failureMode, by, attempts, record }: EscalationFacts): string {
  const end = failureMode === undefined ? undefined : ENDS[failureMode];
  const what = end ?? (by === 'agent' ? 'The agent handed it over by itself' : 'It was not to be fixed by itself');
  const mode = failureMode === undefined ? '' : ` (${code(failureMode, 40)})`;
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return `${what}${mode}. Handed over by ${code(by)} in round ${record.round} after ${tries}:`;
}

/** Cause, best verdict and best patch, one line each. */
function soFar({ diagnosis, verification, draft, changes, patch }: EscalationFacts): string {
  const cause = diagnosis
    ? `${inert(oneLine(diagnosis.root_cause, CAUSE))} (the agent's words, its own confidence ${diagnosis.confidence.toFixed(2)})`
    : 'not found.';
  const sources = changes.filter(({ kind }) => kind === 'source');
  const lines = sources.reduce((sum, { added, removed }) => sum + added + removed, 0);
  const size = `${lines} ${lines === 1 ? 'line' : 'lines'} in ${sources.length} source ${sources.length === 1 ? 'file' : 'files'}`;
  const where =
    draft === undefined ? 'shown below; no branch was made of it' : `branch ${code(draft)}, only on this machine`;
  return [
    `- **Cause:** ${cause}`,
    `- **Best verdict:** ${verification ? verdictLine(verification) : 'none; nothing was verified.'}`,
    `- **Best patch:** ${patch.trim() === '' ? 'none; nothing was changed.' : `${size}, ${where}.`}`,
  ].join('\n');
}

function verdictLine(verification: Verification): string {
  const open = blockingChecks(verification);
  const passed = `${CHECK_NAMES.length - open.length} of ${CHECK_NAMES.length} checks let it pass`;
  return `**${verification.verdict}**: ${open.length === 0 ? `${passed}.` : `${passed}; open: ${open.map((name) => CHECK_TITLES[name]).join(', ')}.`}`;
}

function bestLine({ verification, base, tried }: EscalationFacts): string {
  if (!verification) return `Nothing was verified; the base is \`${base.commit}\`.`;
  const verdicts = tried.reduce((sum, { judged }) => sum + judged.length, 0);
  return `The best verdict of ${verdicts} was **${verification.verdict}** for tree \`${verification.tree}\` on base \`${base.commit}\`.`;
}

/** As they are typed in the root of the repository. */
function nextCommands(facts: EscalationFacts): string {
  const { incident } = facts.record;
  return [
    ...takeOver(facts),
    '# once what is needed is there, let it try again in a new round:',
    `self-healing retry ${incident}`,
    `self-healing heal ${incident}`,
    '# it is not to be fixed:',
    `self-healing cancel ${incident}`,
  ].join('\n');
}

function takeOver({ record: { incident }, base, verification, patch, saved, draft }: EscalationFacts): string[] {
  if (patch.trim() === '') return [];
  if (draft !== undefined)
    return [
      '# look at the best patch so far:',
      `git diff ${base.commit.slice(0, 12)} ${draft}`,
      '# finish it by hand, on the base it was made for:',
      `git switch -c fix/${incident} ${draft}`,
    ];
  const apply = verification
    ? `git diff-tree -p --binary ${base.commit} ${verification.tree} | git apply`
    : saved && `git apply ${shellWord(saved)}`;
  if (!apply) return [];
  return [
    '# finish the best patch by hand, on the base it was made for:',
    `git switch -c fix/${incident} ${base.commit}`,
    apply,
  ];
}

function patchBlocks({ patch, saved, changes, verification }: EscalationFacts): Block[] {
  if (patch.trim() === '') return [{ text: 'Nothing was changed.' }];
  const shown = patch.length > PATCH_LIMIT ? `${patch.slice(0, PATCH_LIMIT)}\n` : patch;
  const left = patch.length - PATCH_LIMIT;
  const isProven = verification?.verdict === 'pass';
  const state = isProven ? 'Proven, and not published.' : 'Not proven; do not apply it unread.';
  const kept = saved ? [`As the worktree was left, it is saved in ${code(saved, 400)}.`] : [];
  return [
    { text: `${state} ${verification ? 'Of the best verdict:' : 'As it was left:'}` },
    ...(changes.length > 0 ? [{ text: changesTable(changes, SHOWN), spare: 'the changed files' }] : []),
    { text: fence(shown, Number.POSITIVE_INFINITY, 'diff'), spare: 'the patch' },
    ...(left > 0 ? [{ text: `${left} more characters are left out here.` }] : []),
    ...kept.map((text) => ({ text })),
  ];
}
