/**
 * Whether what a person writes in a chat tells of an error, and of which. A stack, a line of a log, or the head of an error
 * does; so do plain words after `report`. Anything else is talk: a guess here would pay an agent for a joke.
 */
import type { Occurrence } from '../occurrence.ts';
import { toPlainText } from '../plain-text.ts';
import { looksLikeLog, readLog } from '../sources/log.ts';
import { readManual } from '../sources/manual.ts';
import { findErrorHead, parseErrorHead } from '../stack/error-head.ts';
import { parseStack } from '../stack/stack.ts';

/** One message can paste a whole log; more than these are not one report. */
const MOST = 5;
const REPORT = /^[\s,:]*(?:please\s+)?(?:report|heal|fix)\b[\s:,-]+(\S[\s\S]{7,})$/i;

export function toldErrors(said: string): Occurrence[] {
  const text = toPlainText(said).trim();
  const log = looksLikeLog(text) ? readLog(text) : [];
  if (log.length > 0) return log.slice(0, MOST);
  if (parseStack(text)) return readManual(text);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => headOf(line) !== undefined);
  if (at !== -1) {
    const line = lines[at] ?? '';
    const head = headOf(line);
    return [{ type: head?.type ?? '', message: head?.message || line.trim(), text }];
  }
  const asked = REPORT.exec(text)?.[1];
  return asked === undefined || /^\S*:\/\/\S*$/.test(asked.trim()) ? [] : readManual(asked);
}

function headOf(line: string) {
  const head = parseErrorHead(line);
  return head && !/Warning$/.test(head.type) ? head : headInside(line);
}

/** Within a sentence only a name that no word of a language is: `TypeError:`, and not `Error:` alone. */
function headInside(line: string) {
  const head = findErrorHead(line.slice(0, 2000));
  return head && /[a-z](?:Error|Exception)$/.test(head.type) ? head : undefined;
}
