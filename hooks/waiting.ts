/**
 * Commands that would wait for a person or never end (credential prompts, editors, REPLs, watch modes, servers in the
 * foreground), told from their words before they start, each with the form that goes on by itself. Facts and limits:
 * docs/waiting.md.
 */
import type { SimpleCommand } from './shell.ts';
import { CREDENTIALS } from './waiting/credentials.ts';
import { EDITORS } from './waiting/editors.ts';
import { FOLLOWERS } from './waiting/followers.ts';
import { GIT } from './waiting/git.ts';
import { readInvocation } from './waiting/invocation.ts';
import { withInner } from './waiting/prefixes.ts';
import { QUESTIONS } from './waiting/questions.ts';
import { REPLS } from './waiting/repls.ts';
import { type Family, match, type WaitingRule } from './waiting/rule.ts';
import { SERVERS } from './waiting/servers.ts';
import { WATCHERS } from './waiting/watchers.ts';

/** A command that would wait: what for, and the exact form to use instead; both are whole sentences. */
export interface Waiting {
  why: string;
  instead: string;
}

/** What the caller knows of the place where the command runs, beside what the command itself holds. */
export interface Surroundings {
  /** The whole Bash call has `run_in_background: true`: a server may then run on. */
  background?: boolean;
  /** `timeout N` wraps it: it ends by itself. */
  timed?: boolean;
}

const FAMILIES: readonly Family[] = [CREDENTIALS, EDITORS, GIT, QUESTIONS, REPLS, WATCHERS, SERVERS, FOLLOWERS];
const BY_PROGRAM = new Map<string, { family: Family; rule: WaitingRule; pattern: string }[]>();
for (const family of FAMILIES)
  for (const rule of family.rules)
    for (const pattern of rule.programs) {
      const [program = ''] = pattern.split(' ');
      BY_PROGRAM.set(program, [...(BY_PROGRAM.get(program) ?? []), { family, rule, pattern }]);
    }

/**
 * Judges one command as `readShell` gives it, with what it wraps (`timeout`, `sudo`, `sh -c`); undefined when it goes on
 * by itself as far as its words tell. Never throws.
 */
export function judgeWaiting(command: SimpleCommand, surroundings: Surroundings = {}): Waiting | undefined {
  if (command.elsewhere === true) return undefined;
  for (const inner of withInner(command)) {
    const waiting = judgeOne(inner, surroundings);
    if (waiting) return waiting;
  }
  return undefined;
}

function judgeOne(command: SimpleCommand, surroundings: Surroundings): Waiting | undefined {
  const invocation = readInvocation(command);
  if (!invocation || invocation.args.some((arg) => arg === '--help' || arg === '--version')) return undefined;
  const ends = Boolean(command.background || command.timed || surroundings.background || surroundings.timed);
  for (const { family, rule, pattern } of BY_PROGRAM.get(invocation.program) ?? []) {
    if ((family.kind === 'endless' && ends) || (family.answerable && invocation.input)) continue;
    const call = match(rule, pattern, invocation);
    if (!call || (rule.when && !rule.when(call))) continue;
    const { as } = call;
    return {
      why: `\`${as}\` ${rule.why}${family.kind === 'person' ? ', and nobody is there to answer' : ''}.`,
      instead: rule.instead.replaceAll('{as}', as),
    };
  }
  return undefined;
}
