/**
 * Paths that a fix may not touch: the list of the config, and those that are always forbidden because they change how
 * git, the agent or the tools behave. Names are compared folded: on many file systems `.GIT` is `.git`.
 */
import { matches } from '../context/path-rules.ts';

/** Always forbidden, at any depth, also when ignored. */
export const ALWAYS_FORBIDDEN: readonly string[] = [
  '**/.git',
  '**/.git/**',
  '**/.gitattributes',
  '**/.gitmodules',
  '**/.claude/**',
  '**/.mcp.json',
  '**/CLAUDE.md',
  '**/.husky/**',
  '**/.npmrc',
  '**/.yarnrc*',
  '**/.envrc',
  '**/.vscode/**',
  '.self-healing/config.yaml',
];

export interface Forbidden {
  pattern: string;
  /** No setting lifts it. */
  always: boolean;
}

// HFS+ leaves these characters out when it compares names, so that `.g\u200cit` is `.git` there.
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * A name as the most forgiving file system would compare it: without letter case, one form per character, and without
 * the characters and trailing dots or spaces that some of them ignore. Two names that differ here differ everywhere.
 */
export function foldPath(path: string): string {
  const folded = path.normalize('NFKC').replace(IGNORED, '').toUpperCase().toLowerCase().normalize('NFKC');
  return /[. ](\/|$)/.test(folded) ? folded.replace(/([^/. ])[. ]+(?=\/|$)/g, '$1') : folded;
}

/** Tells which pattern forbids a repository-relative path; the config's patterns are `guardrails.forbidden_paths`. */
export function forbiddenPaths(configured: readonly string[]): (path: string) => Forbidden | undefined {
  const rules = [
    ...ALWAYS_FORBIDDEN.map((pattern) => ({ pattern, folded: pattern.toLowerCase(), always: true })),
    ...configured.map((pattern) => ({ pattern, folded: pattern.normalize('NFKC').toLowerCase(), always: false })),
  ];
  return (path) => {
    const names = [path.toLowerCase(), foldPath(path)];
    const found = rules.find(({ folded }) => names.some((name) => matches([folded], name)));
    return found && { pattern: found.pattern, always: found.always };
  };
}
