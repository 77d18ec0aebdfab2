/** What is kept of a call until the whole run is known and it can be judged: what it asked for, and no output. */
import { isJudged } from '../guard/judge-call.ts';
import type { ToolCall } from '../trace/happening.ts';
import type { RecordedFix } from './recorded-fix.ts';

export interface Deed {
  /** 1-based input line on which it was asked for. */
  step: number;
  agent: string;
  tool: string;
  input: Record<string, unknown>;
  cwd: string | null;
  /** Strikes of the loop detector before this call. */
  strikes: 0 | 1 | 2;
  /** The diagnosed files when it was made; null where the run had no diagnosis. */
  diagnosed: readonly string[] | null;
  /** Why nothing was to be changed any more, where the run had handed in its fix. */
  closed: string | undefined;
}

/** The fields of an input that say what is touched. */
const TOUCHED = ['command', 'file_path', 'notebook_path'] as const;
/** Those that a guard looks at. */
const JUDGED = [...TOUCHED, 'run_in_background'] as const;

/**
 * Undefined for a call that neither writes a file nor runs a command, and for one that says neither which: the client
 * refuses that itself and asks no guard.
 */
export function deedOf(
  call: ToolCall,
  at: { step: number; strikes: 0 | 1 | 2; fix: Pick<RecordedFix, 'diagnosed' | 'closed'> },
): Deed | undefined {
  const { tool, agent, cwd } = call;
  if (!isJudged(tool) || !TOUCHED.some((key) => typeof call.input[key] === 'string')) return undefined;
  const input = Object.fromEntries(JUDGED.flatMap((key) => (key in call.input ? [[key, call.input[key]]] : [])));
  const { step, strikes, fix } = at;
  return { step, agent, tool, input, cwd, strikes, diagnosed: fix.diagnosed, closed: fix.closed };
}

/** What it touched, for a person. */
export function touchedBy({ input }: Deed): string {
  return String(TOUCHED.map((key) => input[key]).find((value) => value !== undefined) ?? '');
}
