/** Files that say which dependencies a project has: written by people (manifests) or by a package manager (lock files). */

const LOCK =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|pylock(\.[^/]+)?\.toml|go\.sum|Cargo\.lock|Gemfile\.lock|composer\.lock|gradle\.lockfile)$/;

const MANIFEST =
  /(^|\/)(requirements[^/]*\.(txt|in)|constraints[^/]*\.txt|Pipfile|go\.mod|Cargo\.toml|Gemfile|composer\.json|pom\.xml|build\.gradle(\.kts)?)$/;

/**
 * `lock` for generated files, `manifest` for files that are all about dependencies; undefined for everything else, also
 * for package.json, pyproject.toml and setup.cfg, which hold other things too.
 */
export function isDependencyFile(path: string): 'lock' | 'manifest' | undefined {
  if (LOCK.test(path)) return 'lock';
  return MANIFEST.test(path) ? 'manifest' : undefined;
}

/** What an installation is determined by: lock files, and requirement lists that stand in for them. */
export function decidesInstallation(path: string): boolean {
  return LOCK.test(path) || /(^|\/)requirements[^/]*\.txt$/.test(path);
}
