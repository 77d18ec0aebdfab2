/**
 * What a token may do at the loopback GitHub, and the words in which GitHub refuses. The texts and headers are those of
 * recorded answers (octokit/fixtures, issues of peter-evans/create-pull-request, cli/cli, Reviewable) and of GitHub's
 * pages "Troubleshooting the REST API" and "Authenticating to the REST API".
 */
import type { Reply } from './loopback-reply.ts';
import { refusal } from './loopback-reply.ts';

export type Level = 'none' | 'read' | 'write';

export interface LoopbackToken {
  login: string;
  /** Fine-grained and workflow tokens have permissions, classic ones scopes. */
  kind: 'fine-grained' | 'classic' | 'workflow';
  /** False: the repository does not exist for it. */
  sees: boolean;
  permissions: { contents: Level; pull_requests: Level; issues: Level; actions?: Level; checks?: Level };
  scopes: string[];
  /** The organization demands single sign-on and the token has none. */
  sso: boolean;
  /** "Allow GitHub Actions to create and approve pull requests". */
  mayOpenPulls: boolean;
}

export function token(changes: Partial<LoopbackToken> = {}): LoopbackToken {
  return {
    login: 'healer-bot',
    kind: 'fine-grained',
    sees: true,
    permissions: { contents: 'write', pull_requests: 'write', issues: 'write', actions: 'read', checks: 'read' },
    scopes: ['repo'],
    sso: false,
    mayOpenPulls: true,
    ...changes,
  };
}

/** One of these sets is needed, such as `issues=write` or `pull_requests=write`. */
export type Needs = string[];

/** Undefined when it may. */
export function refuse(holder: LoopbackToken, needs: Needs, isPrivate: boolean): Reply | undefined {
  if (holder.sso)
    return refusal(
      403,
      'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
      'https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/',
      { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=AABBCC' },
    );
  if (!holder.sees) return refusal(404, 'Not Found');
  const reads = needs.every((set) => !set.includes('=write'));
  if (holder.kind === 'classic')
    return holder.scopes.includes('repo') || (reads && !isPrivate) ? undefined : refusal(404, 'Not Found');
  if (needs.some((set) => allows(holder, set))) return undefined;
  const words = holder.kind === 'workflow' ? 'integration' : 'personal access token';
  return refusal(403, `Resource not accessible by ${words}`);
}

function allows({ permissions }: LoopbackToken, set: string): boolean {
  return set.split(',').every((need) => {
    const [name = '', level] = need.split('=');
    if (name === 'metadata') return true;
    const has = Object.entries(permissions).find(([key]) => key === name)?.[1] ?? 'none';
    return has === 'write' || has === level;
  });
}

export function accessHeaders(holder: LoopbackToken | undefined, needs: Needs): Record<string, string> {
  if (holder?.kind === 'classic')
    return { 'x-oauth-scopes': holder.scopes.join(', '), 'x-accepted-oauth-scopes': 'repo' };
  return { 'x-accepted-github-permissions': needs.join('; ') };
}
