/** Where a person opens the pull request of a pushed branch by hand: the compare page. */
import type { GitHubRepository } from './repository.ts';

/** Opens with the form for a pull request unfolded. */
export function compareUrl(where: GitHubRepository, base: string, branch: string): string {
  const [from, to] = [base, branch].map((part) => part.split('/').map(encodeURIComponent).join('/'));
  return `${where.webUrl}/${where.owner}/${where.name}/compare/${from}...${to}?expand=1`;
}
