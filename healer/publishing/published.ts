/** What publishing answers with when it is done. */
import type { Proposal } from '../../store/proposals.ts';
import type { Destination } from './destination.ts';
import type { OpenPullRequest } from './github/pull-request.ts';
import { reportPath } from './report/file.ts';

export interface Published {
  status: 'proposed';
  branch: string;
  commit: string;
  pushed: boolean;
  /** Of the pull request. */
  url?: string;
  /** Why the pull request is a draft; left out where it is none. */
  draft?: string[];
  /** Where a person opens the pull request, for a remote on GitHub and no pull request of ours. */
  compare_url?: string;
  /** One line: what would let us open the pull request. */
  hint?: string;
  /** What a person should know although it went well, such as a label that could not be set. */
  warnings?: string[];
  /** Path of the report, relative to the repository. */
  report: string;
}

/** What a person reads of it, in sentences; the first completes "Published …". The report is named apart. */
export function publishedLines(published: Published): string[] {
  const { branch, pushed, url, draft, compare_url: page, hint, warnings = [] } = published;
  return [
    `on ${branch}${pushed ? ', pushed' : '; there is no remote to push to'}.`,
    ...(url ? [`Pull request${draft ? ` (a draft, because ${draft.join(', ')})` : ''}: ${url}`] : []),
    ...warnings,
    ...(page ? [`Open the pull request: ${page}`] : []),
    ...(hint ? [hint] : []),
  ];
}

export function publishedAs(
  { incident, branch, commit, status, url }: Proposal,
  told: { to?: Destination | undefined; opened?: OpenPullRequest | undefined; draft?: string[] } = {},
): Published {
  const { to, opened, draft = [] } = told;
  const { compareUrl = undefined, hint = undefined } = to?.kind === 'branch' ? to : {};
  return {
    status: 'proposed',
    branch,
    commit,
    pushed: status !== 'branch',
    ...(url === null ? {} : { url }),
    ...(draft.length > 0 ? { draft } : {}),
    ...(url !== null || compareUrl === undefined ? {} : { compare_url: compareUrl }),
    ...(url !== null || hint === undefined ? {} : { hint }),
    ...(opened && opened.warnings.length > 0 ? { warnings: opened.warnings } : {}),
    report: reportPath(incident),
  };
}
