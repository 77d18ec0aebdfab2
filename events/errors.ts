/**
 * The error classes of the product and the one place that turns them into text.
 * A message says what, where, and what to do now. Anything that is none of these classes is our bug.
 */

/** Codes of a failed MCP tool call (the contract's list). */
export type ErrorCode = 'bad_input' | 'not_found' | 'not_allowed' | 'stale' | 'not_ready' | 'failed';

abstract class ProductError extends Error {
  abstract readonly code: ErrorCode;
  /** What the reader should do next: one sentence, or empty when the message already says it. */
  readonly next: string;

  constructor(message: string, next = '') {
    super(message);
    this.name = new.target.name;
    this.next = next;
  }
}

/** The caller asked for something that cannot be done as asked: bad usage, unknown id, not allowed now. */
export class UserError extends ProductError {
  readonly code: ErrorCode;

  constructor(message: string, next = '', code: ErrorCode = 'bad_input') {
    super(message, next);
    this.code = code;
  }
}

/** A file or setting that people edit is wrong. The message carries file:line:column where one is known. */
export class ConfigurationError extends ProductError {
  readonly code = 'bad_input';
}

/** Something outside this machine's control did not do its part: a remote, a client, a service. */
export class RemoteError extends ProductError {
  readonly code = 'failed';
}

/** Something of ours is still being prepared (the native SQLite part, dependencies): try again later. */
export class NotReadyError extends ProductError {
  readonly code = 'not_ready';
}

export interface ErrorText {
  code: ErrorCode;
  message: string;
  next: string;
  /** True when the error is none of ours: a bug in the product. */
  bug: boolean;
}

/** Errors of `store/`, which may not import this file, carry the same fields and say so with this mark. */
function isMarked(error: unknown): error is { code: ErrorCode; message: string; next: string } {
  return error instanceof Error && 'productError' in error && 'code' in error && 'next' in error;
}

/** The text of any thrown value, for a person or a model. Never includes a stack. */
export function describeError(error: unknown): ErrorText {
  if (error instanceof ProductError || isMarked(error))
    return { code: error.code, message: error.message, next: error.next, bug: false };
  const refused = refusedByTheDisk(error);
  if (refused !== undefined) return { code: 'failed', ...refused, bug: false };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'failed',
    message: `Internal error: ${message}`,
    next: 'This is a bug in self-healing; please report it.',
    bug: true,
  };
}

/** Wherever it meets us, a folder that may not be written and a full disk are for the person to lift, and no bug. */
function refusedByTheDisk(error: unknown): { message: string; next: string } | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  const { code, path } = error;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        message: `${path} cannot be used: ${error.message}.`,
        next: 'Give this user the right to it. For the own folder of self-healing, SELF_HEALING_HOME names another one.',
      };
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        message: `There is no room for ${path}: ${error.message}.`,
        next: 'Make room on that disk, and try again.',
      };
    default:
      return undefined;
  }
}
