/**
 * Reads Claude Code's records of a session: its transcripts (`<session>.jsonl`, `<session>/subagents/agent-<id>.jsonl`,
 * sidechains inside one file) and its stream-json output. Both are JSONL of the same messages.
 *
 * Learnt from real ones (2.1.197): each block of a message is a line of its own with the message's id; results of parallel
 * calls come in the order in which they came back; a compaction writes the lines it keeps once more, with their uuids.
 */
import { z } from 'zod';
import { type Block, type BlockOf, readBlock, resultText } from './claude-block.ts';
import { clipOutput } from './clip.ts';
import type { Happening } from './happening.ts';
import { outcomeOf } from './outcome.ts';
import type { ReadLines } from './placed.ts';

const name = z.string().nullish().catch(null);
const lineSchema = z.looseObject({
  type: z.string(),
  subtype: name,
  uuid: name,
  cwd: name,
  /** Transcripts: the subagent. */
  agentId: name,
  /** Stream: the call that started the subagent. */
  parent_tool_use_id: name,
  task_id: name,
  tool_use_id: name,
  /** Transcripts of older versions: a subagent's lines stand in the main file, without its id. */
  isSidechain: z.boolean().nullish().catch(null),
  parentUuid: name,
  isMeta: z.boolean().nullish().catch(null),
  isSynthetic: z.boolean().nullish().catch(null),
  isCompactSummary: z.boolean().nullish().catch(null),
  message: z.unknown().optional(),
});
type Line = z.infer<typeof lineSchema>;

const messageSchema = z.object({
  id: name,
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]),
});
type Message = z.infer<typeof messageSchema>;

/** What the client says in a person's place: nothing that a person said. */
const CLIENT_TEXT =
  /^\s{0,20}(?:<local-command-|<system-reminder>|Stop hook feedback:|\[Request interrupted|Caveat: The messages below)/;

/** Never throws: a line that cannot be read becomes a problem. */
export function readClaudeLines(text: string): ReadLines {
  const reader = new Reader();
  for (const [index, raw] of text.split('\n').entries()) if (raw.trim() !== '') reader.take(raw, index + 1);
  return reader.finish();
}

interface OpenCall {
  call: BlockOf<'tool_use'>;
  line: number;
  cwd: string | null;
}

class Reader {
  private readonly read: ReadLines = { placed: [], problems: [] };
  private readonly seen = new Set<string>();
  private readonly open = new Map<string, OpenCall>();
  private readonly finished = new Set<string>();
  /** Text of each agent that may still turn out to go with a call. */
  private readonly said = new Map<string, { message: string; line: number; text: string }>();
  /** Stream: the call that started a subagent → the subagent's id, which its hooks and transcript use. */
  private readonly agents = new Map<string, string>();
  /** Line of a sidechain → the sidechain. */
  private readonly sidechains = new Map<string, string>();
  private cwd: string | null = null;

  take(raw: string, at: number): void {
    const parsed = parse(raw);
    if ('problem' in parsed) this.problem(at, parsed.problem);
    else if (!this.wasSeen(parsed.line)) this.see(parsed.line, at);
  }

  /** A compaction and a resumed session write lines that they keep once more. */
  private wasSeen({ uuid }: Line): boolean {
    if (!uuid) return false;
    if (this.seen.has(uuid)) return true;
    this.seen.add(uuid);
    return false;
  }

  private see(line: Line, at: number): void {
    this.cwd = line.cwd ?? this.cwd;
    const agent = this.agentOf(line);
    if (line.type === 'system') this.system(line, agent, at);
    if (line.type !== 'user' && line.type !== 'assistant') return;
    const message = messageSchema.safeParse(line.message);
    if (!message.success) this.problem(at, `A line of type ${line.type} without a message that has content.`);
    else if (line.type === 'assistant') this.assistant(message.data, agent, at);
    else this.user(message.data, line, agent, at);
  }

  finish(): ReadLines {
    for (const agent of [...this.said.keys()]) this.flush(agent);
    // A text is known to stand alone only later; lines are what orders.
    this.read.placed.sort((a, b) => a.line - b.line);
    return this.read;
  }

  private agentOf(line: Line): string {
    if (line.agentId) return line.agentId;
    if (line.isSidechain) return this.sidechainOf(line);
    return line.parent_tool_use_id ? (this.agents.get(line.parent_tool_use_id) ?? line.parent_tool_use_id) : '';
  }

  /** A sidechain is known by the line that it began with. */
  private sidechainOf({ uuid, parentUuid }: Line): string {
    const chain = this.sidechains.get(parentUuid ?? '') ?? `sidechain ${uuid ?? ''}`;
    if (uuid) this.sidechains.set(uuid, chain);
    return chain;
  }

  private system(line: Line, agent: string, at: number): void {
    if (line.subtype === 'task_started' && line.task_id && line.tool_use_id)
      this.agents.set(line.tool_use_id, line.task_id);
    if (line.subtype !== 'compact_boundary') return;
    this.flush(agent);
    this.place(at, { kind: 'compaction', agent });
  }

  private assistant({ id, content }: Message, agent: string, at: number): void {
    const message = id ?? `line ${at}`;
    if (this.said.get(agent)?.message !== message) this.flush(agent);
    for (const block of blocksOf(content)) {
      if (block.type === 'tool_use') {
        this.said.set(agent, { message, line: at, text: '' });
        if (!this.finished.has(block.id) && !this.open.has(block.id))
          this.open.set(block.id, { call: block, line: at, cwd: this.cwd });
      } else if (block.type === 'text' && block.text.trim() !== '') {
        const before = this.said.get(agent);
        if (before === undefined) this.said.set(agent, { message, line: at, text: block.text });
        // Once a call has come with this message, its text is no talk without a call.
        else if (before.text !== '') before.text += `\n${block.text}`;
      }
    }
  }

  private user({ content }: Message, line: Line, agent: string, at: number): void {
    const blocks = blocksOf(content);
    const results = blocks.filter((block) => block.type === 'tool_result');
    for (const result of results) this.result(result, agent, at);
    if (results.length > 0 || line.isMeta || line.isSynthetic || line.isCompactSummary) return;
    const text = blocks
      .flatMap((block) => (block.type === 'text' ? [block.text] : []))
      .filter((said) => !CLIENT_TEXT.test(said))
      .join('\n');
    if (text.trim() === '') return;
    this.flush(agent);
    this.place(at, { kind: 'prompt', agent, text });
  }

  private result(result: BlockOf<'tool_result'>, agent: string, at: number): void {
    const started = this.open.get(result.tool_use_id);
    if (started === undefined) {
      // Told before, in lines that a resumed session or a compaction wrote once more.
      if (!this.finished.has(result.tool_use_id))
        this.problem(at, `A result of the call ${result.tool_use_id.slice(0, 60)}, which no line above asks for.`);
      return;
    }
    this.open.delete(result.tool_use_id);
    this.finished.add(result.tool_use_id);
    const { id, name: tool, input } = started.call;
    const output = resultText(result);
    this.read.placed.push({
      line: at,
      started: started.line,
      happening: {
        kind: 'call',
        agent,
        id,
        tool,
        input,
        outcome: outcomeOf({ tool, text: output, isError: result.is_error === true, fromClient: true }),
        output: clipOutput(output),
        cwd: started.cwd,
        tree: null,
      },
    });
  }

  private flush(agent: string): void {
    const said = this.said.get(agent);
    this.said.delete(agent);
    if (said && said.text !== '') this.place(said.line, { kind: 'text', agent, text: said.text });
  }

  private place(line: number, happening: Happening): void {
    this.read.placed.push({ line, started: line, happening });
  }

  private problem(line: number, message: string): void {
    this.read.problems.push({ line, message });
  }
}

function parse(raw: string): { line: Line } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return { problem: 'It is not JSON: cut off, or not a line of a transcript or of stream-json.' };
  }
  const checked = lineSchema.safeParse(value);
  if (checked.success) return { line: checked.data };
  return { problem: 'It is JSON, but no line of a transcript or of stream-json, which have a type.' };
}

function blocksOf(content: Message['content']): Block[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : content.flatMap((raw) => readBlock(raw) ?? []);
}
