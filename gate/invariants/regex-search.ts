/** Looks for a regular expression. `^` and `$` match at lines. */
import type { Search } from './pattern.ts';

export function regexSearch(source: string): Search {
  const regex = new RegExp(source, 'gm');
  return {
    name: `/${source}/`,
    find: (_path, text) =>
      [...text.matchAll(regex)].map((match) => ({
        line: text.slice(0, match.index).split('\n').length,
        text: match[0],
      })),
  };
}
