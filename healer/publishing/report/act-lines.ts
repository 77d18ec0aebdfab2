/** What remains for people: what to decide, what to watch, how to take it back, what was learned. */
import { INCIDENTS_FILE } from '../../../context/law/files.ts';
import { INCIDENT_TRAILER, incidentTrailer } from '../commit.ts';
import { type Block, firstOf, type ReportSize } from './blocks.ts';
import { findingsOf } from './check-section.ts';
import type { ReportFacts } from './facts.ts';
import { place } from './place.ts';
import { code, fence, inert, oneLine, prose } from './quote.ts';

export interface ActFacts extends ReportFacts {
  commit: string;
  lesson: string | undefined;
}

/** Questions, one for each kind of finding that a person has to judge. */
const QUESTIONS: Record<string, string> = {
  'reproduction.weak': 'The reproduction is weak: is what its test asserts really what went wrong in production?',
  'scenarios.already_failing':
    'Cases fail on the base too: is it known that they do, and that they do not hide anything here?',
  'scenarios.not_compared':
    'Some cases could not be compared with the base: look at the tests that were added or changed.',
  'scenarios.flaky': 'Some cases are unstable, on the base too.',
  'blast_radius.unreached': 'Some dependents were reached by no test: read the ones named under blast radius.',
};

const NO_ENTRY =
  '**Lesson:** none was recorded with the fix; the incident memory is in `.self-healing/`, once that is committed.';
const NO_LESSON = `**Lesson:** the entry in \`${INCIDENTS_FILE}\` of this branch has none yet; whoever knows why writes it there.`;

const OVERLAP = 'An open pull request heals the same incident or changes the same files: which of the two is wanted?';

/** Questions, worst first; what nothing can execute says nothing about this fix. */
export function decisions({ verification, needsPerson, related = [] }: ReportFacts): string[] {
  if (!verification) return [];
  const overlapping = related.some(({ state }) => state === 'open') ? [OVERLAP] : [];
  const findings = findingsOf(verification).filter(({ finding }) => !finding.code.endsWith('.unproven'));
  const messages = new Set(findings.map(({ finding }) => finding.message));
  const others = needsPerson.filter((reason) => !messages.has(reason));
  const asked = findings.map(({ finding }) => QUESTIONS[finding.code] ?? finding.message);
  return [...new Set([...others, ...asked, ...overlapping])];
}

export function actBlocks(facts: ActFacts, size: ReportSize): Block[] {
  const { record, commit, lesson } = facts;
  const open = firstOf(decisions(facts), 10, (question) => `- [ ] ${inert(oneLine(question, 300))}`);
  const trailer = `${INCIDENT_TRAILER}: ${incidentTrailer(record.incident, record.round)}`;
  const revert = [
    `git revert ${commit.slice(0, 12)}`,
    '# after a squash or rebase merge it has another id, found by its trailer:',
    `git revert "$(git log -1 --no-merges --format=%H --grep='^${trailer}$')"`,
  ].join('\n');
  return [
    ...(open.length > 0
      ? [
          {
            text: `**A person decides:**\n\n${open.join('\n')}`,
            spare: 'what a person decides',
          },
        ]
      : []),
    { text: watch(facts) },
    { text: `**Revert:** it is one commit on its base.\n\n${fence(revert, 2000, 'sh')}` },
    {
      text: `**Not right?** Close it and run \`self-healing reject ${record.incident} --reason '…'\`: later fixes are held against this diff.`,
    },
    ...(lesson
      ? [
          {
            text: `**Lesson** that it adds to the incident memory (\`${INCIDENTS_FILE}\` of this branch; put it into your own words there):\n\n${prose(lesson, Math.min(600, size.words))}`,
            spare: 'the lesson',
          },
        ]
      : [{ text: lesson === undefined ? NO_ENTRY : NO_LESSON }]),
  ];
}

function watch({ record, event }: ReportFacts): string {
  const at = event.file ? ` at ${place(event.file, event.line)}` : '';
  return `**Watch:** after the deploy, ${code(record.error)}${at} must not come back. It has the fingerprint \`${record.fingerprint}\`. A running \`self-healing serve\` watches it from the deploy on, and proposes to take the fix back when it made things worse; without one, \`self-healing heal --error -\` takes a new occurrence.`;
}
