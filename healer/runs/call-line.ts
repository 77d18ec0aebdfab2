/** A tool call on one line for a person: what it was about, with paths as the worktree knows them. */
import { oneLine } from '../../events/plain-text.ts';
import { redact } from '../../events/redact.ts';
import { TOOL_PREFIX } from '../../hooks/own-server.ts';

const TOLD = ['command', 'file_path', 'pattern', 'title', 'reason', 'layer', 'incident'] as const;
const LONGEST = 200;
/** Characters that are looked at: enough for a line, whatever was written into a file. */
const LOOKED_AT = 2000;

/** The end of every worktree's path; what stands before it is the same in each line, and fills it. */
const WORKTREE = String.raw`/hotfix/auto-[0-9a-f]{16}(?:-\d+)?`;
const ENTERED = new RegExp(String.raw`^cd (?:'[^']*${WORKTREE}/?'|"[^"]*${WORKTREE}/?"|\S*${WORKTREE}/?) *(?:&&|;) *`);
const ONE_PATH = new RegExp(`^/[^'"]*${WORKTREE}/`);
const PATH = new RegExp(String.raw`[^\s'"=:]*${WORKTREE}/`, 'g');

/** Empty where the input says nothing for a person. */
export function callDetail(input: Readonly<Record<string, unknown>>): string {
  const told = TOLD.map((key) => input[key]).find((value) => typeof value === 'string');
  if (typeof told !== 'string') return '';
  const text = redact(told.slice(0, LOOKED_AT), { ips: true });
  return oneLine(text.replace(ENTERED, '').replace(ONE_PATH, '').replace(PATH, ''), LONGEST);
}

/** Tools of our server by their own names. */
export function shortToolName(tool: string): string {
  return tool.startsWith(TOOL_PREFIX) ? tool.slice(TOOL_PREFIX.length) : tool;
}
