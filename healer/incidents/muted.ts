/** Which errors people told to leave alone: by `triage.mute` of the config, or with `self-healing mute`. */
import type { Config } from '../../context/schemas/config.ts';
import { muteOf } from '../../store/mutes.ts';
import type { Database } from '../../store/sqlite.ts';
import { mutedBecause } from './working-config.ts';

/** Why, or undefined when errors of this fingerprint are not muted. */
export function muted(db: Database, config: Config, fingerprint: string, now: Date): string | undefined {
  const told = muteOf(db, fingerprint);
  return mutedBecause([...config.triage.mute, ...(told ? [told] : [])], fingerprint, now);
}
