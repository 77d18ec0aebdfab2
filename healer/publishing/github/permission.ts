/** Which permission a token lacks, and where a person grants it. */

/** Permissions of fine-grained tokens and workflows that a request needs, as GitHub documents them. */
export type Need =
  | 'metadata: read'
  | 'actions: read'
  | 'checks: read'
  | 'contents: read'
  | 'contents: write'
  | 'pull requests: read'
  | 'pull requests: write'
  | 'issues: write';

const TRY_AGAIN = 'then publish again.';

/** One sentence for a 401, 403 or 404. */
export function permissionHint(status: number, headers: Record<string, string>, message: string, needs: Need): string {
  if (status === 401) return `Set GITHUB_TOKEN to a valid token, or log in with \`gh auth login\`, ${TRY_AGAIN}`;
  if (/SAML|single sign-on/i.test(message) || headers['x-github-sso']?.startsWith('required'))
    return `Authorize the token for the organization's single sign-on (Settings, Developer settings, Tokens, Configure SSO), or log in again with \`gh auth login\`, ${TRY_AGAIN}`;
  if (/not permitted to create or approve pull requests/i.test(message))
    return `Tick "Allow GitHub Actions to create and approve pull requests" (repository settings, Actions, General), or use a token of your own in GITHUB_TOKEN, ${TRY_AGAIN}`;
  if (/IP allow list/i.test(message))
    return `Add this machine's address to the organization's IP allow list, ${TRY_AGAIN}`;
  if (/OAuth App access restrictions/i.test(message))
    return `Ask an owner of the organization to approve the application, or use a token in GITHUB_TOKEN, ${TRY_AGAIN}`;
  if (needs === 'metadata: read')
    return `Check the address of the remote, and give the token access to this repository: pull requests: write, contents: read and issues: write, or the scope "repo" of a classic one; ${TRY_AGAIN}`;
  const scopes = headers['x-oauth-scopes'];
  // Classic tokens and those of the GitHub CLI have scopes; the others have permissions per repository.
  if (scopes !== undefined)
    return `Check that the account may write to the repository, and give the token the scope "repo" ("public_repo" for a public one; it has ${scopes === '' ? 'none' : `"${scopes.slice(0, 200)}"`}), ${TRY_AGAIN}`;
  const wanted = accepted(headers['x-accepted-github-permissions']) ?? needs;
  return `Give the token access to this repository with the permission ${wanted} (in a workflow: \`permissions: ${workflowKey(wanted)}\`), ${TRY_AGAIN}`;
}

/** `pull_requests=write,contents=read; issues=write` → `pull requests: write and contents: read, or issues: write`. */
function accepted(header: string | undefined): string | undefined {
  if (header === undefined || !/^[\w=,; ]{1,300}$/.test(header)) return undefined;
  const sets = header.split(';').map((set) =>
    set
      .split(',')
      .map((one) => one.trim().replaceAll('_', ' ').replace('=', ': '))
      .filter((one) => one !== '')
      .join(' and '),
  );
  return sets.filter((set) => set !== '').join(', or ') || undefined;
}

/** The first permission in the spelling of workflow files. */
function workflowKey(wanted: string): string {
  const [first = ''] = wanted.split(/,| and /);
  return first.replace(/^(\w+) (\w+)/, '$1-$2');
}
