/** What the gate found: the six checks as a table, the runs that prove it, and what it found to say. */
import { redact } from '../../../events/redact.ts';
import { sandboxWords } from '../../../gate/runner/sandbox.ts';
import {
  CHECK_NAMES,
  CHECK_TITLES,
  type Check,
  type CheckName,
  type Finding,
  type Verification,
} from '../../../gate/verification.ts';
import { type Block, firstOf, fitInto, folded, type ReportSize, SIZE } from './blocks.ts';
import { byCommand, commandCode, commandsTable, phasesTable, phasesWords } from './evidence-tables.ts';
import { excerpt } from './excerpt.ts';
import type { ReportFacts } from './facts.ts';
import { place, someFiles } from './place.ts';
import { cell, code, fence, inert, oneLine } from './quote.ts';

/** What is known besides the verdict; nothing of it where a change is judged without an incident. */
export interface CheckContext extends Pick<ReportFacts, 'dependents' | 'reproductions'> {
  /** What the error says; the output before the fix is shown around it. */
  event?: Pick<ReportFacts['event'], 'type' | 'message'>;
}

const NO_CONTEXT: CheckContext = { dependents: undefined, reproductions: [] };

/** Findings that stand under a name of their own, with what they mean. */
const NAMED = new Set(['reproduction.weak', 'scenarios.already_failing', 'blast_radius.unreached']);

export function checkSection(verification: Verification): string {
  const blocks = checkBlocks(verification, NO_CONTEXT, SIZE.body, { steps: true });
  return fitInto(blocks, SIZE.body.room, 'The output of `verify --json` has it.');
}

export interface CheckOptions {
  /** With the next step of each finding; of no use where all of it passed. */
  steps: boolean;
}

export function checkBlocks(
  verification: Verification,
  context: CheckContext,
  size: ReportSize,
  { steps }: CheckOptions,
): Block[] {
  return [
    { text: checksTable(verification, context) },
    ...criteriaBlocks(verification),
    ...howItRan(verification),
    ...namedFindings(verification),
    ...reproductionBlocks(verification, context, size),
    ...scenarioRuns(verification, size),
    blastRadius(verification, context, size),
    ...otherFindings(verification, size, steps),
  ];
}

function checksTable({ checks }: Verification, context: CheckContext): string {
  const rows = CHECK_NAMES.map((name) => {
    const codes = [...new Set(checks[name].findings.map((finding) => finding.code))];
    const found = firstOf(
      codes,
      4,
      (one) => cell(one, 80),
      (left) => `${left} more`,
    ).join(', ');
    return `| ${CHECK_TITLES[name]} | **${checks[name].status}** | ${found || seen(name, checks[name], context)} |`;
  });
  return ['| Check | Result | What was seen |', '|---|---|---|', ...rows].join('\n');
}

function criteriaBlocks({ criteria }: Verification): Block[] {
  if (criteria === undefined) return [];
  const rows = criteria.map(({ id, met, found }) => {
    const first = oneLine(redact(found.split('\n')[0] ?? '', { ips: true }), 300);
    return `| ${cell(id, 80)} | ${met ? 'holds' : '**does not hold**'} | ${cell(first, 300)} |`;
  });
  return [{ text: ['| Success criterion | | What was found |', '|---|---|---|', ...rows].join('\n') }];
}

/** Of a check that found nothing. */
function seen(name: CheckName, { status, evidence }: Check, { dependents }: CheckContext): string {
  if (status === 'skipped') return 'not part of this verification';
  const commands = byCommand(evidence).length;
  switch (name) {
    case 'reproduction':
      return phasesWords(evidence);
    case 'scenarios':
      return commands === 0 ? 'none to run' : `${count(commands, 'command')}, case by case as on the base`;
    case 'invariants':
      return evidence.length === 0 ? 'nothing found' : `${count(evidence.length, 'run')}, nothing found`;
    case 'blast_radius':
      return dependents ? `${count(dependents.all.length, 'dependent')}, all reached` : 'every dependent reached';
    case 'guardrails':
    case 'anti_patterns':
      return 'nothing found';
    default:
      return name satisfies never;
  }
}

function howItRan({ sandbox }: Verification): Block[] {
  return sandbox === undefined ? [] : [{ text: `The checks ran ${sandboxWords(sandbox)}` }];
}

/** What a reviewer must not overlook, and what it means. */
function namedFindings(verification: Verification): Block[] {
  const blocks: Block[] = [];
  for (const { code: name, message } of findingsOf(verification).map(({ finding }) => finding)) {
    const said = inert(oneLine(message, 600));
    if (name === 'reproduction.weak')
      blocks.push({
        text: `**Weak reproduction.** ${said} The test is red before and green after, but not by the incident's own error: it shows that the change does what the test asks for, not that production stops failing.`,
        spare: 'what is weak about the reproduction',
      });
    if (name === 'scenarios.already_failing')
      blocks.push({
        text: `**Already failing on the base.** ${said} They are red with and without this change.`,
        spare: 'cases that already fail',
      });
  }
  return blocks;
}

/** Red on the base, green on the fix, red with the change taken back: one table for each command. */
function reproductionBlocks(
  { checks }: Verification,
  { reproductions, event }: CheckContext,
  size: ReportSize,
): Block[] {
  const { status, evidence } = checks.reproduction;
  if (evidence.length === 0) return status === 'skipped' ? [] : [{ text: '**Reproduction:** none was run.' }];
  const commands = byCommand(evidence);
  const tables = firstOf(
    commands,
    Math.min(5, size.items),
    ([command, runs]) => {
      const known = reproductions.find((one) => one.command === command);
      const named = known ? ` ${code(known.id, 40)}, ${inert(oneLine(known.name, 160))}` : '';
      return `**Reproduction**${named}, run by the product: ${commandCode(command)}\n\n${phasesTable(runs)}`;
    },
    (left) => `and ${left} more.`,
  );
  const wanted = event?.message.slice(0, 200).split('\n')[0]?.trim() ?? '';
  const output = (tail: string) => (size.tail > SIZE.body.tail ? tail : excerpt(tail, [wanted, event?.type ?? '']));
  const red = evidence.find((run) => run.at === 'base_tests' && run.tail.trim() !== '');
  return [
    { text: tables.join('\n\n'), spare: 'the runs of the reproduction' },
    ...(red
      ? [
          {
            text: folded('Red: the output before the fix', fence(output(red.tail), size.tail)),
            spare: 'the output before the fix',
          },
        ]
      : []),
  ];
}

/** What else was run, on the base and on the fix, and how many cases that was. */
function scenarioRuns({ checks }: Verification, size: ReportSize): Block[] {
  const commands = byCommand(checks.scenarios.evidence);
  if (commands.length === 0) return [];
  const left = commands.length - size.items;
  const table = commandsTable(commands.slice(0, size.items));
  return [
    {
      text: folded(
        `The scenarios: ${count(commands.length, 'command')}, each on the base and on the fix`,
        left > 0 ? `${table}\n\nand ${left} more.` : table,
      ),
      spare: 'the runs of the scenarios',
    },
  ];
}

function blastRadius({ checks }: Verification, { dependents }: CheckContext, size: ReportSize): Block {
  const { status, findings } = checks.blast_radius;
  const said = findings.slice(0, 3).map(({ message }) => inert(oneLine(message, 500)));
  if (status === 'skipped' && said.length === 0) return { text: '**Blast radius:** not computed.' };
  const all = dependents?.all ?? [];
  const who =
    all.length > 0
      ? `${count(all.length, 'file')} (tests apart) ${all.length === 1 ? 'depends' : 'depend'} on what changed: ${someFiles(all, Math.min(10, size.items))}.`
      : '';
  const none = dependents?.all.length === 0 ? 'no other file (tests apart) depends on what changed.' : '';
  const reached =
    said.length > 0
      ? said.join(' ')
      : none === ''
        ? 'Each that counts is reached by a scenario or a test that ran.'
        : '';
  return {
    text: `**Blast radius:** ${[who, none, reached].filter((part) => part !== '').join(' ')}`,
    spare: 'the blast radius',
  };
}

function otherFindings(verification: Verification, size: ReportSize, steps: boolean): Block[] {
  const all = findingsOf(verification).filter(({ finding }) => !NAMED.has(finding.code));
  if (all.length === 0) return [];
  const lines = firstOf(all, size.items, ({ name, finding }) => findingLine(name, finding, steps));
  return [
    {
      text: `**What the checks said:**\n\n${lines.join('\n')}`,
      spare: `${count(all.length, 'finding')}`,
    },
  ];
}

function findingLine(
  name: CheckName,
  { code: named, file, line, message, next, lift }: Finding,
  steps: boolean,
): string {
  const at = file === undefined || message.includes(file) ? '' : ` at ${place(file, line)}`;
  const then = steps && next !== '' ? ` *Next:* ${inert(oneLine(next, 300))}` : '';
  const lifted = steps && lift !== undefined ? ` *Only a person may lift it:* ${code(lift, 2000)}` : '';
  return `- ${CHECK_TITLES[name]}, ${code(named, 80)}${at}: ${inert(oneLine(message, 600))}${then}${lifted}`;
}

export function findingsOf({ checks }: Verification): { name: CheckName; finding: Finding }[] {
  return CHECK_NAMES.flatMap((name) => checks[name].findings.map((finding) => ({ name, finding })));
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
