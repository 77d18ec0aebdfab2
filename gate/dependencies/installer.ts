/** Which command makes a clean installation of exactly what a tree's lock file says, and runs no package's scripts. */
import type { GroupCommand } from '../process-group.ts';
import type { TreeEntry } from '../tree.ts';

export interface Installer {
  steps: { command: GroupCommand; text: string }[];
  /** Root-relative folders that it fills. */
  fills: string[];
}

const of = (lines: string[], fills: string[]): Installer => ({
  steps: lines.map((text) => ({ command: { argv: text.split(' ') as [string, ...string[]] }, text })),
  fills,
});

const NPM = of(['npm ci --ignore-scripts --no-audit --no-fund'], ['node_modules']);
const PNPM = of(['pnpm install --frozen-lockfile --ignore-scripts'], ['node_modules']);
const YARN = of(['yarn install --frozen-lockfile --ignore-scripts --non-interactive'], ['node_modules']);
/** With or without Plug'n'Play, which has a map of the packages instead of their folder. */
const BERRY = of(
  ['yarn install --immutable --mode=skip-build'],
  ['node_modules', '.pnp.cjs', '.pnp.loader.mjs', '.yarn/unplugged', '.yarn/install-state.gz'],
);
const UV = of(['uv sync --frozen --no-build'], ['.venv']);
/** Building from source would run a package's own code: only ready-made ones. */
const PIP = of(
  [
    'python3 -m venv .venv',
    '.venv/bin/python -m pip install --disable-pip-version-check --no-input --only-binary :all: -r requirements.txt',
  ],
  ['.venv'],
);

/** `worktree.setup` is people's own word on how this repository is installed. */
export function declaredInstaller(setup: string, link: readonly string[]): Installer {
  return {
    steps: [{ command: { shell: setup }, text: setup }],
    fills: [...new Set(['node_modules', '.venv', 'venv', ...link])],
  };
}

/** By the lock file at the tree's root; undefined when there is none that a clean installation is known for. */
export function installerOf(entries: readonly TreeEntry[], isBerry: boolean): Installer | undefined {
  const has = (path: string) => entries.some((entry) => entry.path === path);
  if (has('package-lock.json') || has('npm-shrinkwrap.json')) return NPM;
  if (has('pnpm-lock.yaml')) return PNPM;
  if (has('yarn.lock')) return isBerry ? BERRY : YARN;
  if (has('uv.lock')) return UV;
  return has('requirements.txt') ? PIP : undefined;
}
