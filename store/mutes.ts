/** Errors that a person told to leave alone, by fingerprint. `triage.mute` of the config is the other list. */
import type { Database } from './sqlite.ts';

export interface Mute {
  fingerprint: string;
  reason: string;
  /** A date or an ISO 8601 time; empty: for ever. */
  until: string;
  who: string;
  /** ISO 8601. */
  at: string;
}

/** Takes the place of an earlier one. */
export function saveMute(database: Database, mute: Mute): void {
  database.run(
    `INSERT INTO mutes (fingerprint, reason, until, who, at) VALUES (:fingerprint, :reason, :until, :who, :at)
     ON CONFLICT (fingerprint) DO UPDATE SET reason = :reason, until = :until, who = :who, at = :at`,
    { ...mute },
  );
}

export function muteOf(database: Database, fingerprint: string): Mute | undefined {
  return database.get<Mute>('SELECT * FROM mutes WHERE fingerprint = ?', [fingerprint]);
}
