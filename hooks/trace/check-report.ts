/** What a call told about the project's checks: which ones fail, and how. */
import type { ToolCall } from './happening.ts';

export interface CheckReport {
  /** Masked names of the failing checks, sorted, each once; empty when green. */
  failing: readonly string[];
  /** Digest of the masked error lines; empty when green. */
  errors: string;
}

/** Null when the call's output is not the report of a check. Linear in the length of the output. */
export function readCheckReport(call: ToolCall): CheckReport | null {
  throw new Error(`The check report of ${call.tool} cannot be read yet`);
}
