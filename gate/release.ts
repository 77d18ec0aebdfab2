/** The commit behind the release that an event names. The name is foreign text: it names a tag or a commit id, or nothing. */
import { tryGit } from '../context/git.ts';
import type { Repository } from '../context/repository.ts';

interface Release {
  /** As the event says it. */
  name: string;
  commit: string;
}

/** Undefined when git knows no such release here. Branches do not count: they move on after a release. */
export async function findRelease(repository: Repository, name: string | undefined): Promise<Release | undefined> {
  const said = name?.trim() ?? '';
  for (const revision of [...tagsOf(said), ...idsOf(said)]) {
    const found = await tryGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], {
      cwd: repository.root,
    });
    if (found.exit === 0) return { name: said, commit: found.stdout.trim() };
  }
  return undefined;
}

/**
 * The tags that it may name: `1.4.0`, `v1.4.0`, and what Sentry makes of them: `package@version+build`. Only characters
 * that no revision syntax is made of.
 */
export function tagsOf(name: string): string[] {
  const spellings = plainOf(name).flatMap((one) => (/^v\d/.test(one) ? [one, one.slice(1)] : [one, `v${one}`]));
  return [...new Set(spellings)].map((one) => `refs/tags/${one}`);
}

/** A commit id of at least 7 digits. */
function idsOf(name: string): string[] {
  return plainOf(name).filter((one) => /^[0-9a-f]{7,64}$/.test(one));
}

function plainOf(name: string): string[] {
  if (!/^@?\w[\w.@+/-]{0,199}$/.test(name) || /\.\.|\.lock$|\/$|@$/.test(name)) return [];
  const version = name.slice(name.lastIndexOf('@') + 1);
  return [...new Set([name, version, version.replace(/\+.*$/, '')])].filter((one) => one !== '');
}
