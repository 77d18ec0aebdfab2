/** What people and CI found on the proposal as it stands now, and nobody has worked on yet. */
import { z } from 'zod';
import { oneLine } from '../../events/plain-text.ts';
import { type FollowUp, followUpsOf, timesProposed } from '../../store/follow-ups.ts';
import type { Database } from '../../store/sqlite.ts';

export const reviewPayload = z.object({
  reviewer: z.string(),
  url: z.string(),
  body: z.string(),
  lines: z.array(z.object({ path: z.string(), line: z.number().nullable(), body: z.string() })),
});
export const ciPayload = z.object({
  commit: z.string(),
  checks: z.array(z.object({ name: z.string(), url: z.string(), output: z.string() })),
});
export const basePayload = z.object({ branch: z.string(), tip: z.string(), why: z.string() });

export interface Pending {
  /** ISO 8601: when the first of it was found. */
  since: string;
  /** Only the base moved: where the fix still applies there, nobody has to change it. */
  onlyBase: boolean;
  /** One sentence for the history. */
  why: string;
  /** One line for each wish, for a prompt's list. */
  wishes: string[];
  /** All of it in full, for a prompt's block of data: others wrote it. */
  text: string;
}

/** Undefined when there is none. */
export function pendingOn(db: Database, incident: string, round: number): Pending | undefined {
  const now = timesProposed(db, incident, round);
  const found = followUpsOf(db, incident, round).filter(
    ({ proposal, kind }) => proposal === now && kind !== 'auto_merge',
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const told = found.map(tell);
  return {
    since: first.at,
    onlyBase: found.every(({ kind }) => kind === 'base'),
    why: told.map(({ why }) => why).join('; '),
    wishes: told.flatMap(({ wishes }) => wishes),
    text: told.map(({ text }) => text).join('\n\n'),
  };
}

interface Told {
  why: string;
  wishes: string[];
  text: string;
}

function tell({ kind, payload }: FollowUp): Told {
  switch (kind) {
    case 'review': {
      const { reviewer, body, lines } = reviewPayload.parse(payload);
      const at = lines.map(({ path, line, body: said }) => `${line === null ? path : `${path}:${line}`}: ${said}`);
      return {
        why: `${reviewer} asked for changes${body.trim() === '' ? '' : `: ${oneLine(body, 160)}`}`,
        wishes: [body, ...at].filter((text) => text.trim() !== '').map((text) => `review by ${reviewer}: ${text}`),
        text: [`Review by ${reviewer}:`, body, ...at].filter((text) => text.trim() !== '').join('\n'),
      };
    }
    case 'ci': {
      const { commit, checks } = ciPayload.parse(payload);
      const names = checks.map(({ name }) => name).join(', ');
      return {
        why: `CI is red on ${commit.slice(0, 12)}: ${oneLine(names, 200)}`,
        wishes: checks.map(({ name }) => `CI: the check ${JSON.stringify(oneLine(name, 100))} is green`),
        text: checks
          .map(({ name, output }) => `CI check ${JSON.stringify(oneLine(name, 100))} failed:\n${output}`)
          .join('\n\n'),
      };
    }
    case 'base': {
      const { branch, tip, why } = basePayload.parse(payload);
      const line = `${branch} moved to ${tip.slice(0, 12)}: ${why}`;
      return { why: line, wishes: [`the fix stands on ${branch} as it is now`], text: line };
    }
    case 'auto_merge':
      return { why: '', wishes: [], text: '' };
    default:
      return kind satisfies never;
  }
}
