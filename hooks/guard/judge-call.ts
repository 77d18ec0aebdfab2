/**
 * Whether one call of a healing agent may be made, by what it asks for alone: the same judgement before a call, and
 * afterwards for a call that no hook has seen.
 */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { judgeDiagnosisText } from '../commands/diagnosis.ts';
import { judgeReadsIn } from '../commands/reads.ts';
import { type CommandPolicy, judgeCommand } from '../commands.ts';
import type { Role } from '../role.ts';
import type { Denial } from '../rules.ts';
import { type FixScope, judgeRead, judgeWrite } from '../scope.ts';
import { WRITING_TOOLS } from '../trace/file-tools.ts';

export interface JudgedCall {
  tool: string;
  input: Record<string, unknown>;
  /** The folder it is made in. */
  cwd: string;
}

/** Where a tool reads or searches; without it, in the folder the call is made in. */
const READING_TOOLS: ReadonlyMap<string, string> = new Map([
  ['Read', 'file_path'],
  ['Grep', 'path'],
  ['Glob', 'path'],
]);

/** Nobody types a longer command, and reading it would hold the session up. */
const MAX_COMMAND = 100_000;

/** Whether calls of this tool are judged at all. */
export function isJudged(tool: string): boolean {
  return tool === 'Bash' || WRITING_TOOLS.has(tool) || READING_TOOLS.has(tool);
}

/** `scope` is that of the fix the agent is bound to, undefined before there is one. Throws when the input has no form. */
export function judgeCall(call: JudgedCall, role: Role, scope: FixScope | undefined): Denial | undefined {
  const target = WRITING_TOOLS.get(call.tool);
  if (target !== undefined) return judgeTarget(z.string().parse(call.input[target]), call, role, scope);
  const read = READING_TOOLS.get(call.tool);
  if (read !== undefined) return judgeReader(read, call, scope);
  return call.tool === 'Bash' ? judgeBash(z.string().parse(call.input.command), call, role, scope) : undefined;
}

/** The same of a call that was made already, by a record of it: what has no form is not let off. Never throws. */
export function judgePastCall(call: JudgedCall, role: Role, scope: FixScope): Denial | undefined {
  if (!isJudged(call.tool)) return undefined;
  try {
    return judgeCall(call, role, scope);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { rule: 'guard.undecided', reason: `Denied: the guard could not judge this call (${why}).` };
  }
}

function judgeTarget(path: string, call: JudgedCall, role: Role, scope: FixScope | undefined): Denial | undefined {
  if (role === 'diagnostician')
    return { rule: 'scope.diagnosis', reason: 'Denied: the diagnosis changes nothing. End with record_diagnosis.' };
  if (!scope)
    return { rule: 'scope.not_started', reason: 'Denied: no fix is open. Call start_fix with the incident first.' };
  return judgeWrite(scope, placed(path, call.cwd));
}

function judgeReader(field: string, { tool, input, cwd }: JudgedCall, scope: FixScope | undefined): Denial | undefined {
  const paths = [z.string().optional().parse(input[field]) ?? cwd];
  // A pattern may lead elsewhere by itself: judged by the folder before its first wildcard.
  const pattern = tool === 'Glob' ? z.string().optional().parse(input.pattern) : undefined;
  if (pattern !== undefined && (isAbsolute(pattern) || pattern.includes('..'))) paths.push(beforeWildcard(pattern));
  for (const path of paths) {
    const denial = judgeRead(scope, placed(path, cwd));
    if (denial) return denial;
  }
  return undefined;
}

function beforeWildcard(pattern: string): string {
  const [before = ''] = pattern.split(/[*?[{]/, 1);
  return before === pattern ? pattern : before.slice(0, before.lastIndexOf('/') + 1) || '.';
}

/** As it was written: a `..` must not be taken away before it is known what stands there. */
function placed(path: string, cwd: string): string {
  return isAbsolute(path) ? path : `${cwd}/${path}`;
}

function judgeBash(command: string, call: JudgedCall, role: Role, scope: FixScope | undefined): Denial | undefined {
  if (command.length > MAX_COMMAND)
    return {
      rule: 'command.unreadable',
      reason: `Denied: the command has ${command.length} characters, more than can be read. Write a file and run that.`,
    };
  if (!scope) {
    const shown = judgeReadsIn(command, call.cwd, (path) => judgeRead(undefined, path));
    if (shown) return shown;
    const problem = judgeDiagnosisText(command, call.cwd);
    return problem
      ? {
          rule: 'scope.not_started',
          reason: `Denied: ${problem}, and no fix is open. Call start_fix with the incident first.`,
        }
      : undefined;
  }
  const policy: CommandPolicy = {
    role,
    worktree: scope.worktree,
    judgeWrite: (path) => judgeWrite(scope, path),
    judgeRead: (path) => judgeRead(scope, path),
    background: call.input.run_in_background === true,
  };
  const judged = judgeCommand(command, policy, call.cwd);
  return judged.allowed ? undefined : judged;
}
