/** The report of a hand-over: what failed, what a person does now, every attempt, and the best patch there was. */
import { INCIDENT_TRAILER, incidentTrailer } from '../commit.ts';
import { assemble, type Block, type ReportSize, SIZE } from './blocks.ts';
import { changesTable } from './change-lines.ts';
import { checkBlocks } from './check-section.ts';
import type { ReportFacts } from './facts.ts';
import { incidentBlocks } from './incident-lines.ts';
import { code, fence, prose, shellWord } from './quote.ts';
import { triedLines, warningsBlock } from './tried-lines.ts';

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
}

/** A file on the machine that healed: roomy, and bounded all the same. */
const SHOWN: ReportSize = { ...SIZE.body, room: SIZE.file.room, words: 4000, items: 40 };
const PATCH_LIMIT = 20_000;

export function escalationReport(facts: EscalationFacts): string {
  const { record, verification } = facts;
  const mode = facts.failureMode ? `, failure mode \`${facts.failureMode}\`` : '';
  const tried = triedLines(facts, SHOWN);
  const blocks: Block[] = [
    ...(facts.guarded ? [] : [{ text: 'guards: not observed' }]),
    { text: `# ${record.incident} needs a person` },
    {
      text: `Handed over by ${code(facts.by)} in round ${record.round} after ${facts.attempts} ${facts.attempts === 1 ? 'attempt' : 'attempts'}${mode}.`,
    },
    { text: '**What failed:**' },
    { text: prose(facts.reason || '(no reason was given)', SHOWN.words), spare: 'the reason' },
    { text: '**What a person decides:**' },
    { text: prose(facts.needs || '(nothing was named)', SHOWN.words), spare: 'what is needed' },
    { text: '## What now' },
    { text: fence(nextCommands(facts), 4000, 'sh') },
    { text: '## Incident' },
    ...incidentBlocks(facts, SHOWN),
    { text: '## Attempts' },
    { text: tried.join('\n') || 'No attempt came as far as a verdict.', spare: 'the attempts' },
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

function bestLine({ verification, base, tried }: EscalationFacts): string {
  if (!verification) return `Nothing was verified; the base is \`${base.commit}\`.`;
  const verdicts = tried.reduce((sum, { judged }) => sum + judged.length, 0);
  return `The best verdict of ${verdicts} was **${verification.verdict}** for tree \`${verification.tree}\` on base \`${base.commit}\`.`;
}

/** As they are typed in the root of the repository. */
function nextCommands({ record, base, verification, patch, saved }: EscalationFacts): string {
  const { incident } = record;
  const apply = verification
    ? `git diff-tree -p --binary ${base.commit} ${verification.tree} | git apply`
    : saved && `git apply ${shellWord(saved)}`;
  const takeOver = [
    '# finish the best patch by hand, on the base it was made for:',
    `git switch -c fix/${incident} ${base.commit}`,
    ...(apply ? [apply] : []),
  ];
  return [
    ...(patch.trim() === '' || !apply ? [] : takeOver),
    '# once what is needed is there, let it try again in a new round:',
    `self-healing retry ${incident}`,
    `self-healing heal ${incident}`,
    '# it is not to be fixed:',
    `self-healing cancel ${incident}`,
  ].join('\n');
}

function patchBlocks({ patch, saved, changes, verification }: EscalationFacts): Block[] {
  if (patch.trim() === '') return [{ text: 'Nothing was changed.' }];
  const shown = patch.length > PATCH_LIMIT ? `${patch.slice(0, PATCH_LIMIT)}\n` : patch;
  const left = patch.length - PATCH_LIMIT;
  const kept = saved ? [`As the worktree was left, it is saved in ${code(saved, 400)}.`] : [];
  return [
    { text: `Not proven; do not apply it unread. ${verification ? 'Of the best verdict:' : 'As it was left:'}` },
    ...(changes.length > 0 ? [{ text: changesTable(changes, SHOWN), spare: 'the changed files' }] : []),
    { text: fence(shown, Number.POSITIVE_INFINITY, 'diff'), spare: 'the patch' },
    ...(left > 0 ? [{ text: `${left} more characters are left out here.` }] : []),
    ...kept.map((text) => ({ text })),
  ];
}
