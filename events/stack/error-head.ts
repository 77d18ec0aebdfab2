/** The head of an error as runtimes print it: `TypeError: message`, `Error [ERR_X]: message`, `pkg.mod.Error: message`. */

export interface ErrorHead {
  type: string;
  message: string;
}

const NAME = '[A-Za-z_$][\\w$]{0,100}(?:\\.[A-Za-z_$][\\w$]{0,100}){0,8}';
/** What makes a name an error's without a stack beside it. */
const KNOWN =
  '(?:Error|Exception|Fault|Failure|Rejection|Warning|Interrupt|Timeout|SystemExit|StopIteration|ExceptionGroup)';
const LEAD = '(?:Uncaught (?:\\(in promise\\) )?|Unhandled (?:promise )?rejection:? |\\[?cause\\]?: |Caused by: )?';

const SURE = new RegExp(`^[\\s>●✖×⨯]{0,12}${LEAD}\\[?(${NAME})(?: \\[([\\w-]{1,60})\\])?(?:: ?([\\s\\S]*)|\\]?\\s*)$`);
const ERROR_NAME = new RegExp(`${KNOWN}$`);
const INSIDE = new RegExp(`(?:^|[\\s:([|-])((?:[A-Za-z_$][\\w$.]{0,200})?${KNOWN})(?: \\[[\\w-]{1,60}\\])?: (?=\\S)`);

/** The head at the start of the text, when its name is one that only errors bear. `[Error: x]` counts too. */
export function parseErrorHead(text: string): ErrorHead | undefined {
  const head = parseAnyHead(text);
  return head && ERROR_NAME.test(head.type) ? head : undefined;
}

/** The head at the start of the text whatever its name: for a text that a stack follows. */
export function parseAnyHead(text: string): ErrorHead | undefined {
  const match = SURE.exec(text);
  const type = match?.[1];
  if (!match || type === undefined) return undefined;
  const message = match[3] ?? '';
  const bracketed = /^[\s>●✖×⨯]*\[/.test(text) && !message.includes('[');
  return { type, message: bracketed ? message.replace(/\](?: \{)?\s*$/, '') : message };
}

/** A head further inside one line, as in `Unhandled: TypeError: x`. The line is to be bounded by the caller. */
export function findErrorHead(line: string): ErrorHead | undefined {
  const match = INSIDE.exec(line);
  if (match?.[1] === undefined) return undefined;
  return { type: match[1], message: line.slice(match.index + match[0].length) };
}
