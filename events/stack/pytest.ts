/** Failures as pytest writes them: quoted code, `E` lines, and a place per frame, outermost first. */
import type { StackBlock, StackFrame, TraceLine } from './block.ts';
import { parseErrorHead } from './error-head.ts';

const SECTION = /^_{3,} .+ _{3,}$/;
const SECTION_END = /^(?:={3,}|_{3,} .+ _{3,}$)/;
const PLACE = /^(\S{1,500}\.py):(\d{1,9}): ?(?:in (\S{1,200})|(\w{1,100}))?$/;
const CHAIN = /^(?:During handling of|The above exception was)/;
const MAX_SECTION = 2000;

export function startsPytestFailure(line: string): boolean {
  return SECTION.test(line);
}

/** Undefined when the section shows no error. */
export function readPytestFailure(lines: TraceLine[], start: number): StackBlock | undefined {
  let said: string[] = [];
  let frames: StackFrame[] = [];
  let type = '';
  let name: string | undefined;
  let end = start + 1;
  for (; end < lines.length && end < start + MAX_SECTION; end++) {
    const text = lines[end]?.text.slice(0, 1000) ?? '';
    if (SECTION_END.test(text)) break;
    if (CHAIN.test(text)) {
      // The last raised one is meant.
      said = [];
      frames = [];
    }
    const error = /^E {2,}(.*)$/.exec(text)?.[1];
    if (error !== undefined) said.push(error.trim());
    name = /^>?\s*(?:async )?def (\w{1,200})/.exec(text)?.[1] ?? name;
    const place = PLACE.exec(text);
    if (!place?.[1]) continue;
    const label = place[3] ?? name;
    frames.unshift({
      file: place[1],
      line: Number(place[2]),
      ...(label ? { function: label } : {}),
      in_app: isInApp(place[1]),
    });
    type = place[4] ?? type;
    name = undefined;
  }
  if (said.length === 0) return undefined;
  const text = said.join('\n');
  const head = parseErrorHead(text);
  const stack = {
    language: 'python' as const,
    type: head?.type ?? (type || 'AssertionError'),
    message: head?.message ?? text,
    frames,
  };
  return { start, end, stack };
}

function isInApp(file: string): boolean {
  return !/(?:^|\/)(?:site-packages|dist-packages)\/|\/lib\/python\d/.test(file);
}
