/**
 * Takes a line apart that runs several test runners one after the other (`npm run unit && npm run api`), so that each can
 * be asked for its own report. Only chains of `&&` are: their parts mean the same one by one.
 */
import { posix } from 'node:path';
import { detectRunner, type ReadScripts } from './detect-runner.ts';
import { readShellLine } from './shell-line.ts';

export interface ChainPart {
  line: string;
  /** Folder (relative to the checkout) whose `node_modules/.bin` npm would put on PATH; null outside of npm scripts. */
  scriptFolder: string | null;
}

const MAX_DEPTH = 5;

/** The parts in order, or null when the line is no such chain. */
export function splitChain(line: string, readScripts: ReadScripts): ChainPart[] | null {
  return split(line, '', null, readScripts, 0);
}

function split(
  line: string,
  start: string,
  scriptFolder: string | null,
  readScripts: ReadScripts,
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
    if (detectRunner(part.line, readScripts).earlier === null) parts.push(part);
    else {
      const expanded = expandScript(words, folder, readScripts, depth);
      if (expanded === null) return null;
      parts.push(...expanded);
    }
  }
  return parts.length > 1 ? parts : null;
}

/** `npm test` without arguments → the parts of its script, with what npm runs before and after it. */
function expandScript(words: string[], folder: string, readScripts: ReadScripts, depth: number): ChainPart[] | null {
  const [manager = '', ...rest] = words;
  if (!/^(?:npm|pnpm|yarn)$/.test(manager)) return null;
  const name = rest[0] === 'run' || rest[0] === 'run-script' ? rest[1] : rest[0] === 't' ? 'test' : rest[0];
  if (name === undefined || rest.at(-1) !== (rest[0] === 't' ? 't' : name)) return null;
  const scripts = readScripts(folder) ?? {};
  const text = scripts[name];
  const inner = text === undefined ? null : split(text, folder, folder, readScripts, depth + 1);
  if (inner === null) return null;
  const hook = (hookName: string) =>
    scripts[hookName] === undefined
      ? []
      : [{ line: `cd ./${folder} && ${manager} run ${hookName}`, scriptFolder: null }];
  return [...hook(`pre${name}`), ...inner, ...hook(`post${name}`)];
}
