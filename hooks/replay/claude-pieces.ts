/**
 * A transcript cut into pieces that can be read one by one. What a later line refers to is carried over: calls without a
 * result yet, the folder that a stream began in, the names of its subagents. Lines that a compaction or a resumed session
 * wrote once more are left out, and so are results whose call stands before the beginning of a cut-off file.
 */
import { z } from 'zod';
import { readBlock } from '../trace/claude-block.ts';

export interface NumberedLine {
  /** 1-based input line. */
  at: number;
  text: string;
}

const lineSchema = z.object({
  type: z.string(),
  subtype: z.string().nullish().catch(null),
  uuid: z.string().nullish().catch(null),
  message: z
    .object({ content: z.array(z.unknown()).catch([]) })
    .nullish()
    .catch(null),
});

const CARRIED = new Set(['init', 'task_started']);

export class ClaudePieces {
  #lines: NumberedLine[] = [];
  readonly #seen = new Set<string>();
  readonly #waiting = new Map<string, NumberedLine>();
  readonly #finished = new Set<string>();
  readonly #told: NumberedLine[] = [];
  #whole = true;

  /** A message of the model may come in several lines; after one of a person or a tool it is complete. */
  get whole(): boolean {
    return this.#whole;
  }

  add(line: NumberedLine): void {
    const parsed = parse(line.text);
    // What cannot be read stays: its reader says what is wrong with it.
    if (parsed === undefined) return void this.#lines.push(line);
    const { type, subtype, uuid, message } = parsed;
    if (uuid && this.#seen.has(uuid)) return;
    if (uuid) this.#seen.add(uuid);
    const blocks = (message?.content ?? []).flatMap((raw) => readBlock(raw) ?? []);
    if (blocks.some((block) => block.type === 'tool_result' && !this.#isKnown(block.tool_use_id))) return;
    for (const block of blocks) {
      if (block.type === 'tool_use') this.#waiting.set(block.id, line);
      if (block.type === 'tool_result' && this.#waiting.delete(block.tool_use_id))
        this.#finished.add(block.tool_use_id);
    }
    if (type === 'system' && CARRIED.has(subtype ?? '')) this.#told.push(line);
    this.#whole = type === 'user';
    this.#lines.push(line);
  }

  take(): NumberedLine[] {
    const lines = this.#lines;
    this.#lines = [...new Set([...this.#told, ...this.#waiting.values()])].sort((a, b) => a.at - b.at);
    return lines;
  }

  #isKnown(call: string): boolean {
    return this.#waiting.has(call) || this.#finished.has(call);
  }
}

function parse(text: string): z.output<typeof lineSchema> | undefined {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
