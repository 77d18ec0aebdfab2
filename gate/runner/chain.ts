/**
 * Takes a line apart that runs several test runners one after the other (`npm run unit && npm run api`), so that each can
 * be asked for its own report. Only chains of `&&` are, whose parts mean the same one by one, and runs through workspaces.
 */
import { posix } from 'node:path';
import { detectRunner } from './detect-runner.ts';
import { readManagerCall } from './manager-call.ts';
import type { Packages } from './packages.ts';
import { quoteArgument, readShellLine } from './shell-line.ts';

export interface ChainPart {
  line: string;
  /** Folder (relative to the checkout) whose `node_modules/.bin` npm would put on PATH; null outside of npm scripts. */
  scriptFolder: string | null;
  /** Runs also when a part before it has failed: npm goes through all workspaces. */
  runsAnyway?: true;
}

const MAX_DEPTH = 5;

/** The parts in order, or null when the line is no such chain. */
export function splitChain(line: string, packages: Packages): ChainPart[] | null {
  return split(line, '', null, packages, 0);
}

function split(
  line: string,
  start: string,
  scriptFolder: string | null,
  packages: Packages,
  depth: number,
): ChainPart[] | null {
  const { commands, texts, operators } = readShellLine(line);
  if (depth > MAX_DEPTH || /[(){}`]/.test(line) || operators.some((operator) => operator !== '&&')) return null;
  const parts: ChainPart[] = [];
  let folder = start;
  let prefix = start === '' ? '' : `cd ${start} && `;
  for (const [index, words] of commands.entries()) {
    const text = texts[index] ?? '';
    if (words[0] === 'cd' && words[1] !== undefined) {
      folder = posix.join(folder, words[1]);
      prefix += `${text} && `;
      continue;
    }
    const part = { line: prefix + text, scriptFolder };
    if (detectRunner(part.line, packages).earlier === null) parts.push(part);
    else {
      const expanded = expandScript(words, folder, packages, depth);
      if (expanded === null) return null;
      parts.push(...expanded);
    }
  }
  return parts.length > 1 ? parts : null;
}

/** `npm test` without arguments → the parts of its script, with what npm runs before and after it. */
function expandScript(words: string[], folder: string, packages: Packages, depth: number): ChainPart[] | null {
  const [manager = '', ...given] = words;
  if (!/^(?:npm|pnpm|yarn)$/.test(manager)) return null;
  const call = readManagerCall(manager, given, folder, packages);
  if (call === null) return null;
  if (call.workspaces)
    return call.folders.map((one, index) => ({
      line: `cd ./${one} && ${[manager, ...call.words].map(quoteArgument).join(' ')}`,
      scriptFolder: null,
      ...(index > 0 ? { runsAnyway: true } : {}),
    }));
  const rest = call.words;
  const name = rest[0] === 'run' || rest[0] === 'run-script' ? rest[1] : rest[0] === 't' ? 'test' : rest[0];
  if (name === undefined || rest.at(-1) !== (rest[0] === 't' ? 't' : name)) return null;
  const scripts = packages.scripts(folder) ?? {};
  const text = scripts[name];
  const inner = text === undefined ? null : split(text, folder, folder, packages, depth + 1);
  if (inner === null) return null;
  const hook = (hookName: string) =>
    scripts[hookName] === undefined
      ? []
      : [{ line: `cd ./${folder} && ${manager} run ${hookName}`, scriptFolder: null }];
  return [...hook(`pre${name}`), ...inner, ...hook(`post${name}`)];
}
