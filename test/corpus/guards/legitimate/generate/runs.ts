/** All legitimate runs, as they stand in the folder above. */
import { BATCHES } from './batches.ts';
import { CLOSE_CALLS } from './close-calls.ts';
import { CONVERSATIONS } from './conversations.ts';
import { DEBUGGING } from './debugging.ts';
import type { Pattern } from './pattern.ts';
import { PROJECTS } from './projects.ts';
import { Run } from './run.ts';
import { SESSIONS } from './sessions.ts';
import { TESTING } from './testing.ts';
import { WAITING } from './waiting.ts';

const PATTERNS: readonly Pattern[] = [
  ...WAITING,
  ...BATCHES,
  ...TESTING,
  ...DEBUGGING,
  ...CONVERSATIONS,
  ...SESSIONS,
  ...CLOSE_CALLS,
];

export interface LegitimateRun {
  file: string;
  text: string;
  label: 'legitimate';
  near: string;
  pattern: string;
  provenance: string;
  /** `healing`: also what the guards deny in it is a false alarm; `ordinary`: nothing would be denied there. */
  session: 'healing' | 'ordinary';
}

export function legitimateRuns(): LegitimateRun[] {
  return PATTERNS.flatMap((pattern, at) =>
    Array.from({ length: pattern.variants }, (_, variant) => {
      const project = PROJECTS[(at + variant) % PROJECTS.length];
      if (project === undefined) throw new Error('there are no projects');
      const run = new Run(pattern.name, project, variant);
      pattern.write(run);
      return {
        file: `${pattern.name}-${project.language}.jsonl`,
        text: `${run.lines.join('\n')}\n`,
        label: 'legitimate' as const,
        near: pattern.near,
        pattern: pattern.name,
        provenance: `written for this corpus by its generator: ${project.language}, variant ${variant + 1}`,
        session: pattern.healing ? ('healing' as const) : ('ordinary' as const),
      };
    }),
  );
}
