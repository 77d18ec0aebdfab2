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
