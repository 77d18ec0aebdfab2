/** Package managers: the manifest and lock files that they rewrite, and the folders of dependencies that they fill. */
import { subCommands } from '../commands/operands.ts';
import type { SimpleCommand, Word } from '../shell.ts';

interface Installer {
  sub: RegExp;
  /** Files that it changes, beside the manifest it stands at. */
  files: readonly string[];
}

const NPM_CHANGES =
  /^(install|i|in|isntall|add|uninstall|un|remove|rm|r|unlink|update|up|upgrade|udpate|dedupe|ddp|audit fix|version|pkg (set|delete|fix)|shrinkwrap|link|ln|install-test|it|set-script|init|create)\b/;
const INSTALLERS: Readonly<Record<string, readonly Installer[]>> = {
  npm: [{ sub: NPM_CHANGES, files: ['package.json', 'package-lock.json'] }],
  pnpm: [
    {
      sub: /^(install|i|add|remove|rm|uninstall|un|update|up|upgrade|dedupe|link|unlink|import|patch|patch-commit|version|init)\b/,
      files: ['package.json', 'pnpm-lock.yaml'],
    },
  ],
  yarn: [
    {
      sub: /^(install|add|remove|upgrade|up|dedupe|link|unlink|version|set|init|import)\b/,
      files: ['package.json', 'yarn.lock'],
    },
  ],
  bun: [{ sub: /^(install|i|add|a|remove|rm|update|link|unlink|patch|init)\b/, files: ['package.json', 'bun.lockb'] }],
  cargo: [{ sub: /^(add|remove|rm|update|init|new|generate-lockfile|vendor)\b/, files: ['Cargo.toml', 'Cargo.lock'] }],
  go: [{ sub: /^(get|mod (tidy|edit|init|vendor)|work (init|use|sync|edit))\b/, files: ['go.mod', 'go.sum'] }],
  poetry: [{ sub: /^(add|remove|update|lock|init|version)\b/, files: ['pyproject.toml', 'poetry.lock'] }],
  uv: [{ sub: /^(add|remove|lock|sync|init|version)\b/, files: ['pyproject.toml', 'uv.lock'] }],
  pdm: [{ sub: /^(add|remove|update|lock|install|sync)\b/, files: ['pyproject.toml', 'pdm.lock'] }],
  pipenv: [{ sub: /^(install|uninstall|lock|update|sync)\b/, files: ['Pipfile', 'Pipfile.lock'] }],
  bundle: [{ sub: /^(install|update|add|remove|lock|init)\b/, files: ['Gemfile.lock'] }],
  composer: [
    { sub: /^(install|update|require|remove|init|dump-autoload)\b/, files: ['composer.json', 'composer.lock'] },
  ],
  dotnet: [{ sub: /^(add|remove)\b/, files: ['Directory.Packages.props'] }],
  mix: [{ sub: /^deps\.(get|update|unlock)/, files: ['mix.lock'] }],
};

export function installed(command: SimpleCommand, name: string): Word[] {
  const texts = command.words.slice(1).map((word) => word.text);
  if (texts.some((text) => /^(--dry-run|--help|-h|--locked|--frozen)$/.test(text)) && name !== 'npm') return [];
  if (texts.some((text) => /^(--dry-run|--help)$/.test(text))) return [];
  const found = matching(command, name);
  if (!found) return [];
  const folder = prefixOf(command, name);
  const files = name === 'bundle' && texts.includes('add') ? ['Gemfile', ...found.files] : found.files;
  return files.map((file) => ({ text: folder ? `${folder.text}/${file}` : file, literal: folder?.literal ?? true }));
}

/** `npm ci`, `pip install`: it fills a folder of dependencies, which leads into the main checkout or belongs to the machine. */
export function fillsDependencies(command: SimpleCommand, name: string): boolean {
  const texts = command.words.slice(1).map((word) => word.text);
  if (
    texts.some((text) =>
      /^(--dry-run|--help|-h|--version|--package-lock-only|--lockfile-only|--mode=update-lockfile|--no-sync|--locked|--frozen)$/.test(
        text,
      ),
    )
  )
    return false;
  const subs = subCommands(command).map((sub) => sub.map((word) => word.text).join(' '));
  const is = (pattern: RegExp) => subs.some((sub) => pattern.test(sub));
  if (/^(npm|pnpm|yarn|bun)$/.test(name)) {
    if (name === 'yarn' && texts.every((text) => text.startsWith('-'))) return true;
    return is(/^(ci|clean-install|install-clean|rebuild|rb|prune|fetch)\b/) || matching(command, name) !== undefined;
  }
  if (/^pip[\d.]*$/.test(name))
    return is(/^(install|uninstall|download|wheel)\b/) && !texts.some((text) => /^--target|^-t$/.test(text));
  if (name === 'uv') return is(/^(sync|pip (install|uninstall|sync)|tool install|add|remove|python install)\b/);
  if (/^(poetry|pdm|pipenv)$/.test(name)) return is(/^(install|add|remove|update|sync)\b/);
  if (/^(gem|bundle)$/.test(name)) return is(/^(install|update|uninstall|add)\b/);
  if (
    /^(apt|apt-get|aptitude|yum|dnf|apk|pacman|brew|port|snap|zypper|choco|winget|conda|mamba|micromamba)$/.test(name)
  )
    return (
      is(/^(install|remove|purge|upgrade|update|add|del|reinstall|autoremove|dist-upgrade|create)\b/) ||
      texts.some((text) => /^-[SRU]/.test(text))
    );
  if (name === 'go') return is(/^install\b/);
  if (name === 'cargo') return is(/^(install|uninstall)\b/);
  if (name === 'pipx') return is(/^(install|uninstall|upgrade)\b/);
  if (name === 'composer') return is(/^(install|update|require|remove|global)\b/);
  return name === 'easy_install' || name === 'ensurepip' || name === 'corepack';
}

function matching(command: SimpleCommand, name: string): Installer | undefined {
  const installers = Object.hasOwn(INSTALLERS, name) ? (INSTALLERS[name] ?? []) : [];
  const subs = subCommands(command).map((sub) => sub.map((word) => word.text).join(' '));
  return installers.find((installer) => subs.some((sub) => installer.sub.test(sub)));
}

/** The folder that `npm --prefix` and its kind work in. */
function prefixOf(command: SimpleCommand, name: string): Word | undefined {
  const words = command.words.slice(1);
  const at = words.findIndex((word) => /^(--prefix|-C|--cwd|--dir|--directory)$/.test(word.text));
  if (at >= 0 && !/^(cargo|bundle)$/.test(name)) return words[at + 1];
  const attached = words.find((word) => /^(--prefix|--cwd|--dir)=/.test(word.text));
  return attached && { ...attached, text: attached.text.replace(/^.*?=/s, '') };
}
