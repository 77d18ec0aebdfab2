/** Frames of any SDK: which file, which line, and whose code. Sentry lists the innermost last; here it comes first. */
import type { StackFrame } from '../../stack/block.ts';
import { cleanPath } from '../../stack/repository-path.ts';
import type { SentryFrame } from './event-schema.ts';
import { isInApp } from './in-app.ts';

export interface ReadFrame extends StackFrame {
  /** The line of code, where the SDK or Sentry knew it. */
  code: string | undefined;
}

export function readFrames(frames: readonly SentryFrame[]): ReadFrame[] {
  return frames.map(readFrame).reverse();
}

function readFrame(frame: SentryFrame): ReadFrame {
  const line = frame.lineno || undefined;
  const column = frame.colno || undefined;
  const file = relative(fileOf(frame));
  const shortFile = frame.filename && relative(frame.filename);
  // What a bundler calls a function, and the line that holds the whole program, say nothing and change with every build.
  const minified = isMinified(file, line, column);
  const name = frame.function === '?' ? undefined : frame.function;
  return {
    file,
    ...(shortFile && file.startsWith('/') && !shortFile.startsWith('/') ? { shortFile } : {}),
    line,
    column,
    function: minified && (name?.length ?? 0) <= 2 ? undefined : name,
    ...(minified || isBundle(file) ? { generated: true as const } : {}),
    in_app: isInApp(frame),
    code: minified ? undefined : frame.context_line?.trim() || undefined,
  };
}

/**
 * The path on the machine that ran it, since deployments are known by it; else the name that the SDK shortened it to. A JVM
 * knows no path at all: there the package stands for the folders.
 */
function fileOf({ abs_path, filename, module, package: unit }: SentryFrame): string {
  if (abs_path && /^(?:\/(?!\/)|[A-Za-z]:[\\/])/.test(abs_path)) return abs_path;
  const name = filename || abs_path || '';
  if (module && /^[\w$-]+\.(?:java|kt|kts|scala|groovy|clj)$/.test(name)) {
    const folders = module.split('.').slice(0, -1);
    return [...folders, name].join('/');
  }
  return name || module || unit || '';
}

function relative(path: string): string {
  return cleanPath(path).replace(/^(?:\.\/)+/, '');
}

function isMinified(file: string, line: number | undefined, column: number | undefined): boolean {
  return /\.[cm]?js$/.test(file) && (/\.min\.[cm]?js$/.test(file) || ((line ?? 0) <= 3 && (column ?? 0) > 300));
}

/** Bundlers put a hash of the content into the name: hex, or eight signs of base64. */
function isBundle(file: string): boolean {
  const hash = /[-.~_]([0-9a-f]{8,64}|[\w-]{8})(?:\.(?:chunk|bundle|min))?\.[cm]?js$/.exec(file)?.[1];
  return hash !== undefined && /\d/.test(hash) && (/^[0-9a-f]+$/.test(hash) ? /[a-f]/.test(hash) : /[A-Z]/.test(hash));
}
