/**
 * What is the same for every error: texts without secrets, and the files of the repository that stacks name. Kept for as
 * long as the settings hold, because errors repeat themselves.
 */
import { toPlainText } from './plain-text.ts';
import { redact } from './redact.ts';
import { remembered } from './remembered.ts';
import { type RepositoryPathOptions, toRepositoryPath } from './stack/repository-path.ts';

export interface KnownWords {
  /** Plain, redacted, without spaces at its end. */
  clean(text: string): string;
  /** `toRepositoryPath` of a file. */
  path(file: string): string | undefined;
}

/** UTF-16 units that are kept, of texts and of paths. */
const MOST = 500_000;

/** `redactIps`: default true. Valid for these options alone. */
export function openKnownWords(options: RepositoryPathOptions & { redactIps?: boolean | undefined }): KnownWords {
  const ips = options.redactIps ?? true;
  return {
    clean: remembered((text) => redact(toPlainText(text), { ips }).trimEnd(), MOST),
    path: remembered((file) => toRepositoryPath(file, options), MOST),
  };
}
