/** One error as a source read it: not yet redacted, mapped, fingerprinted or counted. `normalize.ts` makes the event. */
import type { ErrorEvent, Severity } from './event.ts';
import type { ParsedStack } from './stack/block.ts';

export interface Occurrence {
  type: string;
  message: string;
  stack?: Pick<ParsedStack, 'frames'> | undefined;
  /** The lines it was read from, prefixes stripped. */
  text?: string | undefined;
  /** ISO 8601, when the source says it: when it happened, or happened last. */
  time?: string | undefined;
  /** Why a fix cannot start from it; undefined when one can. */
  notActionable?: string | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  endpoint?: string | undefined;
  labels?: Record<string, string | undefined> | undefined;

  // What only some sources know. Those that watch and count by themselves are trusted in both.
  /** Names this occurrence for ever: told again, it is the same one. Without it the event is named by what it says. */
  id?: string | undefined;
  /** Where a watcher read it, when that is not the source that brings it. */
  source?: ErrorEvent['source'] | undefined;
  /** The watcher's own judgement. */
  severity?: Severity | undefined;
  /** Its judgement where what the error says and how often may still make it graver. */
  atLeast?: Severity | undefined;
  /** How many it stands for; 1 when nothing is said. */
  count?: number | undefined;
  firstSeen?: string | undefined;
  trigger?: ErrorEvent['trigger'];
  release?: string | undefined;
  affectedUsers?: number | undefined;
  url?: string | undefined;
  /** What the source itself takes for one group of errors. */
  group?: string | undefined;
  breadcrumbs?: readonly string[] | undefined;
  annotations?: Record<string, string | undefined> | undefined;
  /** Where, when there is no stack that says it. */
  place?:
    | { file: string; line?: number | undefined; column?: number | undefined; function?: string | undefined }
    | undefined;
}
