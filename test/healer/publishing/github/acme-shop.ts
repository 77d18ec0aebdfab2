/** A repository `acme/shop` on the loopback GitHub with a proposal's branch pushed, and our client talking to it. */
import { afterAll, afterEach } from 'vitest';
import { type GitHub, type GitHubOptions, openGitHub } from '../../../../healer/publishing/github/client.ts';
import { addRemote, commit, run, sampleRepository } from '../../sample-repository.ts';
import { type LoopbackGitHub, type LoopbackOptions, openLoopback } from './loopback.ts';

export const FINGERPRINT = '1a2b3c4d5e6f7890';
export const INCIDENT = `INC-${FINGERPRINT}`;
export const BRANCH = `hotfix/auto-${FINGERPRINT}`;
export const TRAILER = `Self-Healing-Incident: ${INCIDENT}/1`;

export interface AcmeShop {
  server: LoopbackGitHub;
  /** Folder of the bare repository. */
  git: string;
  /** Folder of the clone it was pushed from. */
  root: string;
  /** Milliseconds of every wait; no wait takes any time. */
  waits: number[];
  open(options?: Partial<GitHubOptions>): GitHub;
  /** Pushes a branch off main with these files changed. */
  push(branch: string, files: Record<string, string>, message?: string): void;
}

const servers: LoopbackGitHub[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

let origin: { git: string; root: string } | undefined;
afterAll(() => {
  origin = undefined;
});

/** One git repository for the whole test file, a fresh server for each test. */
export async function acmeShop(options: Partial<LoopbackOptions> = {}): Promise<AcmeShop> {
  origin ??= await pushed();
  const { git, root } = origin;
  const server = await openLoopback({ git, ...options });
  servers.push(server);
  const waits: number[] = [];
  return {
    server,
    git,
    root,
    waits,
    push: (branch, files, message) => push(root, branch, files, message),
    open: (changes = {}) =>
      openGitHub({
        where: { owner: 'acme', name: 'shop', apiUrl: server.apiUrl, webUrl: 'https://github.com' },
        token: server.token,
        timeoutMs: 20_000,
        clock: {
          now: () => new Date(),
          sleep: async (ms) => {
            waits.push(ms);
          },
        },
        ...changes,
      }),
  };
}

async function pushed(): Promise<{ git: string; root: string }> {
  const { root } = await sampleRepository({ 'src/tenant.js': 'one\n', 'src/cart.js': 'one\n' });
  const git = addRemote(root);
  push(root, BRANCH, { 'src/tenant.js': 'two\n' });
  return { git, root };
}

function push(root: string, branch: string, files: Record<string, string>, message = 'change'): void {
  run(root, 'switch', '--quiet', '--force-create', branch, 'main');
  commit(root, files, message);
  run(root, 'push', '--quiet', '--force', 'origin', branch);
  run(root, 'switch', '--quiet', 'main');
}
