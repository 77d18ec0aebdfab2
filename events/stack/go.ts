/** Panics and fatal errors of Go: the message, then goroutines, each frame on two lines. The first goroutine is meant. */
import type { StackBlock, StackFrame, TraceLine } from './block.ts';

const HEAD = /^(?:.{0,300}?\s)?(panic|fatal error)(?: serving [^\s]{1,100})?: (.*)$/;
const GOROUTINE = /^goroutine \d+ (?:gp=\S+ )?(?:m=\S+ )?(?:mp=\S+ )?\[[^\]]{1,100}\]:$/;
const CALL =
  /^(?:created by )?((?:[\w.~-]+\/)*[\w.~-]+\.(?:\(\*?[\w.[\]]+\)\.)?[\w.·\-[\]]+)(?:\(.*\))?(?: in goroutine \d+)?$/;
const PLACE = /^\s+(\S.{0,1000}\.(?:go|s)):(\d{1,9})(?: \+0x[0-9a-f]+)?(?: fp=.*)?$/;
/** Between the message and the first goroutine: `[signal …]`, `panic: … [recovered]`, blank lines. */
const MAX_BETWEEN = 12;

export function startsGoPanic(lines: TraceLine[], at: number): boolean {
  if (!HEAD.test(textOf(lines, at))) return false;
  for (let i = at + 1; i <= at + MAX_BETWEEN; i++) if (GOROUTINE.test(textOf(lines, i))) return true;
  return false;
}

export function readGoPanic(lines: TraceLine[], start: number): StackBlock {
  const [, type = '', said = ''] = HEAD.exec(textOf(lines, start)) ?? [];
  let i = start + 1;
  const more: string[] = [];
  for (; i < lines.length && !GOROUTINE.test(textOf(lines, i)); i++) {
    const text = textOf(lines, i);
    if (text.trim() !== '' && !text.startsWith('[') && !/^\s*panic: /.test(text)) more.push(text.trim());
  }
  const frames: StackFrame[] = [];
  let goroutines = 0;
  for (; i < lines.length; i++) {
    const text = textOf(lines, i);
    if (GOROUTINE.test(text)) goroutines++;
    else if (text.trim() === '') {
      if (!GOROUTINE.test(textOf(lines, i + 1))) break;
    } else if (PLACE.test(text) || /^\s*\.\.\.(?:additional|\d+) frames elided/.test(text)) continue;
    else {
      const name = CALL.exec(text)?.[1];
      const place = PLACE.exec(textOf(lines, i + 1));
      if (name === undefined || !place) break;
      if (goroutines === 1 && !text.startsWith('created by')) frames.push(toFrame(name, place));
    }
  }
  if (/^exit status \d+$/.test(textOf(lines, i))) i++;
  const message = [said.replace(/ \[recovered\].*$/, ''), ...more].join('\n');
  return { start, end: i, stack: { language: 'go', type, message, frames } };
}

function toFrame(name: string, [, file = '', line = '']: RegExpExecArray): StackFrame {
  return {
    file,
    line: Number(line),
    function: name.slice(name.lastIndexOf('/') + 1),
    in_app:
      !/\/(?:pkg\/mod|vendor)\/|\/(?:usr\/(?:local|lib)(?:64)?|opt|libexec|sdk|toolcache|hostedtoolcache)\/.{0,100}\bgo[\w.-]{0,40}\/(?:.{0,60}\/)?src\/|^\/usr\/share\/go|^runtime\b/.test(
        file,
      ) && !/^(?:runtime|panic|testing|reflect|net\/http|sync)(?:\.|$)/.test(name),
  };
}

function textOf(lines: TraceLine[], at: number): string {
  return lines[at]?.text.slice(0, 4000) ?? '';
}
