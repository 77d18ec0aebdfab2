/** What the process that makes the calls writes, one line per call or ending; read as what code under test may have forged. */
import { z } from 'zod';
import { fromWire } from '../wire.ts';

export interface ThrownError {
  /** Its name and the name of its class, where they differ. */
  types: string[];
  message: string;
  stack: string;
  cause?: ThrownError | undefined;
}

const thrownSchema: z.ZodType<ThrownError> = z.object({
  types: z.array(z.string()),
  message: z.string(),
  stack: z.string(),
  get cause() {
    return thrownSchema.optional();
  },
});
const row = z.int().min(-1);

const outcomeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('returned'), row, value: z.unknown() }),
  z.object({ outcome: z.literal('threw'), row, error: thrownSchema }),
  /** The process ended while this row was called (-1: while the module was loaded). */
  z.object({ outcome: z.literal('ended'), row, exit: z.number().nullable() }),
  z.object({ outcome: z.literal('not_loaded'), error: thrownSchema }),
  z.object({ outcome: z.literal('no_loader'), error: thrownSchema }),
  /** `found`: what stands under the name, when it is no function. */
  z.object({ outcome: z.literal('no_export'), found: z.string().nullable(), names: z.array(z.string()) }),
]);

export type CallOutcome = z.output<typeof outcomeSchema>;

/** Lines that are none are left out. */
export function readOutcomes(text: string): CallOutcome[] {
  return text.split('\n').flatMap((line) => {
    try {
      const read = outcomeSchema.safeParse(fromWire(line));
      return read.success ? [read.data] : [];
    } catch {
      return [];
    }
  });
}

/** `TypeError: message`, its stack, and what caused it: as Node would print it. */
export function textOf({ types, message, stack, cause }: ThrownError): string {
  const head = `${types[0] ?? 'Error'}: ${message}`;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  // A class that never set its name stands in the stack as Error.
  const named = types.find((type) => stack.startsWith(type));
  const own = named !== undefined && stack.includes(message) ? stack : [head, ...frames].join('\n');
  return cause === undefined ? own : `${own}\nCaused by: ${textOf(cause)}`;
}
