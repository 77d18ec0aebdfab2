/** How a JavaScript or TypeScript project runs its tests. */
import { z } from 'zod';
import type { ProjectFiles } from './project-files.ts';
import { found, notFound, type TestCommand } from './test-command.ts';

const packageSchema = z.object({
  packageManager: z.string().optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).catch({}),
  dependencies: z.record(z.string(), z.string()).catch({}),
  devDependencies: z.record(z.string(), z.string()).catch({}),
});

const LOCK_FILES: [file: string, manager: string][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
];

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

function packageManager(declared: string | undefined, files: ProjectFiles): string {
  const [name = ''] = declared?.split('@') ?? [];
  if (['npm', 'pnpm', 'yarn', 'bun'].includes(name)) return name;
  return LOCK_FILES.find(([file]) => files.paths.includes(file))?.[1] ?? 'npm';
}

async function usesNodeTest(files: ProjectFiles): Promise<string | undefined> {
  for (const path of files.paths.filter((candidate) => TEST_FILE.test(candidate)).slice(0, 20)) {
    if (/['"]node:test['"]/.test((await files.read(path)) ?? '')) return path;
  }
  return undefined;
}

export async function detectJavaScript(files: ProjectFiles): Promise<TestCommand> {
  const text = await files.read('package.json');
  let ignored = '';
  if (text !== undefined) {
    const parsed = packageSchema.safeParse(parseJson(text));
    if (!parsed.success) return notFound('package.json is not valid JSON');
    const { scripts, dependencies, devDependencies } = parsed.data;
    const script = scripts.test;
    const manager = packageManager(parsed.data.packageManager, files);
    const usable = script !== undefined && !PLACEHOLDER.test(script) && !WATCHES.test(script);
    if (usable)
      return found(manager === 'bun' ? 'bun run test' : `${manager} test`, `package.json has a test script: ${script}`);
    if (script !== undefined)
      ignored = PLACEHOLDER.test(script)
        ? "its test script is npm's placeholder"
        : 'its test script watches and never ends';
    const installed = { ...dependencies, ...devDependencies };
    const runner = RUNNERS.find(([dependency]) => installed[dependency] !== undefined);
    if (runner) return found(runner[1], `package.json depends on ${runner[0]}${ignored && `; ${ignored}`}`);
  }
  const example = await usesNodeTest(files);
  if (example) return found('node --test', `${example} uses node:test`);
  return notFound(text === undefined ? '' : `package.json names no test runner${ignored && `; ${ignored}`}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
