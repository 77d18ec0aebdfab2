/** What is wrong in a file that people edit, and where. */

export type ProblemCode =
  | 'yaml_syntax'
  | 'too_large'
  | 'too_deep'
  | 'too_many_aliases'
  | 'unknown_key'
  | 'unknown_version'
  | 'missing_key'
  | 'invalid_value'
  | 'duplicate_id';

/** 1-based. */
export interface Place {
  line: number;
  column: number;
}

/** `file` is relative to the repository. */
export interface Problem extends Place {
  file: string;
  code: ProblemCode;
  message: string;
}

/** One line per problem, each starting with `file:line:column`. */
export function problemText(problems: readonly Problem[]): string {
  return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n');
}
