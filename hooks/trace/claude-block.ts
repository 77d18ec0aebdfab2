/**
 * One block of a message of the client's, the same in its transcripts and in stream-json. Blocks of other kinds (thinking,
 * images) tell nothing here.
 */
import { z } from 'zod';

const blockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('tool_use'),
    id: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.unknown()).catch({}),
  }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    is_error: z.boolean().nullish(),
    content: z.unknown().optional(),
  }),
]);
export type Block = z.infer<typeof blockSchema>;
export type BlockOf<T extends Block['type']> = Extract<Block, { type: T }>;

/** Undefined for another kind or form. */
export function readBlock(raw: unknown): Block | undefined {
  return blockSchema.safeParse(raw).data;
}

/** What the model read: a result is a text or a list of blocks, of which those with text count. */
export function resultText({ content }: BlockOf<'tool_result'>): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((block: { text?: unknown } | null) => (typeof block?.text === 'string' ? [block.text] : []))
    .join('\n');
}
