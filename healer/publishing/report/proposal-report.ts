/**
 * The report of a proposal: the body of its pull request and `.self-healing/reports/<incident>.md`. Plan, Do, Check, Act,
 * generated from what was recorded; every foreign text in it is quoted, an agent's words are marked as such (laws 7, 12).
 */
import { INCIDENT_TRAILER, incidentTrailer } from '../commit.ts';
import { actBlocks, decisions } from './act-lines.ts';
import { assemble, type Block, type Detail, type ReportSize, SIZE } from './blocks.ts';
import { changeBlocks, whyHere } from './change-lines.ts';
import { checkBlocks } from './check-section.ts';
import { provenTimes } from './evidence-tables.ts';
import type { ReportFacts } from './facts.ts';
import { incidentBlocks } from './incident-lines.ts';
import { planBlocks } from './plan-lines.ts';
import { code, inert, oneLine, prose } from './quote.ts';
import { relatedBlock } from './related-lines.ts';
import { rerunBlock } from './rerun-lines.ts';
import { costLines, passedAtOnce, triedLines, warningsBlock } from './tried-lines.ts';

export interface ProposalFacts extends ReportFacts {
  branch: string;
  commit: string;
  /** The agent's words. */
  title: string;
  summary: string;
  /** The lesson that the fix adds to the incident memory, if it does. */
  lesson: string | undefined;
}

/** At most 60,000 characters as a `body`; a `file` has a title of its own and keeps what had no room in the body. */
export function proposalReport(facts: ProposalFacts, detail: Detail = 'body'): string {
  const { record, verification } = facts;
  const size = SIZE[detail];
  const blocks: Block[] = [
    ...(facts.guarded ? [] : [{ text: 'guards: not observed' }]),
    ...(detail === 'file' ? [{ text: `# ${inert(oneLine(facts.title, 120)) || `Fix ${record.incident}`}` }] : []),
    { text: atAGlance(facts) },
    { text: '## Plan' },
    ...incidentBlocks(facts, size),
    { text: '## Do' },
    ...doBlocks(facts, size),
    { text: '## Check' },
    { text: verdictLine(facts) },
    ...(verification ? checkBlocks(verification, facts, size, { steps: false }) : []),
    ...rerunBlock(facts),
    ...relatedBlock(facts, size),
    ...warningsBlock(facts, size),
    { text: '## Act' },
    ...actBlocks(facts, size),
    { text: `${INCIDENT_TRAILER}: ${incidentTrailer(record.incident, record.round)}` },
  ];
  return assemble(blocks, record.incident, detail);
}

/** What somebody reads who reads one line. */
function atAGlance(facts: ProposalFacts): string {
  const { verification, changes } = facts;
  const source = changes.filter(({ kind }) => kind === 'source');
  const lines = `+${sum(source.map(({ added }) => added))} −${sum(source.map(({ removed }) => removed))}`;
  const size = `${lines} in ${source.length} source ${source.length === 1 ? 'file' : 'files'}`;
  const times = provenTimes(verification?.checks.reproduction.evidence ?? []);
  const proven =
    times === undefined
      ? ''
      : ` The test that reproduces the error failed ${times}× without the change, passed ${times}× with it, and failed ${times}× with it taken back.`;
  const open = decisions(facts).length;
  const asks =
    open > 0 ? ` **${open === 1 ? 'One point is' : `${open} points are`} for a person to decide: see Act.**` : '';
  return `Gate: **${verification?.verdict ?? 'nothing was verified'}**, ${size}.${proven}${asks}`;
}

function doBlocks(facts: ProposalFacts, size: ReportSize): Block[] {
  const to = facts.base.branch ? ` for ${code(facts.base.branch)}` : '';
  const why = whyHere(facts);
  const kept = size === SIZE.file;
  const tried = triedLines(facts, size, { costs: kept });
  const atOnce = passedAtOnce(facts);
  return [
    { text: '**What changed and why here**, in the words of the agent that made it:' },
    { text: prose(facts.summary || '(no summary was given)', size.words), spare: "the agent's summary" },
    ...changeBlocks(facts, size),
    ...(why === '' ? [] : [{ text: `**Why here**, by stack and import graph: ${why}` }]),
    atOnce
      ? { text: '**What else was tried:** nothing; the first attempt passed.' }
      : {
          text: `**What else was tried:**\n\n${tried.join('\n') || '- nothing was recorded.'}`,
          spare: 'what else was tried',
        },
    ...planBlocks(facts, size),
    ...(kept ? costLines(facts).map((text) => ({ text })) : []),
    { text: `One commit, \`${facts.commit}\`, on \`${facts.branch}\`${to}.` },
  ];
}

function verdictLine({ verification, base }: ProposalFacts): string {
  if (!verification) return 'Nothing was verified.';
  return `Verdict **${verification.verdict}** for tree \`${verification.tree}\` on base \`${base.commit}\`, judged by the base's rules.`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
