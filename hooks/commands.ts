/**
 * Shell commands of a healing agent: read by `shell.ts`, unwrapped, and judged one by one. Denied is what publishes
 * around the gate, decides in a person's place, or writes where the agent may not. What cannot be read is denied.
 */
import { homedir, tmpdir } from 'node:os';
import { judgeDiagnosis } from './commands/diagnosis.ts';
import { judgeEnvironment } from './commands/environment.ts';
import { diskFiles } from './commands/files.ts';
import { judgeGit } from './commands/git.ts';
import { judgeInlineCode } from './commands/inline-code.ts';
import { judgeNetwork } from './commands/network.ts';
import { judgePeopleOnly } from './commands/people.ts';
import { ALLOWED, type CommandFiles, type CommandPolicy, clip, denial, type Judgement } from './commands/policy.ts';
import { judgeProcesses } from './commands/processes.ts';
import { judgePublishing } from './commands/publishing.ts';
import { judgeFile, judgeReads } from './commands/reads.ts';
import { scriptText, WrittenFiles } from './commands/scripts.ts';
import { judgeWrites } from './commands/writes.ts';
import type { Denial } from './rules.ts';
import { programName } from './shell/program-name.ts';
import { type Place, readShell, type SimpleCommand } from './shell.ts';
import { judgeWaiting } from './waiting.ts';
import { type Script, Unwrapper } from './wrappers.ts';
import { writeTargets } from './write-targets.ts';

export type { CommandPolicy, Judgement } from './commands/policy.ts';

/** Scripts run by scripts are read this deep. */
const MAX_SCRIPTS = 8;
/** Of a script file in the worktree, which is code like the tests are, only these are held against the run. */
const HOLDS_FOR_FILES = /^(publish\.|command\.(git|processes)$|scope\.(?!unknown_path|outside_diagnosis|no_diagnosis))/;

/** Judges one Bash call. `cwd` is where the shell stands; a `cd` inside the command is followed. */
export function judgeCommand(text: string, policy: CommandPolicy, cwd: string): Judgement {
  const denied = new Judge(policy).text(text, cwd, 0, true);
  return denied ? { allowed: false, ...denied } : ALLOWED;
}

class Judge {
  private readonly policy: CommandPolicy;
  private readonly files: CommandFiles = diskFiles;
  private readonly written = new WrittenFiles();
  private readonly place: Place;
  private readonly unwrapper: Unwrapper;
  private readonly seen = new Set<string>();

  constructor(policy: CommandPolicy) {
    this.policy = policy;
    this.place = {
      toplevel: policy.worktree,
      variables: new Map([
        ['TMPDIR', tmpdir()],
        ['HOME', homedir()],
      ]),
      isFolder: (path) => this.files.isFolder(path),
    };
    this.unwrapper = new Unwrapper(this.place);
  }

  text(text: string, folder: string | null, depth: number, strict: boolean): Denial | undefined {
    const reading = readShell(text, { ...this.place, folder });
    if (!reading.ok) return strict ? unreadable(reading.why, 'Write it more plainly, in several calls.') : undefined;
    for (const command of reading.commands) {
      const problem = this.command(command, depth, strict);
      if (problem) return problem;
    }
    return undefined;
  }

  private command(command: SimpleCommand, depth: number, strict: boolean): Denial | undefined {
    const unwrapped = this.unwrapper.unwrap(command);
    if ('unreadable' in unwrapped) {
      if (strict) return unreadable(unwrapped.unreadable, 'Call the program directly.');
      return undefined;
    }
    for (const wrapper of unwrapped.wrappers) {
      const problem = judgePeopleOnly(wrapper, programName(wrapper.words[0]));
      if (problem) return problem;
    }
    for (const simple of unwrapped.commands) {
      const problem = judgeSimple(simple, this.policy, this.files);
      if (problem && (strict || HOLDS_FOR_FILES.test(problem.rule))) return problem;
      const name = programName(simple.words[0]);
      this.written.note(simple, name, writeTargets(simple, name));
    }
    const waits = strict ? judgeWaiting(command, { background: this.policy.background === true }) : undefined;
    if (waits) return { rule: 'command.waits', reason: `Denied: ${waits.why} ${waits.instead}` };
    for (const script of unwrapped.scripts) {
      const problem = this.script(script, depth, strict);
      if (problem) return problem;
    }
    return undefined;
  }

  private script(script: Script, depth: number, strict: boolean): Denial | undefined {
    const shown = judgeFile(script.file, script.folder ?? '', this.policy.judgeRead, this.files);
    if (shown) return shown;
    const found = scriptText(script, this.written, this.files, this.policy.worktree);
    if (found.kind === 'other') return undefined;
    if (found.kind === 'unknown')
      return strict
        ? unreadable(
            `the text of "${clip(found.file)}" is only known when it runs`,
            'Write the script with the Write tool first, then run it.',
          )
        : undefined;
    if (this.seen.has(found.text)) return undefined;
    this.seen.add(found.text);
    if (depth >= MAX_SCRIPTS)
      return unreadable('scripts in it call each other too deeply', 'Call the last one directly.');
    return this.text(found.text, script.folder, depth + 1, strict && found.strict);
  }
}

function judgeSimple(command: SimpleCommand, policy: CommandPolicy, files: CommandFiles): Denial | undefined {
  const [first] = command.words;
  if (first && !first.literal && programName(first) !== '[')
    return unreadable(
      `its program "${clip(first.text)}" is only known when it runs`,
      'Write the name of the program plainly.',
    );
  const name = programName(first);
  const folder = command.folder === undefined ? '' : command.folder;
  if (command.elsewhere)
    return (
      judgePublishing(command, name) ??
      judgeNetwork(command, name) ??
      (/^git(-.+)?$/.test(name) && /\b(push|send-email)\b/.test(command.words.map((word) => word.text).join(' '))
        ? judgeGit(command, policy.worktree, policy.worktree)
        : undefined)
    );
  const isGit = /^git(-.+)?$/.test(name);
  return (
    judgeEnvironment(command, name, policy.worktree) ??
    judgeState(command) ??
    (policy.role === 'diagnostician' ? diagnosis(command, name, policy.worktree) : undefined) ??
    judgePeopleOnly(command, name) ??
    (isGit ? judgeGit(command, policy.worktree, folder) : undefined) ??
    judgePublishing(command, name) ??
    judgeNetwork(command, name) ??
    judgeProcesses(command, name) ??
    judgeInlineCode(command, name) ??
    judgeReads(command, name, policy.judgeRead, files) ??
    judgeWrites(command, name, policy, files)
  );
}

function judgeState(command: SimpleCommand): Denial | undefined {
  const texts = [...command.words, ...command.redirects.map((redirect) => redirect.target)].map((word) => word.text);
  if (!texts.some((text) => /(^|[/=:])state\.db(-wal|-shm)?$/.test(text))) return undefined;
  return denial(
    'scope.product_state',
    "state.db is the product's own record",
    'Use the tools of the living-context server.',
  );
}

function diagnosis(command: SimpleCommand, name: string, worktree: string): Denial | undefined {
  const problem = judgeDiagnosis(command, name, worktree);
  if (problem === undefined) return undefined;
  return denial(
    'command.diagnosis',
    problem,
    'You only read: git grep, log, show, blame, diff, rg, ls, cat, head, tail, sed -n, find. End with record_diagnosis.',
  );
}

function unreadable(why: string, next: string): Denial {
  return denial('command.unreadable', `the command cannot be read, so the strictest reading is taken: ${why}`, next);
}
