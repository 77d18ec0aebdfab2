/** What `heal` is asked for. */
import type { ReportInput } from '../incidents/report-error.ts';
import type { Criterion } from '../recovery/criteria.ts';
import type { OnProgress } from './progress.ts';

export type HealRequest = HealOptions & ({ incident: string } | { error: ReportInput });

export interface HealOptions {
  /** Instead of those of the config; that the gate passes is needed in any case. */
  criteria?: readonly Criterion[] | undefined;
  /** `--base REV` */
  base?: string | undefined;
  /** Who approves start and publishing in advance (`person:<name>`); undefined: what needs a person waits for one. */
  approvedBy?: string | undefined;
  /** Set when a queue asks: it has the lease already, and waits itself, for all it holds, while the API does not answer. */
  queue?: { holder: string } | undefined;
  /** Everything but publishing. */
  dryRun?: boolean | undefined;
  /** Ends the run and leaves the incident to be taken up again. */
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
  /** Default: the package's own. */
  pluginDir?: string | undefined;
  /** What the agent's environment is taken from; default this process's. */
  env?: Record<string, string | undefined> | undefined;
  /** Milliseconds to wait before a try; replaced in tests. */
  wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}
