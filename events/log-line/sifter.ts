/**
 * Finds in a stream of log lines the few that may tell of an error, with what stands around them, without parsing the
 * others: one search over the bytes. What it gives out (windows) is read by `readLog`; what it leaves out tells of none.
 *
 * A window begins a few lines above what was found (node prints the place there), and goes on while lines continue it: bare
 * or indented ones, further finds, and up to a few quiet lines of another writer between two lines of a stack.
 */
import { isErrorLevel } from './level.ts';
import { readLine } from './log-line.ts';
import { parsePrefix } from './prefix.ts';

/**
 * Whatever may begin what `readLog` reports: names of levels and errors, and the numbers of pino. In the cases that people
 * write, because a search without regard to case takes three times as long; what is rare is looked for apart, because one
 * more alternative can halve the speed of all (measured).
 */
const FIND =
  /[Ee]rr|ERR|[Ee]xception|EXCEPTION|[Ff]atal|FATAL|[Pp]anic|PANIC|[Tt]raceback|[Cc]rit|CRIT|[Ss]evere|SEVERE|[Ee]merg|EMERG|[Ff]ault|FAULT|[Ff]ailure|FAILURE|[Rr]ejection|[Aa]lert|ALERT|FTL|ftl|[Ii]nterrupt|[Tt]imeout|SystemExit|StopIteration|"level":[56]/g;
/** Frames below a head that names no error, and the error lines of klog. */
const RARE = ['   at ', '\tat ', '\nE'].map((word) => Buffer.from(word));
/** Goes on what was begun. */
const CONTINUES = /^\s|:in [`'"]|^E\d{4} \d|^not ok /;
/** The usual shapes of a line that says of itself that nothing failed. */
const PLAINLY_QUIET =
  /(?:\[?\d{4}-\d\d-\d\d[T ]\S{8,30} (?:\[[\w.-]{1,40}\] )?\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING)\b|\{"level":(?:[1-4]0|"(?:trace|debug|info|warn)"),)/y;

/** A line of a stack that Docker wrapped. */
const DOCKER_FRAME = /^\{"log":"(?: |\\t|\\n|[\w.()*/]{1,200}\(.{0,200}\)\\n)/;

const LEAD_LINES = 6;
/** Quiet lines of others that may stand between two lines of one stack. */
const MAX_CALM = 3;
const MAX_BARE = 200;
const MAX_LINES = 1000;
const MAX_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

export class Sifter {
  #window: Buffer[] = [];
  #bytes = 0;
  #lines = 0;
  #calm = 0;
  #bare = 0;
  /** The last lines that belong to no window. */
  #lead: Buffer[] = [];

  /** Bytes at the end of what was pushed that are in a window still open: whoever starts again must read them again. */
  get openBytes(): number {
    return this.#bytes;
  }

  /** `lines`: whole lines, each with its line feed. Answers with the windows that were closed. */
  push(lines: Buffer): string[] {
    const closed: string[] = [];
    const text = lines.toString('latin1');
    const find = finder(lines, text);
    let at = 0;
    /** From here to `at` stand lines of no window. */
    let outside = 0;
    while (at < lines.length) {
      if (this.#lines > 0) {
        outside = at = this.#extend(lines, text, at, closed);
        continue;
      }
      const found = text.startsWith('E', at) && CONTINUES.test(text.slice(at, at + 7)) ? at : find(at);
      if (found === Number.POSITIVE_INFINITY) break;
      const start = found === 0 ? 0 : text.lastIndexOf('\n', found - 1) + 1;
      const feed = text.indexOf('\n', found);
      const end = feed === -1 ? lines.length : feed + 1;
      if (isQuiet(text, start, end)) {
        at = end;
        continue;
      }
      this.#keepLead(lines.subarray(outside, start));
      this.#open();
      outside = at = this.#extend(lines, text, start, closed);
    }
    this.#keepLead(lines.subarray(outside));
    return closed;
  }

  /** Closes what is open: no more comes, or not for long. */
  flush(): string[] {
    if (this.#lines === 0) return [];
    const text = Buffer.concat(this.#window).toString('utf8');
    this.#window = [];
    this.#bytes = this.#lines = this.#calm = this.#bare = 0;
    this.#lead = [];
    return [text];
  }

  #open(): void {
    this.#window = this.#lead;
    this.#bytes = this.#lead.reduce((sum, line) => sum + line.length, 0);
    this.#lines = Math.max(1, this.#lead.length);
    this.#lead = [];
  }

  /** Takes lines into the open window until it closes or they end; answers where it stopped. */
  #extend(lines: Buffer, text: string, from: number, closed: string[]): number {
    let at = from;
    let open = true;
    while (open && at < lines.length) {
      const feed = text.indexOf('\n', at);
      const end = feed === -1 ? lines.length : feed + 1;
      this.#weigh(text.slice(at, Math.min(end, at + 4000)));
      this.#bytes += end - at;
      this.#lines++;
      at = end;
      open = this.#calm < MAX_CALM && this.#bare < MAX_BARE && this.#lines < MAX_LINES && this.#bytes < MAX_BYTES;
    }
    // A copy: the chunk it lies in is large, and is written over.
    this.#window.push(Buffer.from(lines.subarray(from, at)));
    if (!open) closed.push(...this.flush());
    return at;
  }

  #weigh(line: string): void {
    FIND.lastIndex = 0;
    if (FIND.test(line)) this.#calm = this.#bare = 0;
    else if (CONTINUES.test(line)) this.#calm = 0;
    else if (line.startsWith('{')) {
      if (DOCKER_FRAME.test(line)) this.#calm = this.#bare = 0;
      else this.#calm++;
    } else {
      // Where every line has a prefix, a stack is told by what stands behind it.
      const prefix = parsePrefix(line);
      if (prefix === undefined) this.#bare++;
      else if (CONTINUES.test(line.slice(prefix.end))) this.#calm = 0;
      else this.#calm++;
    }
  }

  #keepLead(lines: Buffer): void {
    if (lines.length === 0) return;
    const kept: Buffer[] = [];
    let end = lines.length;
    while (end > 0 && kept.length < LEAD_LINES) {
      const start = lines.lastIndexOf(LINE_FEED, end - 2) + 1;
      kept.unshift(Buffer.from(lines.subarray(end < 2 ? 0 : start, end)));
      end = end < 2 ? 0 : start;
    }
    this.#lead = [...this.#lead, ...kept].slice(-LEAD_LINES).map((line) => line.subarray(0, 4000));
  }
}

/** A line whose level says that nothing failed. Frames below it are a find of their own, and it stands above them then. */
function isQuiet(text: string, start: number, end: number): boolean {
  PLAINLY_QUIET.lastIndex = start;
  if (PLAINLY_QUIET.test(text)) return true;
  const { format, level } = readLine(text.slice(start, Math.min(end, start + 4000)).trimEnd());
  return format !== 'bare' && level !== undefined && !isErrorLevel(level);
}

/** A place in the line of the next find, each kind searched once over the same text. */
function finder(bytes: Buffer, text: string): (from: number) => number {
  const next = new Array<number>(RARE.length + 1).fill(-1);
  const search = (kind: number, from: number): number => {
    const word = RARE[kind];
    if (word === undefined) {
      FIND.lastIndex = from;
      return FIND.test(text) ? FIND.lastIndex - 1 : Number.POSITIVE_INFINITY;
    }
    const found = bytes.indexOf(word, from);
    // The word of klog is found at the line break above it.
    return found === -1 ? Number.POSITIVE_INFINITY : word[0] === LINE_FEED ? found + 1 : found;
  };
  return (from) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let kind = 0; kind <= RARE.length; kind++) {
      if ((next[kind] ?? -1) < from) next[kind] = search(kind, from);
      nearest = Math.min(nearest, next[kind] ?? nearest);
    }
    return nearest;
  };
}
