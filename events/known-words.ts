/**
 * What is the same for every error: texts without secrets, and the files of the repository that stacks name. Kept for as
 * long as the settings hold, because errors repeat themselves.
 */
import type { Frame } from './event.ts';
import { toPlainText } from './plain-text.ts';
import { redact } from './redact.ts';
import { remembered } from './remembered.ts';
import type { StackFrame } from './stack/block.ts';
import { type RepositoryPathOptions, toRepositoryPath } from './stack/repository-path.ts';

export interface KnownWords {
  /** Plain, redacted, without spaces at its end. */
  clean(text: string): string;
  /** The same for words that are hardly said twice, such as messages with numbers in them. */
  cleanOnce(text: string): string;
  /** `toRepositoryPath` of a file. */
  path(file: string): string | undefined;
  /** What was made of this very list of frames before, else `make`s it. */
  stack(frames: readonly StackFrame[], make: () => KnownStack): KnownStack;
}

/** The frames of a stack: as they stand in the sources, and as an event tells them. */
export interface KnownStack {
  inSources: readonly StackFrame[];
  frames: Frame[];
}

/** Up to this many UTF-16 units are cleaned sooner than they are looked up and kept. */
const SHORT = 400;
/** UTF-16 units that are kept, of texts and of paths. */
const MOST = 500_000;

/** `redactIps`: default true. Valid for these options alone. */
export function openKnownWords(options: RepositoryPathOptions & { redactIps?: boolean | undefined }): KnownWords {
  const ips = options.redactIps ?? true;
  const cleaned = (text: string) => redact(toPlainText(text), { ips }).trimEnd();
  const clean = remembered(cleaned, MOST);
  const stacks = new WeakMap<readonly StackFrame[], KnownStack>();
  return {
    clean,
    cleanOnce: (text) => (text.length <= SHORT ? cleaned(text) : clean(text)),
    path: remembered((file) => toRepositoryPath(file, options), MOST),
    stack(frames, make) {
      const before = stacks.get(frames);
      if (before) return before;
      const made = make();
      // Where a source map stands meanwhile, the next answer may be another one.
      if (!frames.some(({ generated }) => generated)) stacks.set(frames, made);
      return made;
    },
  };
}
