/** One error as a source read it: not yet redacted, mapped, fingerprinted or counted. `normalize.ts` makes the event. */
import type { ParsedStack } from './stack/block.ts';

export interface Occurrence {
  type: string;
  message: string;
  stack?: ParsedStack | undefined;
  /** The lines it was read from, prefixes stripped. */
  text?: string | undefined;
  /** ISO 8601, when the source says it. */
  time?: string | undefined;
  /** Why a fix cannot start from it; undefined when one can. */
  notActionable?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  endpoint?: string | undefined;
  labels?: Record<string, string | undefined> | undefined;
}
