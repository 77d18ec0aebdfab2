/** A service that is started, and the requests that are sent to it. */
import type { DirectCase } from '../cases.ts';

export interface HttpExchange {
  /** Command line that starts the service. */
  start: string;
  /** Answers once the service is up. */
  ready: string;
  method: string;
  path: string;
  cases: readonly DirectCase[];
}
