/**
 * Shell commands of a healing agent: read by `shell.ts`, unwrapped, and judged one by one. Denied is what publishes
 * around the gate, decides in a person's place, or writes where the agent may not. What cannot be read is denied.
 */
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { judgeDiagnosis } from './diagnosis-commands.ts';
import { judgeGit } from './git-commands.ts';
import type { Role } from './role.ts';
import { readShell, type SimpleCommand, type Word } from './shell.ts';
import { programName, unwrap } from './wrappers.ts';
import { writeTargets } from './write-targets.ts';

export interface CommandPolicy {
  role: Role;
  /** Real path of the worktree. */
  worktree: string;
  /** Judges a write to an absolute path: the reason for denying it, or undefined. */
  judgeWrite(path: string): { rule: string; reason: string } | undefined;
}

export type Judgement = { allowed: true } | { allowed: false; rule: string; reason: string };

const PEOPLE_ONLY = new Set([
  'approve',
  'skip',
  'retry',
  'reject',
  'cancel',
  'mute',
  'pause',
  'resume',
  'heal',
  'serve',
  'watch',
]);
const FORGES = new Set(['gh', 'hub', 'glab', 'tea', 'bb', 'jj', 'hg', 'svn']);
const FORGE_API =
  /api\.github\.com|\/api\/v[34]\/(repos|projects)|api\.bitbucket\.org|\/pulls\b.*https?:|https?:.*\/pulls\b/i;
const CODE_WRITES =
  /writeFile|appendFile|createWriteStream|unlink|rmSync|rm\(|rename|copyFile|symlink|chmod|child_process|execSync|spawn|open\([^)]*['"][wax]|write_text|write_bytes|os\.(system|remove|rename|popen|exec)|subprocess|shutil|system\(|File\.write|file_put_contents/;
const INTERPRETER = /^(node|bun|deno|python[\d.]*|pypy\d*|ruby|perl|php|tsx|ts-node|osascript)$/;

/** Judges one Bash call. `cwd` is where the shell stands; a literal `cd` inside the command is followed. */
export function judgeCommand(text: string, policy: CommandPolicy, cwd: string): Judgement {
  const reading = readShell(text);
  if (!reading.ok)
    return deny(
      'command.unreadable',
      `the command cannot be read because ${reading.why}`,
      'Write it more plainly, in several calls.',
    );
  let here = cwd;
  for (const command of reading.commands) {
    const unwrapped = unwrap(command);
    if ('unreadable' in unwrapped)
      return deny(
        'command.unreadable',
        `the command cannot be read because ${unwrapped.unreadable}`,
        'Call the program directly.',
      );
    for (const simple of unwrapped.commands) {
      const judged = judgeSimple(simple, policy, here);
      if (!judged.allowed) return judged;
      const moved = changedFolder(simple, here);
      if (moved === undefined)
        return deny(
          'command.unreadable',
          'it changes to a folder that is only known when it runs',
          `Write the folder plainly; you work in ${policy.worktree}.`,
        );
      here = moved;
    }
  }
  return { allowed: true };
}

function judgeSimple(command: SimpleCommand, policy: CommandPolicy, cwd: string): Judgement {
  const [first, ...rest] = command.words;
  if (first && !first.literal && programName(first) !== '[')
    return deny(
      'command.unreadable',
      `its program "${clip(first.text)}" is only known when it runs`,
      'Write the name of the program plainly.',
    );
  const name = programName(first);
  const exported = /^(export|declare|typeset|readonly|local)$/.test(name) ? rest.map((word) => word.text) : [];
  const poisoned = [...command.assignments, ...exported].find((a) =>
    /^(GIT_|LD_|DYLD_|NODE_OPTIONS|PYTHONSTARTUP|BASH_ENV|ENV=|PATH=|SELF_HEALING_|CLAUDE)/.test(a),
  );
  if (poisoned)
    return deny(
      'command.environment',
      `setting ${poisoned.split('=')[0]} is not allowed in a healing run`,
      'Run the command without it.',
    );
  const texts = [...command.words, ...command.redirects.map((r) => r.target)].map((word) => word.text);
  if (texts.some((text) => /(^|\/)state\.db(-wal|-shm)?$/.test(text)))
    return deny(
      'scope.product_state',
      "state.db is the product's own record",
      'Use the tools of the living-context server.',
    );
  if (policy.role === 'diagnostician') {
    const problem = judgeDiagnosis(command, name, policy.worktree);
    if (problem)
      return deny(
        'command.diagnosis',
        problem,
        'You only read: git grep, log, show, blame, diff, rg, ls, cat, head, tail, sed -n, find. End with record_diagnosis.',
      );
  }
  const people = peopleCommand(name, rest);
  if (people)
    return deny(
      'command.people_only',
      `\`self-healing ${people}\` is a person's decision`,
      'Call propose_pr, or escalate with what you need.',
    );
  if (name === 'git') {
    const denial = judgeGit(command, policy.worktree, cwd);
    if (denial) return { allowed: false, ...denial };
  }
  if (FORGES.has(name) || texts.some((text) => FORGE_API.test(text)))
    return deny(
      'command.publish',
      `\`${name}\` publishes around the gate`,
      'Call propose_pr once verify_fix answers pass.',
    );
  if (
    name === 'pkill' ||
    name === 'killall' ||
    (name === 'kill' && rest.some((word) => /PPID|^1$|^-1$/.test(word.text)))
  )
    return deny(
      'command.processes',
      'it would end processes that are not yours',
      'End only processes you started, by their id.',
    );
  const code = inlineCode(command, name);
  if (code !== undefined && CODE_WRITES.test(code))
    return deny(
      'command.inline_code',
      `inline ${name} code that writes files or starts programs is not checked`,
      'Use Edit or Write for files, and plain commands for programs.',
    );
  return judgeWrites(command, name, policy, cwd);
}

function judgeWrites(command: SimpleCommand, name: string, policy: CommandPolicy, cwd: string): Judgement {
  for (const target of writeTargets(command, name)) {
    const path = knownPath(target, cwd);
    if (path === undefined)
      return deny(
        'scope.unknown_path',
        `it writes to "${clip(target.text)}", which is only known when it runs`,
        'Write the path plainly.',
      );
    if (path === null) continue;
    const denial = policy.judgeWrite(path);
    if (denial) return { allowed: false, ...denial };
  }
  return { allowed: true };
}

/** Absolute path of a written word; null for devices and temporary files; undefined when it cannot be known. */
function knownPath(word: Word, cwd: string): string | null | undefined {
  const { text } = word;
  if (/^\/dev\/(null|stdout|stderr|tty|fd\/\d+)$/.test(text) || /^&?\d+$|^-$/.test(text)) return null;
  if (/^\$\{?TMPDIR\}?(\/|$)/.test(text) && !text.includes('..')) return null;
  if (word.literal) return resolve(cwd, text);
  // A glob is judged by the folder before it; anything else is unknown.
  const plain = /^[^$`{~*?[]*/.exec(text)?.[0] ?? '';
  if (/[$`{~]/.test(text)) return undefined;
  return resolve(cwd, plain.replace(/[^/]*$/, '') || '.');
}

function peopleCommand(name: string, rest: Word[]): string | undefined {
  const words = rest.map((word) => word.text);
  const viaInterpreter =
    INTERPRETER.test(name) || ['npx', 'npm', 'pnpm', 'yarn', 'bunx', 'sh', 'bash', 'launch'].includes(name);
  const start =
    name === 'self-healing'
      ? 0
      : viaInterpreter || name === '.' || name === 'source'
        ? words.findIndex((word) => /self-healing|cli\.cjs$|^cli$/.test(word)) + 1
        : 0;
  if (name !== 'self-healing' && start === 0) return undefined;
  return words.slice(start).find((word) => PEOPLE_ONLY.has(word));
}

function inlineCode(command: SimpleCommand, name: string): string | undefined {
  if (!INTERPRETER.test(name)) return undefined;
  const words = command.words.slice(1);
  const at = words.findIndex(
    (word) => /^(-[a-zA-Z]*[ecpr]|--eval|--print)$/.test(word.text) || /^--(eval|print)=/.test(word.text),
  );
  if (at >= 0)
    return words
      .slice(at)
      .map((word) => word.text)
      .join(' ');
  return command.stdin;
}

/** The folder after this command, when it is `cd`; undefined when it cannot be known. */
function changedFolder(command: SimpleCommand, cwd: string): string | undefined {
  const name = programName(command.words[0]);
  if (name !== 'cd' && name !== 'pushd') return cwd;
  const target = command.words.slice(1).find((word) => !word.text.startsWith('-'));
  if (!target) return undefined;
  if (/^\$\{?TMPDIR\}?(\/|$)/.test(target.text)) return resolve(tmpdir());
  return target.literal ? resolve(cwd, target.text) : undefined;
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function deny(rule: string, what: string, next: string): Judgement {
  return { allowed: false, rule, reason: `Denied: ${what}. ${next}` };
}
