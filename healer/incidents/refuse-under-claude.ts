/**
 * Some decisions belong to a person: approve, skip, retry, resume after
 * rejections, and mute, which skips for good. This guard refuses them when the caller is, or runs below, a
 * Claude Code process, and when no terminal is attached. It is one fence of several: the stop and command guards deny
 * the call earlier, and approval evidence counts only in the process that holds it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../events/errors.ts';

/** How the calling process looks from outside. */
export interface Caller {
  env: Record<string, string | undefined>;
  /** Argument vectors of the ancestors, nearest first. */
  ancestors: string[][];
  /** A person can type here: stdin is a terminal. */
  terminal: boolean;
}

/** What a person in a session does in its place. */
const INSTEAD = {
  approve: 'type /self-healing:approve in the session',
  skip: 'type /self-healing:skip in the session',
  retry: 'type /self-healing:heal in the session',
  resume: 'merge one of the proposals',
  mute: 'name the error in `triage.mute` of .self-healing/config.yaml',
};

/**
 * Throws UserError (`not_allowed`) unless a person at a terminal, with no Claude Code above it, makes the call. `withToken`:
 * in place of the terminal there is an approver's token, which somebody else checks.
 */
export function refuseUnderClaude(
  action: keyof typeof INSTEAD,
  { withToken = false, ...caller }: Caller & { withToken?: boolean } = thisProcess(),
): void {
  const marked = ['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT'].find((name) => caller.env[name]);
  const why = marked
    ? `${marked} is set`
    : caller.ancestors.some(isClaude)
      ? 'a Claude Code process is among its ancestors'
      : undefined;
  if (why !== undefined)
    throw new UserError(
      `\`${action}\` is a person's decision and is refused here: this runs under Claude Code (${why}).`,
      `Run \`self-healing ${action}\` in a terminal of your own, or ${INSTEAD[action]}.`,
      'not_allowed',
    );
  // The tests and checks that a verification runs may be a model's work, and can make a terminal of their own.
  if (caller.ancestors.some(isOurs))
    throw new UserError(
      `\`${action}\` is a person's decision and is refused here: self-healing itself is among its ancestors.`,
      `Run \`self-healing ${action}\` in a terminal of your own.`,
      'not_allowed',
    );
  if (!caller.terminal && !withToken)
    throw new UserError(
      `\`${action}\` is a person's decision and needs a terminal; stdin is not one.`,
      `Run \`self-healing ${action}\` directly in a terminal, without a pipe or redirection.`,
      'not_allowed',
    );
}

/** `claude`, `/usr/bin/claude`, `node …/@anthropic-ai/claude-code/cli.js`. */
export function isClaude(argv: string[]): boolean {
  const [program = '', script = ''] = argv;
  const name = basename(program).replace(/\.exe$/i, '');
  if (name === 'claude') return true;
  if (!/^(node|nodejs|bun|deno)$/.test(name)) return false;
  return basename(script) === 'claude' || script.includes('/@anthropic-ai/claude-code/');
}

/** `node …/dist/cli.cjs heal …`: whatever runs below it was started by a check. */
function isOurs([program = '', script = '']: string[]): boolean {
  return /^node(?:js)?(?:\.exe)?$/.test(basename(program)) && /^(?:cli|server)\.cjs$/.test(basename(script));
}

export function thisProcess(): Caller {
  return { env: process.env, ancestors: ancestors(process.ppid), terminal: process.stdin.isTTY === true };
}

/** At most 64 steps up; a process that ended while we looked ends the walk. */
function ancestors(pid: number): string[][] {
  const found: string[][] = [];
  for (let at = pid; at > 1 && found.length < 64; ) {
    const step = process.platform === 'linux' ? fromProc(at) : fromPs(at);
    if (step === undefined) break;
    found.push(step.argv);
    at = step.parent;
  }
  return found;
}

function fromProc(pid: number): { argv: string[]; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    // A process may rewrite its arguments; the kernel's own name for it stands in parentheses.
    const comm = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { argv: comm === 'claude' ? ['claude', ...argv] : argv, parent };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): { argv: string[]; parent: number } | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8', timeout: 5000 });
    const match = /^\s*(\d+)\s+(.*)$/m.exec(text);
    return match ? { parent: Number(match[1]), argv: (match[2] ?? '').split(/\s+/) } : undefined;
  } catch {
    return undefined;
  }
}
