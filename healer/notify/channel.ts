/** What a channel of hand-overs is: one file per channel, tried by `outbox.ts` until it has told or a day is over. */
import type { Config } from '../../context/schemas/config.ts';
import type { IncidentRecord } from '../../store/incidents.ts';
import type { HandOverPayload } from '../fixes/hand-over.ts';

export type Env = Readonly<Record<string, string | undefined>>;

export interface HandOverNotice {
  payload: HandOverPayload;
  record: Pick<IncidentRecord, 'incident' | 'round' | 'severity' | 'service' | 'error' | 'files' | 'count'>;
  /** The fix was live and is taken back, or about to be. */
  rolledBack: boolean;
  /** What people call the repository. */
  repository: string;
  /** Names the notice for ever, such as `INC-…/1@1f2e3d4c`. */
  mark: string;
}

export type Told =
  | { outcome: 'told'; why?: string }
  /** It may work later, not before `afterMs` where the receiver says so. */
  | { outcome: 'later'; why: string; afterMs?: number | undefined }
  /** It never will as it is set up. */
  | { outcome: 'never'; why: string };

export interface Sending {
  notify: Config['notify'];
  env: Env;
  /** It was begun before, and nobody knows whether it arrived. */
  again: boolean;
  now: Date;
  signal: AbortSignal;
}

export interface NoticeChannel {
  name: 'slack' | 'telegram' | 'webhook' | 'email';
  isConfigured(notify: Config['notify']): boolean;
  /** The variable that holds its secret, where it needs one. */
  variable?: string;
  send(notice: HandOverNotice, sending: Sending): Promise<Told>;
}
