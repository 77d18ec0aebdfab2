/**
 * How a call ended, as far as its result tells: the client marks a failure, but not whether the tool ran at all. The
 * texts are the client's own (2.1.x); a new version's unknown text counts as a failure of a tool that ran.
 */
import { WRITING_TOOLS } from './file-tools.ts';
import type { ToolCall } from './happening.ts';

interface Ending {
  tool: string;
  /** What the model read. */
  text: string;
  /** The client's mark; undefined where the source has none, and the text alone tells. */
  isError: boolean | undefined;
  /** The texts are Claude Code's: its Bash tells an exit code when the command ran. */
  fromClient?: boolean;
}

const TOOL_ERROR = /^\s{0,20}<tool_use_error>/;
const NEVER_RAN =
  /^\s{0,20}<tool_use_error>\s{0,20}(?:InputValidationError|Error: No such tool|No such tool|String to replace not found|Found \d+ matches|Cancelled|Sibling tool call)/;
const DENIED =
  /^(?:Permission to use |Claude requested permissions? |The user doesn't want to |PreToolUse:\w{1,80} hook |This command requires approval|User rejected )|^[^\n]{0,200}\b(?:requires approval|was blocked\.|has been denied)/;
/** Our own denials name their rule at the end. */
const DENIED_BY_US = /\[[a-z_]{1,40}(?:\.[a-z_]{1,60}){1,3}\]\s{0,20}$/;
const EXIT_CODE = /^\s{0,20}(?:Error: )?Exit code (?:[1-9]|-)/;
const BROKEN_OFF =
  /^\s{0,20}(?:Error: )?(?:Command timed out|\[Request interrupted|Interrupted|Shell |spawn |Request was aborted)/;

export function outcomeOf({ tool, text, isError, fromClient = false }: Ending): ToolCall['outcome'] {
  if (isError === false) return 'ok';
  if (TOOL_ERROR.test(text)) return WRITING_TOOLS.has(tool) || NEVER_RAN.test(text) ? 'refused' : 'error';
  if (isError === undefined) return tool === 'Bash' && EXIT_CODE.test(text) ? 'error' : 'ok';
  if (tool === 'Bash' && (EXIT_CODE.test(text) || BROKEN_OFF.test(text))) return 'error';
  if (tool === 'Bash' && fromClient) return 'refused';
  if (DENIED.test(text) || DENIED_BY_US.test(text)) return 'refused';
  return 'error';
}
