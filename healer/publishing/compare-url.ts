/** Where a person opens the pull request of a pushed branch: the compare page, for remotes on GitHub. */
import { tryGit } from '../../context/git.ts';
import type { Repository } from '../../context/repository.ts';

/** Undefined when the remote is elsewhere. Never carries credentials that stand in the remote's address. */
export async function compareUrl(
  repository: Repository,
  remote: string,
  base: string,
  branch: string,
): Promise<string | undefined> {
  const found = await tryGit(['remote', 'get-url', '--push', remote], { cwd: repository.root });
  const name = found.exit === 0 ? githubName(found.stdout.trim()) : undefined;
  if (name === undefined) return undefined;
  const [from, to] = [base, branch].map((part) => part.split('/').map(encodeURIComponent).join('/'));
  return `https://github.com/${name}/compare/${from}...${to}?expand=1`;
}

/** `owner/name` of a GitHub address in any of git's spellings. */
export function githubName(url: string): string | undefined {
  const match =
    /^(?:(?:https?|ssh|git):\/\/(?:[^@/\s]*@)?(?:www\.)?github\.com(?::\d+)?\/|(?:[\w.-]+@)?github\.com:)\/*([\w.-]+)\/([\w.-]+?)(?:\.git)?\/*$/i.exec(
      url,
    );
  return match ? `${match[1]}/${match[2]}` : undefined;
}
