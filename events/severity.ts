/** Severity of an error that no watcher has judged: what it says first, then how often it was seen. */
import { UserError } from './errors.ts';
import type { Severity } from './event.ts';

const STORAGE = '(?:mongo|database|(?<![a-z])db(?![a-z]))';

/** Regular expressions, matched without regard to case against `type: message`. */
export const DEFAULT_CRITICAL_PATTERNS: readonly string[] = [
  `${STORAGE}.{0,500}?(?:error|fail|refused|time(?:d )?out|down|unavailable)`,
  // "Error" before the name is mostly the type of any error at all.
  `(?:fail|refused|time(?:d )?out|unavailable).{0,500}?${STORAGE}`,
  'ECONNREFUSED',
  'jwt.{0,500}?(?:secret|undefined|invalid)',
  '(?:secret|undefined|invalid).{0,500}?jwt',
];
/** From this count on an error is high. */
export const DEFAULT_HIGH_COUNT = 10;
/** From this count on an error is medium, below it low. */
export const DEFAULT_MEDIUM_COUNT = 3;

export interface SeverityRules {
  criticalPatterns?: readonly string[] | undefined;
  highCount?: number | undefined;
  mediumCount?: number | undefined;
}

/** A pattern that is no regular expression is a UserError naming it. */
export function severity(
  error: { type?: string | undefined; message: string; count: number },
  rules: SeverityRules = {},
): Severity {
  const text = error.type ? `${error.type}: ${error.message}` : error.message;
  for (const pattern of rules.criticalPatterns ?? DEFAULT_CRITICAL_PATTERNS)
    if (compile(pattern).test(text)) return 'critical';
  if (error.count >= (rules.highCount ?? DEFAULT_HIGH_COUNT)) return 'high';
  if (error.count >= (rules.mediumCount ?? DEFAULT_MEDIUM_COUNT)) return 'medium';
  return 'low';
}

/** By pattern; a config has few. */
const compiled = new Map<string, RegExp>();
const MOST_COMPILED = 200;

function compile(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  try {
    const fresh = new RegExp(pattern, 'is');
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(pattern, fresh);
    return fresh;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(
      `Critical pattern ${JSON.stringify(pattern)} is not a regular expression: ${reason}`,
      'Correct it in intake.critical_patterns.',
    );
  }
}
