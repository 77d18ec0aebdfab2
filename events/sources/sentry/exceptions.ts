/** Chained exceptions: which of them is the error, and how the whole chain reads. */
import type { SentryEvent, SentryException } from './event-schema.ts';
import { type ReadFrame, readFrames } from './frames.ts';

const MAX_CODE = 200;

export interface Thrown {
  type: string;
  message: string;
  frames: ReadFrame[];
  isGroup: boolean;
}

export interface Chain {
  /** The outermost one that passes through the application; a group of errors only where none of its errors does. */
  primary: Thrown;
  /** What was thrown first, then its causes, each with its frames, innermost first. */
  text: string;
}

/** Undefined when nothing was thrown: a message that somebody sent. */
export function readExceptions({ exception, stacktrace, threads }: SentryEvent): Chain | undefined {
  // Sentry lists causes first: what was thrown stands last.
  const thrown = exception.map(readException).reverse();
  const [outermost] = thrown;
  if (outermost === undefined) return undefined;
  if (thrown.every(({ frames }) => frames.length === 0)) {
    // Some SDKs put the stack beside the exception, at the thread that threw it.
    const thread = threads.find(({ crashed, current }) => crashed || current);
    outermost.frames = readFrames((stacktrace ?? thread?.stacktrace)?.frames ?? []);
  }
  const ours = thrown.filter(({ frames }) => frames.some((frame) => frame.in_app));
  const primary = ours.find(({ isGroup }) => !isGroup) ?? ours[0] ?? outermost;
  return { primary, text: thrown.map((one, at) => `${at === 0 ? '' : 'Caused by: '}${render(one)}`).join('\n') };
}

/** The stack that an SDK attaches to a message, innermost first. */
export function messageFrames({ stacktrace, threads }: SentryEvent): ReadFrame[] {
  const thread = threads.find(({ crashed, current }) => crashed || current);
  return readFrames((stacktrace ?? thread?.stacktrace)?.frames ?? []);
}

function readException({ type, value, module, stacktrace, mechanism }: SentryException): Thrown {
  return {
    type: type ?? module ?? '',
    message: value ?? '',
    frames: readFrames(stacktrace?.frames ?? []),
    isGroup: mechanism?.is_exception_group ?? false,
  };
}

function render({ type, message, frames }: Thrown): string {
  return [[type, message].filter(Boolean).join(': ') || 'Error', ...renderFrames(frames)].join('\n');
}

export function renderFrames(frames: readonly ReadFrame[]): string[] {
  return frames.flatMap(({ file: path, shortFile: file = path, line, column, function: name, in_app, code }) => {
    const place = [file || '<unknown>', line, column].filter((part) => part !== undefined).join(':');
    const frame = `    at ${name || '<anonymous>'} (${place})`;
    return in_app && code !== undefined ? [frame, `        ${code.slice(0, MAX_CODE)}`] : [frame];
  });
}
