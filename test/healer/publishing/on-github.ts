/** A proven fix that waits for a person, in a clone of `acme/shop` on the loopback GitHub. */
import { afterAll } from 'vitest';
import { propose } from '../../../healer/fixes/propose.ts';
import { startFix } from '../../../healer/fixes/start-fix.ts';
import { verifyFix } from '../../../healer/fixes/verify-fix.ts';
import { healHonestly, reported, WORDS } from '../sample-fix.ts';
import { addRemote, freshFolder, run } from '../sample-repository.ts';
import { type LoopbackGitHub, openLoopback } from './github/loopback.ts';

export const ADDRESS = 'https://github.com/acme/shop.git';

const servers: LoopbackGitHub[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

/** The remote's address is GitHub's; git reaches the bare repository in its place. */
export function pointToGitHub(root: string, remote: string): void {
  run(root, 'config', 'remote.origin.url', ADDRESS);
  run(root, 'config', `url.${remote}.insteadOf`, ADDRESS);
}

export async function shop({ files = {}, of }: { files?: Record<string, string>; of?: { remote: string } } = {}) {
  const sample = await reported({ role: 'parent' }, files);
  let remote: string;
  if (of) {
    remote = of.remote;
    run(sample.root, 'remote', 'add', 'origin', remote);
    run(sample.root, 'fetch', '--quiet', 'origin');
    run(sample.root, 'reset', '--quiet', '--hard', 'origin/main');
  } else remote = addRemote(sample.root);
  pointToGitHub(sample.root, remote);
  return { ...sample, remote };
}

/** Somebody else's clone of the remote. */
export function colleague(remote: string): string {
  const folder = freshFolder('colleague');
  run(folder, 'clone', '--quiet', remote, '.');
  return folder;
}

export async function onGitHub(files: Record<string, string> = {}) {
  const sample = await shop({ files });
  const github = await serveGitHub(sample.remote);
  return { ...sample, ...(await proven(sample)), ...github };
}

export async function serveGitHub(remote: string) {
  const github = await openLoopback({ git: remote });
  servers.push(github);
  const nobody = { GITHUB_API_URL: github.apiUrl, PATH: '' };
  return { github, env: { ...nobody, GITHUB_TOKEN: github.token }, nobody };
}

export async function proven({ bench, incident }: Awaited<ReturnType<typeof reported>>) {
  const fix = await startFix(bench, { incident });
  await healHonestly(bench, fix);
  const { verification, text } = await verifyFix(bench, incident);
  if (verification.verdict !== 'pass') throw new Error(text);
  const asked = await propose(bench, { incident, ...WORDS });
  if (asked.status !== 'awaiting_approval') throw new Error(`It is ${asked.status}`);
  return { fix, verification };
}
