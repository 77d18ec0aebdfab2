/**
 * Everything that is written to the terminal. Text from logs and repositories may stand in it, so nothing but our own
 * colours reaches a terminal as a control sequence; a reader that goes away (`| head`) ends the program quietly.
 */

/** The colours and weights that are let through, by their SGR number. */
const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
export type Style = keyof typeof STYLES;
export type Paint = (style: Style, text: string) => string;

export interface Output {
  /** One line or several, for people; a newline is added. With `--json` it goes to stderr. */
  say(text: string): void;
  /** A line about the moment: on a terminal the next one takes its place. */
  pass(text: string): void;
  /** The result, on stdout. Waits until it is taken. */
  print(text: string): Promise<void>;
  /** Errors and logs, on stderr. */
  warn(text: string): void;
  /** Of stdout (with `--json`: of stderr). */
  paint: Paint;
  /** A person watches: a terminal that understands more than plain lines. */
  interactive: boolean;
  /** Columns of the terminal; 80 where nobody knows. */
  columns: number;
}

/** `json`: stdout belongs to the one document. */
export function openOutput({ json }: { json: boolean }): Output {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', quietly);
  const people = json ? process.stderr : process.stdout;
  const interactive = people.isTTY === true && process.env.TERM !== 'dumb';
  const coloured = interactive && !process.env.NO_COLOR;
  let passing = false;
  /** Takes away the line about the moment, if there is one. */
  const clear = () => {
    const taken = passing ? `\r${ESC}[2K` : '';
    passing = false;
    return taken;
  };
  return {
    say: (text) => void people.write(`${clear()}${harmless(text)}\n`),
    pass(text) {
      people.write(`${clear()}${harmless(text)}${interactive ? '' : '\n'}`);
      passing = interactive;
    },
    print(text) {
      if (passing) people.write(clear());
      return text === '' ? Promise.resolve() : written(json ? text : harmless(text));
    },
    warn(text) {
      if (passing) people.write(clear());
      process.stderr.write(`${harmless(text)}\n`);
    },
    paint: (style, text) => (coloured ? `${ESC}[${STYLES[style][0]}m${text}${ESC}[${STYLES[style][1]}m` : text),
    interactive,
    columns: people.columns || 80,
  };
}

const ESC = String.fromCharCode(27);
const OURS = Object.values(STYLES).flat().join('|');
const CONTROL = new RegExp(`(${ESC}\\[(?:${OURS})m|[\\n\\t])|\\p{Cc}|[\\u202a-\\u202e\\u2066-\\u2069]`, 'gu');

/** Without control characters and direction overrides, but for newline, tab and the colours above. */
export function harmless(text: string): string {
  return text.replace(CONTROL, '$1');
}

function written(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, () => resolve());
  });
}

function quietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
