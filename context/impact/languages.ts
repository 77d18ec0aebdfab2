/** The languages whose imports are understood. A new one is a file in `languages/` and a line here. */
import type { Language } from './language.ts';
import { go } from './languages/go.ts';
import { java } from './languages/java.ts';
import { python } from './languages/python.ts';
import { typescript } from './languages/typescript.ts';

export const LANGUAGES: readonly Language[] = [typescript, python, go, java];

export function languageOf(path: string): Language | undefined {
  return LANGUAGES.find((language) => language.owns(path));
}

/** Ends of files that are code in languages that are not read. */
export const UNREAD_ENDINGS: readonly string[] = [
  ...['.kt', '.kts', '.scala', '.groovy', '.clj', '.rb', '.php', '.cs', '.fs', '.vb', '.rs', '.swift', '.dart', '.lua'],
  ...['.c', '.h', '.cc', '.cpp', '.hpp', '.m', '.mm', '.ex', '.exs', '.erl', '.hs', '.ml', '.pl', '.pm', '.jl', '.zig'],
  ...['.sh', '.ps1', '.sql', '.proto', '.pyx', '.ipynb', '.mdx', '.coffee'],
];
