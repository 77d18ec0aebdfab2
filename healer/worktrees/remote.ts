/**
 * The remote that fixes are based on and pushed to, and the one way git talks to it: never asking anybody, with a
 * clock, in a process group of its own, so that a transport helper that hangs is ended together with git.
 */
import { git, gitEnvironment, tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';
import { runGroup } from '../../gate/process-group.ts';

/** The tip of a branch; `unreachable` carries git's own words, without credentials. */
export type RemoteTip = { status: 'found'; commit: string } | { status: 'absent' } | Unreachable;
export interface Unreachable {
  status: 'unreachable';
  why: string;
}

export interface NetworkOptions {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** `remote.pushDefault`, else `origin`, else the only remote there is; undefined when there is none to choose. */
export async function findRemote(repository: Repository): Promise<string | undefined> {
  const names = await remoteNames(repository);
  const configured = await tryGit(['config', '--get', 'remote.pushDefault'], { cwd: repository.root });
  const wanted = configured.stdout.trim();
  if (configured.exit === 0 && names.includes(wanted)) return wanted;
  if (names.includes('origin')) return 'origin';
  return names.length === 1 ? names[0] : undefined;
}

export async function remoteNames({ root }: Repository): Promise<string[]> {
  return (await git(['remote'], { cwd: root })).split('\n').filter((name) => name !== '');
}

/** Runs one git command that talks to a remote. Resolves with its exit code or why the remote was not reached. */
export async function talk(
  repository: Repository,
  args: string[],
  options: NetworkOptions,
): Promise<{ status: 'done'; exit: number; stdout: string; output: string } | Unreachable> {
  const ssh = await tryGit(['config', '--get', 'core.sshCommand'], { cwd: repository.root });
  const command: [string, ...string[]] = [
    'git',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'core.fsmonitor=false',
    '-c',
    'credential.interactive=false',
    '-c',
    'gc.auto=0',
    '-c',
    'maintenance.auto=false',
    ...args,
  ];
  const result = await runGroup(
    { argv: command },
    {
      cwd: repository.root,
      env: gitEnvironment({ GIT_SSH_COMMAND: `${ssh.stdout.trim() || 'ssh'} -oBatchMode=yes` }),
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    },
  );
  if (result.startError !== null)
    return { status: 'unreachable', why: `git could not be started: ${result.startError}` };
  if (result.aborted) return { status: 'unreachable', why: 'it was cancelled' };
  if (result.timedOut !== null || result.exit === null)
    return { status: 'unreachable', why: `no answer within ${Math.round(options.timeoutMs / 1000)} s` };
  return { status: 'done', exit: result.exit, stdout: result.stdout, output: withoutCredentials(result.output) };
}

/** Which branch the remote's HEAD names, such as `main`; undefined when it has no commits. */
export async function remoteDefaultBranch(
  repository: Repository,
  remote: string,
  options: NetworkOptions,
): Promise<{ status: 'found'; branch: string } | { status: 'absent' } | Unreachable> {
  const answer = await talk(repository, ['ls-remote', '--symref', remote, 'HEAD'], options);
  if (answer.status === 'unreachable') return answer;
  if (answer.exit !== 0) return { status: 'unreachable', why: lastWords(answer.output) };
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer.stdout)?.[1];
  return branch === undefined ? { status: 'absent' } : { status: 'found', branch };
}

/** The commit a branch of the remote points to, asked of the remote itself. */
export async function remoteTip(
  repository: Repository,
  remote: string,
  branch: string,
  options: NetworkOptions,
): Promise<RemoteTip> {
  const ref = `refs/heads/${branch}`;
  const answer = await talk(repository, ['ls-remote', remote, ref], options);
  if (answer.status === 'unreachable') return answer;
  if (answer.exit !== 0) return { status: 'unreachable', why: lastWords(answer.output) };
  const line = answer.stdout.split('\n').find((candidate) => candidate.endsWith(`\t${ref}`));
  const commit = line?.split('\t')[0];
  return commit === undefined ? { status: 'absent' } : { status: 'found', commit };
}

/** Brings the branch into its remote-tracking ref, and nothing else: no tags, no FETCH_HEAD, no submodules. */
export async function fetchBranch(
  repository: Repository,
  remote: string,
  branch: string,
  options: NetworkOptions,
): Promise<RemoteTip> {
  const tracking = `refs/remotes/${remote}/${branch}`;
  const answer = await talk(
    repository,
    [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      remote,
      `+refs/heads/${branch}:${tracking}`,
    ],
    options,
  );
  if (answer.status === 'unreachable') return answer;
  if (answer.exit !== 0) {
    if (/couldn't find remote ref/.test(answer.output)) return { status: 'absent' };
    return { status: 'unreachable', why: lastWords(answer.output) };
  }
  return { status: 'found', commit: (await git(['rev-parse', tracking], { cwd: repository.root })).trim() };
}

/** The last line that git said, for one line of a message. */
export function lastWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => /^(fatal|error|remote|ERROR|ssh):/.test(line));
  return (telling ?? lines.filter((line) => line !== '').at(-1) ?? 'git gave no reason').slice(0, 300);
}

/** `https://user:token@host/` → `https://host/`. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, '$1');
}
