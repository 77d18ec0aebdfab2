/** The way the error took through the application, from the frames of its newest event, beside the code of the base. */
import { tryGit } from '../../../context/git.ts';
import type { Repository } from '../../../context/repository.ts';
import type { ErrorEvent, Frame } from '../../../events/event.ts';
import { redact } from '../../../events/redact.ts';
import type { CauseChain, ChainFrame } from './facts.ts';

/** The innermost ones tell most; a recursion is one frame. */
const MOST = 8;

/** Lines that the base does not have (another release ran) stand without code. */
export async function causeChain(repository: Repository, event: ErrorEvent, base: string): Promise<CauseChain> {
  const inward = event.frames.filter(({ in_app }) => in_app).filter(notRepeated);
  const place = { file: event.file ?? '', line: event.line, function: event.function, in_app: true };
  const all = inward.length > 0 ? inward : event.file === undefined ? [] : [place];
  const shown = all.slice(0, MOST).reverse();
  const texts = new Map<string, string[]>();
  for (const { file } of shown) if (!texts.has(file)) texts.set(file, await linesOf(repository, base, file));
  const frames = shown.map(
    ({ file, line, function: name }): ChainFrame => ({
      file,
      line,
      function: name,
      code: codeAt(texts.get(file), line),
    }),
  );
  return { frames, leftOut: all.length - shown.length };
}

function notRepeated(frame: Frame, at: number, all: readonly Frame[]): boolean {
  const before = all[at - 1];
  return before === undefined || before.file !== frame.file || before.line !== frame.line;
}

async function linesOf(repository: Repository, base: string, file: string): Promise<string[]> {
  if (!/^[0-9a-f]{40,64}$/.test(base)) return [];
  const found = await tryGit(['cat-file', 'blob', `${base}:${file}`], { cwd: repository.root });
  return found.exit === 0 ? found.stdout.split('\n') : [];
}

function codeAt(lines: readonly string[] = [], line: number | undefined): string | undefined {
  const text = line === undefined ? undefined : lines[line - 1]?.trim();
  return text === undefined || text === '' ? undefined : redact(text, { ips: true });
}
