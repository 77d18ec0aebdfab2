/** How a JavaScript or TypeScript project runs its tests. */
import { packageManager, readPackage } from './package-json.ts';
import type { ProjectFiles } from './project-files.ts';
import { found, notFound, type TestCommand } from './test-command.ts';

/** A runner that is installed without a script: its command, which runs once and ends. */
const RUNNERS: [dependency: string, command: string][] = [
  ['vitest', 'npx vitest run'],
  ['jest', 'npx jest'],
  ['mocha', 'npx mocha'],
  ['ava', 'npx ava'],
];

/** What `npm init` writes. */
const PLACEHOLDER = /no test specified/i;
const WATCHES = /--watch(All)?(?![\w=-])|--watch(All)?=true/;
const TEST_FILE = /(^|\/)(__tests__|tests?)\/.*\.[cm]?js$|\.(test|spec)\.[cm]?js$/;

async function usesNodeTest(files: ProjectFiles): Promise<string | undefined> {
  for (const path of files.paths.filter((candidate) => TEST_FILE.test(candidate)).slice(0, 20)) {
    if (/['"]node:test['"]/.test((await files.read(path)) ?? '')) return path;
  }
  return undefined;
}

function whyNot(script: string): string | undefined {
  if (PLACEHOLDER.test(script)) return "its test script is npm's placeholder";
  return WATCHES.test(script) ? 'its test script watches and never ends' : undefined;
}

export async function detectJavaScript(files: ProjectFiles): Promise<TestCommand> {
  const manifest = await readPackage(files);
  if (manifest === 'broken') return notFound('package.json is not valid JSON');
  const script = manifest?.scripts.test;
  const unusable = script === undefined ? undefined : whyNot(script);
  const aside = unusable === undefined ? '' : `; ${unusable}`;
  if (manifest && script !== undefined && unusable === undefined) {
    const manager = packageManager(manifest, files);
    // `bun test` is bun's own runner, not the script.
    return found(manager === 'bun' ? 'bun run test' : `${manager} test`, `package.json has a test script: ${script}`);
  }
  const installed = { ...manifest?.dependencies, ...manifest?.devDependencies };
  const runner = RUNNERS.find(([dependency]) => installed[dependency] !== undefined);
  if (runner) return found(runner[1], `package.json depends on ${runner[0]}${aside}`);
  const example = await usesNodeTest(files);
  if (example) return found('node --test', `${example} uses node:test${aside}`);
  return notFound(manifest ? `package.json names no test runner${aside}` : '');
}
