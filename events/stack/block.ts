/** What every language's stack parser reads and returns. */

export interface TraceLine {
  text: string;
  /** A logger's prefix stood before the text: it may start something new. */
  prefixed: boolean;
}

export interface StackFrame {
  /** As printed, without URL scheme or query; absolute or relative. */
  file: string;
  /** The file as the sender shortens it, where `file` is a path of its machine. */
  shortFile?: string | undefined;
  /** 1-based. */
  line?: number | undefined;
  /** 1-based. */
  column?: number | undefined;
  function?: string | undefined;
  /** A place in what a bundler made, which is no place of the source. */
  generated?: true | undefined;
  /** False for dependencies, the runtime and generated code. */
  in_app: boolean;
}

export interface ParsedStack {
  language: 'javascript' | 'python' | 'java' | 'go' | 'ruby' | 'php' | 'dotnet' | 'rust';
  /** As the runtime names it; empty when no head was printed. */
  type: string;
  message: string;
  /** Innermost first. */
  frames: StackFrame[];
}

/** A stack and the lines `[start, end)` that it takes, chained errors and printed properties included. */
export interface StackBlock {
  start: number;
  end: number;
  stack: ParsedStack;
}

/** Lines are looked at only this far: no frame or head is longer. */
export const MAX_TRACE_LINE = 4000;

export function hasInAppFrame(stack: { frames: StackFrame[] }): boolean {
  return stack.frames.some((frame) => frame.in_app);
}
