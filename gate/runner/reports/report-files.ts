/** Report files that a tool left behind where it always does: which of them are of this run. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';

const DEEPEST = 10;
const LARGEST = 64 * 1024 * 1024;
const NEVER = new Set(['node_modules', '.git', '.gradle', '.m2', 'src']);

export interface ReportFile {
  /** Relative to the folder that was searched. */
  path: string;
  text: string;
}

export interface FoundReports {
  fresh: ReportFile[];
  /** Files that were there before the run: they say nothing about it. */
  stale: number;
  /** Why a file of this run could not be taken. */
  problem?: string;
}

/** All files whose relative path matches. Links are not followed. */
export async function findReports(root: string, pattern: RegExp, startedMs: number): Promise<FoundReports> {
  const paths = await filesIn(root, '', pattern, DEEPEST);
  const found: FoundReports = { fresh: [], stale: 0 };
  for (const path of paths.sort()) {
    const one = await readReport(join(root, path), startedMs);
    if (one === 'stale') found.stale++;
    else if (one === 'too large') found.problem = `${path} is larger than 64 MiB.`;
    else if (one !== 'missing') found.fresh.push({ path, text: one.text });
  }
  return found;
}

/** One file that a command names. It has to be a plain file that was written since the start. */
export async function readReport(
  path: string,
  startedMs: number,
): Promise<{ text: string } | 'missing' | 'stale' | 'too large'> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return 'missing';
  if (found.mtimeMs < startedMs) return 'stale';
  if (found.size > LARGEST) return 'too large';
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? 'missing' : { text };
}

/** The path that a command names, or null when it leads out of the checkout. */
export function insideCheckout(checkout: string, start: string, path: string): string | null {
  const full = resolve(start, path);
  const inside = relative(checkout, full);
  return inside.startsWith('..') || isAbsolute(inside) ? null : full;
}

async function filesIn(root: string, folder: string, pattern: RegExp, depth: number): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile() && pattern.test(path)) found.push(path);
    else if (entry.isDirectory() && depth > 0 && !NEVER.has(entry.name))
      found.push(...(await filesIn(root, path, pattern, depth - 1)));
  }
  return found;
}
