/**
 * When an error has settled: no more of it came for `intake.settle`, or it has kept coming for `intake.settle_max`. Both
 * are read from its row, so a restart loses nothing. A clock that was set back or forth ends the wait sooner, never later.
 */
import type { Config } from '../../context/schemas/config.ts';
import type { IncidentRecord } from '../../store/incidents.ts';

type Times = Pick<IncidentRecord, 'created_at' | 'updated_at'>;

/** Milliseconds until it has settled; 0 when it has. `updated_at` of a settling incident is its last occurrence. */
export function settlesIn({ created_at, updated_at }: Times, intake: Config['intake'], now: Date): number {
  const since = (time: string) => Math.abs(now.getTime() - Date.parse(time));
  return Math.max(0, Math.min(intake.settle - since(updated_at), intake.settle_max - since(created_at)));
}
