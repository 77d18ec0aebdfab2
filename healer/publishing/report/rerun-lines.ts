/** How a reviewer sees the proof with their own eyes: the test green on the commit, red with its source taken back. */
import { type Block, folded } from './blocks.ts';
import { byCommand } from './evidence-tables.ts';
import type { ReportFacts } from './facts.ts';
import { fence, oneLine } from './quote.ts';

/** Files are named to a shell as they stand; there is no such block where one would need quoting. */
const PLAIN_PATH = /^[\w@][\w./@+-]*$/;

const LONGEST = 400;

/** Nothing where taking back the source is more than restoring files: then the table of the runs has to do. */
export function rerunBlock(facts: ReportFacts & { commit: string }): Block[] {
  const { verification, changes, base, commit } = facts;
  const source = changes.filter(({ kind }) => kind === 'source');
  const [first] = byCommand(verification?.checks.reproduction.evidence ?? []);
  const restorable = source.every(({ path, status }) => status === 'M' && PLAIN_PATH.test(path));
  if (!first || first[0].length > LONGEST || source.length === 0 || source.length > 10 || !restorable) return [];
  const [command] = first;
  const test = oneLine(command, LONGEST);
  const paths = source.map(({ path }) => path).join(' ');
  const lines = [
    `git switch --detach ${commit.slice(0, 12)}`,
    `${test}   # green`,
    `git checkout ${base.commit.slice(0, 12)} -- ${paths}`,
    `${test}   # red: the same test without the change`,
    `git checkout HEAD -- ${paths}`,
    'git switch -',
  ];
  return [
    {
      text: folded('See it yourself (after a fetch)', fence(lines.join('\n'), 8000, 'sh')),
      spare: 'how to see it yourself',
    },
  ];
}
