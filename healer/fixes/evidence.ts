/**
 * Law 6: who judges holds the evidence. Verdicts and approvals are rows that anyone who can write the database could
 * forge, so the process that made one keeps a code of its content, under a key that never leaves its memory. Whatever
 * this process did not make itself (another one did, or this one before a restart) is stale and has to be made again.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../../store/sqlite.ts';
import { type VerificationRow, verificationsOf } from '../../store/verifications.ts';

/** A person's yes to publishing exactly this tree. */
export interface Approval {
  incident: string;
  round: number;
  tree: string;
  who: string;
  /** What they were asked about it: another question needs another answer. */
  answers: readonly string[];
}

export interface Seal {
  /** To be called by whoever ran the gate, with the row as it was stored and the base it was judged on. */
  sealVerdict(row: VerificationRow, base: string): void;
  /** Whether this process made exactly this row on this base. */
  holdsVerdict(row: VerificationRow, base: string): boolean;
  sealApproval(approval: Approval): void;
  /** The latest approval of this tree that a person gave to this process. */
  approvalOf(incident: string, round: number, tree: string): Approval | undefined;
}

export function createSeal(): Seal {
  const key = randomBytes(32);
  const verdicts = new Map<string, Buffer>();
  const approvals: { approval: Approval; code: Buffer }[] = [];
  const codeOf = (parts: unknown): Buffer => createHmac('sha256', key).update(stable(parts)).digest();
  return {
    sealVerdict: (row, base) => void verdicts.set(row.id, codeOf({ row, base })),
    holdsVerdict(row, base) {
      const code = verdicts.get(row.id);
      return code !== undefined && timingSafeEqual(code, codeOf({ row, base }));
    },
    sealApproval: (approval) => void approvals.push({ approval, code: codeOf(approval) }),
    approvalOf: (incident, round, tree) =>
      approvals.findLast(
        ({ approval: given, code }) =>
          given.incident === incident &&
          given.round === round &&
          given.tree === tree &&
          timingSafeEqual(code, codeOf(given)),
      )?.approval,
  };
}

export type VerdictEvidence =
  | { status: 'held'; row: VerificationRow }
  /** There are verdicts, but none of this process's own making. */
  | { status: 'stale' }
  | { status: 'none' };

/** The newest verdict of the round that this process made itself. */
export function verdictEvidence(
  database: Database,
  seal: Seal,
  subject: { incident: string; round: number; base: string },
): VerdictEvidence {
  const rows = verificationsOf(database, subject.incident, subject.round);
  const row = rows.filter((candidate) => seal.holdsVerdict(candidate, subject.base)).at(-1);
  if (row) return { status: 'held', row };
  return { status: rows.length > 0 ? 'stale' : 'none' };
}

/** JSON with sorted keys: a row read back from the database gives the same text. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
