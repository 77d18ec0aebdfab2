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
  for (const revision of revisionsOf(said)) {
    const found = await tryGit(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], {
      cwd: repository.root,
    });
    if (found.exit === 0) return { name: said, commit: found.stdout.trim() };
  }
  return undefined;
}

/**
 * `1.4.0`, `v1.4.0`, a commit id of at least 7 digits, and what Sentry makes of them: `package@version+build`. Only
 * characters that no revision syntax is made of.
 */
function revisionsOf(name: string): string[] {
  if (!/^@?\w[\w.@+/-]{0,199}$/.test(name) || /\.\.|\.lock$|\/$|@$/.test(name)) return [];
  const version = name.slice(name.lastIndexOf('@') + 1);
  const plain = [name, version, version.replace(/\+.*$/, '')].filter((one) => one !== '');
  const spellings = [...new Set(plain.flatMap((one) => (/^v\d/.test(one) ? [one, one.slice(1)] : [one, `v${one}`])))];
  const ids = [...new Set(plain)].filter((one) => /^[0-9a-f]{7,64}$/.test(one));
  return [...spellings.map((one) => `refs/tags/${one}`), ...ids];
}
