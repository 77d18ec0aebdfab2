/**
 * Paths that a fix may not touch: the list of the config, and those that are always forbidden because they change how
 * git, the agent or the tools behave. Letter case is ignored: on many file systems `.GIT` is `.git`.
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

/** Tells which pattern forbids a repository-relative path; the config's patterns are `guardrails.forbidden_paths`. */
export function forbiddenPaths(configured: readonly string[]): (path: string) => Forbidden | undefined {
  const rules = [
    ...ALWAYS_FORBIDDEN.map((pattern) => ({ pattern, always: true })),
    ...configured.map((pattern) => ({ pattern, always: false })),
  ];
  return (path) => rules.find(({ pattern }) => matches([pattern.toLowerCase()], path.toLowerCase()));
}
