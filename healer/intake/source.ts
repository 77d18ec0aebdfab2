/**
 * What a source of errors is: one declaration. Where its requests come in, how they prove who sends them, and what names a
 * delivery; how its body becomes events is the reader of the same name in `events/sources.ts`.
 */
import type { Repository } from '../../context/repository.ts';
import type { Config } from '../../context/schemas/config.ts';
import type { ErrorEvent } from '../../events/event.ts';
import type { Headers } from '../../events/sources/reader.ts';
import type { ReadableSource } from '../../events/sources.ts';
import type { NewErrand } from '../../store/errands.ts';
import type { Database } from '../../store/sqlite.ts';
import type { RateLimit } from './rate-limit.ts';

/** A request as a source sees it: nothing of it is parsed yet, and nothing of it is to be trusted. */
export interface IntakeRequest {
  headers: Headers;
  /** Path and query. */
  url: URL;
  /** What the source's path names, such as `project`. */
  params: Readonly<Record<string, string>>;
  body: Buffer;
}

/** One way in which a sender proves itself. */
export interface Proof {
  /** The environment variable that holds the secret. */
  variable: string;
  /** Undefined when it holds; else why not, without anything of the secret. Compares in constant time. */
  fault(request: IntakeRequest, secret: string, now: Date): string | undefined;
}

export interface Source {
  name: Exclude<ReadableSource, 'log' | 'manual'>;
  /** Default `/intake/<name>`. A segment that begins with a colon is a parameter. */
  path?: string;
  /** One that holds is enough. Those whose secret is not set do not count; when none is, the source is not ready. */
  proofs: readonly [Proof, ...Proof[]];
  /**
   * The text that the reader reads, where the body is more than that; undefined when it tells of no error, which is accepted
   * and costs the sender nothing of what it may send. Throws UserError for what is broken. Default: the body as UTF-8.
   */
  text?(request: IntakeRequest): string | undefined;
  /** Why the config leaves an event of it alone; undefined when it does not. */
  leftOut?(event: ErrorEvent, config: Config): string | undefined;
  /** The event with what only the state here can tell: that it is of an incident which is there already, or why it matters. */
  complete?(event: ErrorEvent, db: Database): ErrorEvent;
  /** What answers in place of 202 and what was taken, where the sender expects something of its own. */
  accepted?(request: IntakeRequest): { status: number; body: object };
  /** Pages of any origin may send to it, and bodies may come compressed. Default: neither. */
  fromBrowsers?: true;
  compressed?: true;
  /** With all of these set it opens a connection by itself, and is ready without requests. */
  connects?: readonly string[];
  /** The sender's name for this delivery: what comes a second time under it changes nothing. `text` is the body. */
  deliveryId(headers: Headers, text: string): string | undefined;
  /** What is answered at once and tells of no error, such as a handshake; undefined for everything else. */
  handshake?(headers: Headers, text: string): object | undefined;
  /**
   * For a source whose body does not say enough: what has to be looked up before there are events. The rows are on disk with
   * the answer, in place of the events that the reader found.
   */
  errands?(text: string, headers: Headers, asked: ErrandContext): Promise<Errands>;
}

export interface ErrandContext {
  config: Config;
  repository: Repository;
  env: Readonly<Record<string, string | undefined>>;
  /** What one person may say. */
  perPerson: RateLimit;
}

export interface Errands {
  errands: readonly NewErrand[];
  /** Why nothing starts from the rest. */
  left_out: readonly string[];
}

export function pathOf({ name, path }: Source): string {
  return path ?? `/intake/${name}`;
}

/** The variables of which one must be set, or undefined when one is. */
export function missingSecret(source: Source, env: Readonly<Record<string, string | undefined>>): string[] | undefined {
  const variables = source.proofs.map(({ variable }) => variable);
  return variables.some((name) => env[name]) ? undefined : variables;
}

/** The variables that it waits for, or undefined when errors can come in from it in one way or another. */
export function notReadyFor(source: Source, env: Readonly<Record<string, string | undefined>>): string[] | undefined {
  return source.connects?.every((name) => env[name]) ? undefined : missingSecret(source, env);
}
