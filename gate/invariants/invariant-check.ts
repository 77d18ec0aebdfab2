/** What the kinds of executable checks share: what they are given, and what they tell. */
import type { Config } from '../../context/schemas/config.ts';
import type { Invariant } from '../../context/schemas/invariants.ts';
import type { Change } from '../changes.ts';
import type { Checkout } from '../checkout.ts';
import type { Trees } from '../compose.ts';
import type { RunCache } from '../scenarios/execution.ts';
import type { Workspace } from '../workspace.ts';

export interface InvariantsInput {
  workspace: Workspace;
  checkout: Checkout;
  trees: Trees;
  changes: readonly Change[];
  /** Of the base's law, those in force. */
  invariants: readonly Invariant[];
  config: Pick<Config, 'tests' | 'intake'>;
  cache?: RunCache | undefined;
  /** As `ExecutionContext` has it. */
  environmentKey: string;
  signal?: AbortSignal | undefined;
}

/** What one executable check told. */
export type InvariantResult =
  | { status: 'held' }
  /** Violated, and not (or less) so on the base. */
  | { status: 'violated'; message: string; file?: string; line?: number }
  | { status: 'already_violated'; message: string; file?: string; line?: number }
  /** `next`: what to do, where waiting or a person's own machine is the answer and not the rule. */
  | { status: 'cannot_run'; message: string; next?: string };
