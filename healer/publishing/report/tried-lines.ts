/** What happened before: attempts of this round with their verdicts, the rounds before it, and what was noticed on the way. */
import { CHECK_TITLES } from '../../../gate/verification.ts';
import { costWords, weakestBasis } from '../../runs/cost-words.ts';
import { type Block, firstOf, type ReportSize } from './blocks.ts';
import type { AttemptFacts, EarlierRound, JudgedFacts, ReportFacts, StopFacts } from './facts.ts';
import { code, inert, oneLine } from './quote.ts';

/** Of one verdict; the first ones are the worst. */
const FINDINGS = 3;

/** `costs`: not in what is published. */
export function triedLines(
  { tried, earlierRounds }: ReportFacts,
  size: ReportSize,
  { costs }: { costs: boolean },
): string[] {
  const telling = tried.filter(
    ({ judged, failureModes, denied }) => judged.length + failureModes.length + denied.length > 0,
  );
  return [
    ...firstOf(earlierRounds, size.items, roundLine),
    ...firstOf(telling, size.items, (one) => attemptLines(one, costs)),
  ];
}

function roundLine({ round, ended, who, why }: EarlierRound): string {
  return `- Round ${round} ended \`${ended}\` by ${code(who, 80)}: ${inert(oneLine(why, 300)) || 'no reason was given'}`;
}

/** Nothing was in vain: no round before this one, one attempt, and no verdict but a pass. */
export function passedAtOnce({ tried, earlierRounds }: ReportFacts): boolean {
  const fixes = tried.filter(({ phase }) => phase === 'fix' || phase === 'session');
  const clean = tried.every(
    ({ judged, failureModes }) => failureModes.length === 0 && judged.every(({ verdict }) => verdict === 'pass'),
  );
  return earlierRounds.length === 0 && fixes.length <= 1 && clean;
}

/** What the round has cost so far, in one line; none where no run told of a cost. */
export function costLines({ tried }: Pick<ReportFacts, 'tried'>): string[] {
  const costs = tried.flatMap(({ cost }) => cost ?? []);
  if (costs.length === 0) return [];
  const usd = costs.reduce((sum, cost) => sum + cost.usd, 0);
  return [`Cost of this round: ${costWords(usd, weakestBasis(costs.map(({ basis }) => basis)))}.`];
}

function attemptLines(attempt: AttemptFacts, costs: boolean): string {
  const { failureModes, denied, judged, cost } = attempt;
  const ended =
    failureModes.length > 0 ? ` ended as ${[...new Set(failureModes)].map((mode) => `\`${mode}\``).join(', ')}` : '';
  const guards = denied.slice(0, 5).map(({ rule, times }) => `${code(rule, 80)} ${times}×`);
  const refused = guards.length > 0 ? `; calls denied: ${guards.join(', ')}` : '';
  const verdicts = judged.slice(-8).map(verdictLine);
  const earlier = judged.length > 8 ? [`  - ${judged.length - 8} earlier verdicts left out`] : [];
  const stops = (attempt.stops ?? []).slice(-3).flatMap(stopLines);
  const spent = costs && cost ? `, ${costWords(cost.usd, cost.basis)}` : '';
  return [`- ${nameOf(attempt)}${ended}${refused}${spent}`, ...stops, ...earlier, ...verdicts].join('\n');
}

/** What went on until a guard stopped it: nobody can judge a loop without seeing what was repeated. */
function stopLines({ why, calls }: StopFacts): string[] {
  const shown = calls.slice(-5).map(({ call, outcome, times }) => {
    const told = code(outcome, 80);
    return `    - ${code(call)}: ${times > 1 ? `${times}× in a row ${told}` : told}`;
  });
  const before = shown.length > 0 ? ['  - The last calls before that:', ...shown] : [];
  return [`  - Stopped: ${inert(oneLine(why, 400))}`, ...before];
}

function nameOf({ attempt, phase, part }: AttemptFacts): string {
  if (attempt === null) return 'Judged outside of an attempt';
  if (part)
    return part === 'plan' ? `Attempt ${attempt}, making a plan` : `Attempt ${attempt}, one subtask of the plan`;
  switch (phase) {
    case 'diagnosis':
      return attempt === 1 ? 'Diagnosis' : `Diagnosis, attempt ${attempt}`;
    case 'session':
      return `Attempt ${attempt}, in a session`;
    default:
      return `Attempt ${attempt}`;
  }
}

const JUDGES: Record<string, string> = {
  server: "in the agent's run",
  parent: 'once the agent was gone',
  person: "for a person's approval",
};

function verdictLine({ verdict, tree, by, blocking, unmet = [] }: JudgedFacts): string {
  const judges = by.map((one) => JUDGES[one] ?? one).join(' and ');
  const found = firstOf(
    blocking,
    FINDINGS,
    ({ check, finding }) =>
      `    - ${CHECK_TITLES[check]}, ${code(finding.code, 80)}: ${inert(oneLine(finding.message, 240))}`,
    (left) => `    - and ${left} more.`,
  );
  const criteria = firstOf(
    unmet,
    FINDINGS,
    ({ id, found: instead }) => `    - Criterion ${code(id, 80)} does not hold: ${inert(oneLine(instead, 240))}`,
    (left) => `    - and ${left} more criteria.`,
  );
  return [`  - **${verdict}** for tree \`${tree.slice(0, 12)}\`, judged ${judges}`, ...found, ...criteria].join('\n');
}

/** Such as a remote that did not answer. */
export function warningsBlock({ warnings }: Pick<ReportFacts, 'warnings'>, size: ReportSize): Block[] {
  if (warnings.length === 0) return [];
  const shown = firstOf(warnings, size.items, (text) => `- ${inert(oneLine(text, 500))}`);
  return [{ text: `**Noticed on the way:**\n\n${shown.join('\n')}`, spare: 'what was noticed on the way' }];
}
