/** A call that asks (a search, a delegated task, a tool of a server): what it is about, and what kind of answer came. */

import { programName } from '../shell/program-name.ts';
import { readShell } from '../shell.ts';
import { digest } from '../trace/digest.ts';
import type { ToolCall } from '../trace/happening.ts';
import { code } from './digest.ts';
import { maskedLines } from './masked-output.ts';

export interface Question {
  /** Equal for what is asked of the same place. */
  kind: string;
  /** Codes of the words it is asked with. */
  words: string[];
  /** Equal for the same answer. */
  answer: string;
  told: 'nothing' | 'failure' | 'something';
}

const ASKS = /^(?:Grep|Glob|LS|WebSearch|WebFetch|Task|Agent|ToolSearch|mcp__.+)$/;
const SEARCHES = new Set(['grep', 'egrep', 'fgrep', 'rg', 'ag', 'ack', 'find', 'fd', 'locate']);
/** They tell where or how to look, not for what. */
const ASIDE =
  /^(?:path|glob|type|output_mode|head_limit|limit|subagent_type|description|model|-[A-Za-z]|multiline|repo|project|owner)$/;
/** The next piece of an answer is asked for. */
const PAGED = /^(?:page|page_?token|offset|cursor|start|skip|after|before|next|next_?token|since|until)$/i;
const NOTHING =
  /^(?:Exit code 1\s*)?(?:(?:there (?:are|were) )?(?:no|0|zero) (?:\w+ ){0,3}(?:match(?:es)?|files?|results?|rows?|entries|data|hits?|items?|records?|links)\b.{0,80}|\[\s*\]|\{\s*\}|null|none|not found\.?|nothing found\.?|\(?0 rows\)?|\(no (?:output|content)\))?\s*$/i;
/** A shorter answer says that something was done, not what was found. */
const FEWEST_WORDS = 12;
const MAX_WORDS = 24;
/** A server may say in an answer that it failed. */
const FAILURE = /^\s*(?:\{\s*"error"|(?:\w+ )?(?:error|failed|failure|denied|forbidden|unauthorized)\b)/i;
const READ = 4000;

export function questionOf(call: ToolCall): Question | null {
  const asked = askedOf(call);
  if (asked === null) return null;
  const { kind, values } = asked;
  const said = values.join(' ').slice(0, READ);
  const words = [
    ...new Set((said.match(/[A-Z]?[a-z]{2,40}|[A-Z]{3,40}|\d{2,10}/g) ?? []).map((word) => word.toLowerCase())),
  ];
  const output = values
    .filter((value) => value.length > 3)
    .reduce((text, value) => text.replaceAll(value, '<asked>'), call.output.slice(0, 2 * READ));
  const nothing = NOTHING.test(output.trim());
  const failed = call.outcome !== 'ok' || FAILURE.test(output);
  if (!nothing && !failed && (output.match(/\w+/g)?.length ?? 0) < FEWEST_WORDS) return null;
  return {
    kind: digest(kind),
    words: words.slice(0, MAX_WORDS).map(code),
    answer: nothing ? '' : digest(call.outcome, ...maskedLines(output)),
    told: nothing ? 'nothing' : failed ? 'failure' : 'something',
  };
}

function askedOf({ tool, input }: ToolCall): { kind: string; values: string[] } | null {
  if (Object.keys(input).some((key) => PAGED.test(key))) return null;
  if (ASKS.test(tool)) {
    // Of one page only: a list of pages is looked up one by one.
    const page = tool === 'WebFetch' ? ` ${String(input.url)}` : '';
    const values = Object.entries(input).filter(([key]) => !ASIDE.test(key) && !(page && key === 'url'));
    return {
      kind: tool + page,
      values: values.map(([, value]) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))),
    };
  }
  const { command } = input;
  const reading = tool === 'Bash' && typeof command === 'string' ? readShell(command) : null;
  const [only, ...more] = reading?.ok ? reading.commands : [];
  if (
    !only ||
    !SEARCHES.has(programName(only.words[0])) ||
    more.some(({ words }) => SEARCHES.has(programName(words[0])))
  )
    return null;
  const operands = only.words.slice(1).map(({ text }) => text);
  // Of `find` what it looks for, of the others the pattern; not where.
  const values = operands.filter((word) => !word.startsWith('-') && !/^(?:\.|\/|src\b|[a-z]$)/.test(word));
  return { kind: 'search', values: values.slice(0, 1) };
}
