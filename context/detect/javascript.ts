/** How a JavaScript or TypeScript project runs its tests. */
import { type PackageJson, packageManager, readPackage } from './package-json.ts';
import type { ProjectFiles } from './project-files.ts';
import { found, notFound, type TestCommand } from './test-command.ts';
import { workspacesOf } from './workspaces.ts';

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
const TEST_FILE = /(^|\/)(__tests__|tests?)\/.*\.[cm]?[jt]s$|\.(test|spec)\.[cm]?[jt]s$/;
/** Run the packages' scripts from a cache and under names of their own: their cases cannot be counted. */
const ORCHESTRATOR = /(?:^|\s|&|\/)(turbo|nx|lerna|wireit|moon)(?:\s|$)/;
/** Node without a loader reads TypeScript by this; from version 23 on without it as well. */
const STRIP_TYPES = '--experimental-strip-types';

async function usesNodeTest(files: ProjectFiles): Promise<string[]> {
  const using: string[] = [];
  for (const path of files.paths.filter((candidate) => TEST_FILE.test(candidate)).slice(0, 50))
    if (/['"]node:test['"]/.test((await files.read(path)) ?? '')) using.push(path);
  return using;
}

/** Tests in TypeScript are named by their folders: older versions of Node look for JavaScript only. */
function nodeTestCommand(tests: readonly string[], installed: Record<string, string>): string {
  const typed = tests.filter((path) => /ts$/.test(path));
  if (typed.length === 0) return 'node --test';
  const loader = ['tsx', 'ts-node'].find((name) => installed[name] !== undefined);
  const flags = loader === 'tsx' ? '--import tsx' : loader === 'ts-node' ? '--loader ts-node/esm' : STRIP_TYPES;
  const places = new Set(typed.map((path) => path.replace(/[^/]+?(\.(?:test|spec))?(\.[cm]?ts)$/, '*$1$2')));
  return `node ${flags} --test ${[...places].slice(0, 10).join(' ')}`;
}

/** All packages with a test script, by the manager's own words; those with a script that cannot be used are left out. */
async function throughWorkspaces(files: ProjectFiles, manager: string): Promise<TestCommand> {
  const workspaces = await workspacesOf(files);
  const tested = workspaces.filter(({ manifest: { scripts } }) => scripts.test !== undefined && !whyNot(scripts.test));
  if (tested.length === 0) return notFound();
  const broken = workspaces.filter(({ manifest: { scripts } }) => scripts.test !== undefined && whyNot(scripts.test));
  const why = `${tested.map(({ folder }) => folder).join(', ')} have a test script`.replace(/^([^,]+) have/, '$1 has');
  if (manager === 'npm' && broken.length > 0)
    return found(`npm test ${tested.map(({ folder }) => `-w ${folder}`).join(' ')}`, why);
  if (manager === 'pnpm') return found('pnpm -r test', why);
  if (manager === 'yarn') {
    const modern = files.paths.includes('.yarnrc.yml');
    return found(modern ? 'yarn workspaces foreach -A run test' : 'yarn workspaces run test', why);
  }
  return manager === 'npm' ? found('npm test --workspaces --if-present', why) : notFound();
}

function whyNot(script: string): string | undefined {
  if (PLACEHOLDER.test(script)) return "its test script is npm's placeholder";
  return WATCHES.test(script) ? 'its test script watches and never ends' : undefined;
}

export async function detectJavaScript(files: ProjectFiles): Promise<TestCommand> {
  const manifest = await readPackage(files);
  if (manifest === 'broken') return notFound('package.json is not valid JSON');
  const manager = manifest ? packageManager(manifest, files) : 'npm';
  const script = manifest?.scripts.test;
  const unusable = script === undefined ? undefined : whyNot(script);
  const aside = unusable === undefined ? '' : `; ${unusable}`;
  if (manifest && script !== undefined && unusable === undefined) {
    const orchestrator = ORCHESTRATOR.exec(script)?.[1];
    const apart = orchestrator === undefined ? notFound() : await throughWorkspaces(files, manager);
    if (apart.found) return found(apart.command, `${apart.why}; ${orchestrator} does not let their cases be counted`);
    // `bun test` is bun's own runner, not the script.
    return found(manager === 'bun' ? 'bun run test' : `${manager} test`, `package.json has a test script: ${script}`);
  }
  const packages = manifest ? await throughWorkspaces(files, manager) : notFound();
  if (packages.found) return found(packages.command, `${packages.why}${aside}`);
  return byRunner(files, manifest, aside);
}

async function byRunner(files: ProjectFiles, manifest: PackageJson | undefined, aside: string): Promise<TestCommand> {
  const installed = { ...manifest?.dependencies, ...manifest?.devDependencies };
  const runner = RUNNERS.find(([dependency]) => installed[dependency] !== undefined);
  if (runner) return found(runner[1], `package.json depends on ${runner[0]}${aside}`);
  const tests = await usesNodeTest(files);
  if (tests[0]) return found(nodeTestCommand(tests, installed), `${tests[0]} uses node:test${aside}`);
  return notFound(manifest ? `package.json names no test runner${aside}` : '');
}
