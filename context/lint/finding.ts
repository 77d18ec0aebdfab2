/** What lint can find: one row for each code, with how bad it is and what to do. docs/lint.md says the same to people. */
import type { ProblemCode } from '../document/problem.ts';
import type { Origin } from '../schemas/fields.ts';

/** `error`: as it stands it does not say what was meant, or has no effect. `warning`: it holds less than it could. */
type Severity = 'error' | 'warning';

interface Meaning {
  severity: Severity;
  fix: string;
}

const error = (fix: string): Meaning => ({ severity: 'error', fix });
const warning = (fix: string): Meaning => ({ severity: 'warning', fix });

const PROBLEMS: Record<ProblemCode, Meaning> = {
  yaml_syntax: error('Correct the YAML; until then nothing of this file counts.'),
  unknown_version: error('Write a version that this release reads; until then nothing of this file counts.'),
  too_large: error('Split the file.'),
  too_deep: error('Write it with fewer levels.'),
  too_many_aliases: error('Write the values out instead of repeating them by aliases.'),
  unknown_key: error('Correct the key, or remove it; until then nothing of this file counts.'),
  missing_key: error('Add the key; until then nothing of this file counts.'),
  invalid_value: error('Correct the value; until then nothing of this file counts.'),
  duplicate_id: error('Give one of the two another id.'),
};

export const CODES = {
  ...PROBLEMS,
  not_read: error('Rename it to one that is read.'),
  dead_path: error('Correct the path, or remove it.'),
  unknown_incident: error('Correct the id, or write the incident down in incidents.yaml.'),
  unproven: warning('Add what executes it.'),
  no_outcome: error('Say in `expected` what has to come out.'),
  no_scenario: warning('Add a scenario for one of these files, or one with this `incident`.'),
  no_program: error('Correct the command, or install the program.'),
  no_script: error('Correct the name, or add the script to package.json.'),
  no_file: error('Correct the path in the command.'),
  no_export: error('Correct the name of the export.'),
  not_callable: error('Name a module of JavaScript or TypeScript, or use a test_command.'),
  invalid_rule: error('Correct the rule.'),
  not_checked: warning('Try again once the parser is there.'),
  no_files: error('Correct `files` or `language`.'),
  never_matches: error('Correct the pattern, or `files`.'),
  already_fails: error('Correct the code, or the rule: as it is, no fix can be judged by it.'),
  no_matcher: warning(
    'Add `match: { regex }` or `match: { language, rule }`, so that a fix which repeats it is refused.',
  ),
  duplicate_entry: warning('Remove one of the two.'),
  contradiction: error('Decide which of the two holds and remove the other.'),
  no_effect: warning('Remove it, or correct what it names.'),
} satisfies Record<string, Meaning>;

export type LintCode = keyof typeof CODES;

export interface LintFinding {
  /** Relative to the repository; line and column are 1-based. */
  file: string;
  line: number;
  column: number;
  code: LintCode;
  severity: Severity;
  message: string;
  /** What to do about it. */
  fix: string;
}

/** `instead` of what the table says, where more is known. */
export function finding(at: Origin, code: LintCode, message: string, instead: Partial<Meaning> = {}): LintFinding {
  return { file: at.path, line: at.line, column: at.column, code, ...CODES[code], ...instead, message };
}
