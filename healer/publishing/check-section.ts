/** What the gate found, as Markdown: the six checks as a table, the runs that prove it, and what it found to say. */
import { CHECK_NAMES, CHECK_TITLES, type Evidence, type Verification } from '../../gate/verification.ts';
import { cell, code, fence, inert, oneLine } from './quote.ts';

const ROLES: Record<Evidence['at'], string> = {
  base: 'base',
  base_tests: 'base + the new tests',
  base_source: 'base + the change, old tests',
  fix: 'the fix',
  revert: 'the change taken back',
};

/** Findings of all checks, counted; a long list says how much it leaves out. */
const MAX_FINDINGS = 30;

export function checkSection(verification: Verification): string {
  const parts = [
    checksTable(verification),
    proof(verification),
    scenarioRuns(verification),
    blastRadius(verification),
    findingsList(verification),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function checksTable({ checks }: Verification): string {
  const rows = CHECK_NAMES.map((name) => {
    const { status, findings, evidence } = checks[name];
    const runs = `${evidence.length} ${evidence.length === 1 ? 'run' : 'runs'}`;
    const found = findings.length === 0 ? 'nothing found' : findings.map((finding) => code(finding.code)).join(', ');
    return `| ${CHECK_TITLES[name]} | **${status}** | ${runs} | ${found} |`;
  });
  return ['| Check | Result | Runs | Findings |', '|---|---|---|---|', ...rows].join('\n');
}

/** Red on the base, green on the fix, red with the change taken back: each run with what it counted. */
function proof({ checks }: Verification): string {
  const evidence = checks.reproduction.evidence;
  if (evidence.length === 0) return '**Reproduction:** none was run.';
  const red = evidence.find((run) => run.at === 'base_tests');
  return [
    '**Reproduction, run by the product:**',
    runsTable(evidence),
    ...(red && red.tail.trim() !== ''
      ? [
          `<details><summary>Red: the end of the output before the fix</summary>\n\n${fence(red.tail, 3000)}\n</details>`,
        ]
      : []),
  ].join('\n\n');
}

/** What else was run, on the base and on the fix, and how many cases that was. */
function scenarioRuns({ checks }: Verification): string {
  const { evidence } = checks.scenarios;
  if (evidence.length === 0) return '';
  const title = evidence.length === 1 ? 'The run of the scenarios' : `The ${evidence.length} runs of the scenarios`;
  return `<details><summary>${title}</summary>\n\n${runsTable(evidence)}\n</details>`;
}

function runsTable(evidence: readonly Evidence[]): string {
  const rows = grouped(evidence).map(([run, times, seconds]) => {
    const on = BROKEN.test(run.command) ? 'the fix, a diagnosed file broken on purpose' : ROLES[run.at];
    const command = cell(run.command.replace(BROKEN, ''));
    return `| ${on} | ${times}× | ${counts(run)} | ${exit(run)} | ${seconds.toFixed(1)} s | ${command} | \`${run.tree.slice(0, 12)}\` |`;
  });
  return ['| On | Runs | Cases | Exit | Time | Command | Tree |', '|---|---|---|---|---|---|---|', ...rows].join('\n');
}

function blastRadius({ checks }: Verification): string {
  const { status, findings } = checks.blast_radius;
  if (findings.length === 0)
    return `**Blast radius:** ${status}, every dependent that counts was reached by a scenario or a test.`;
  return `**Blast radius:** ${status}; ${findings.map((finding) => inert(oneLine(finding.message, 500))).join(' ')}`;
}

function findingsList({ checks }: Verification): string {
  const all = CHECK_NAMES.flatMap((name) => checks[name].findings.map((finding) => ({ name, finding })));
  if (all.length === 0) return '';
  const lines = all.slice(0, MAX_FINDINGS).map(({ name, finding }) => {
    const place = finding.file ? ` at ${code(finding.line ? `${finding.file}:${finding.line}` : finding.file)}` : '';
    return `- ${CHECK_TITLES[name]}, ${code(finding.code)}${place}: ${inert(oneLine(finding.message, 600))}`;
  });
  if (all.length > MAX_FINDINGS) lines.push(`- and ${all.length - MAX_FINDINGS} more.`);
  return ['**What the checks said:**', lines.join('\n')].join('\n\n');
}

/** The gate's own mark of the run that shows whether the checks see the tree. */
const BROKEN = / {2}# with .+ broken$/;

/** Runs in a row that told the same: the first of them, how many there were, and their time together. */
function grouped(evidence: readonly Evidence[]): [run: Evidence, times: number, seconds: number][] {
  const groups: [Evidence, number, number][] = [];
  const said = ({ at, command, exit: code, counts: counted }: Evidence) => JSON.stringify([at, command, code, counted]);
  for (const run of evidence) {
    const last = groups.at(-1);
    if (last && said(last[0]) === said(run)) {
      last[1] += 1;
      last[2] += run.seconds;
    } else groups.push([run, 1, run.seconds]);
  }
  return groups;
}

function counts(run: Evidence): string {
  if (run.counts === null) return 'not counted';
  const { passed, failed, skipped } = run.counts;
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function exit(run: Evidence): string {
  return run.exit === null ? 'ended by us' : String(run.exit);
}
