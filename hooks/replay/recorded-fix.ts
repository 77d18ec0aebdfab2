/** What a recorded run says about its own fix: the worktrees it was given, the diagnosis it made, where its calls stood. */
import { z } from 'zod';
import type { ToolCall } from '../trace/happening.ts';
import { commonRoot } from './root.ts';

/** Enough to find a common root; a run of a million calls does not keep them all. */
const KEPT = 10_000;

const diagnosisSchema = z.object({ affected_files: z.array(z.string()) });

export class RecordedFix {
  readonly #worktrees = new Map<string, string>();
  readonly #folders = new Set<string>();
  readonly #paths = new Set<string>();
  #diagnosed: readonly string[] | null = null;
  #closed: string | undefined;

  /** The files that may be changed from here on; null while the run has made no diagnosis. */
  get diagnosed(): readonly string[] | null {
    return this.#diagnosed;
  }

  /** Why nothing is to be changed from here on; undefined while the fix is open. */
  get closed(): string | undefined {
    return this.#closed;
  }

  see(call: ToolCall): void {
    if (call.cwd !== null && this.#folders.size < KEPT) this.#folders.add(call.cwd);
    for (const key of ['file_path', 'notebook_path']) {
      const path = call.input[key];
      if (typeof path === 'string' && this.#paths.size < KEPT) this.#paths.add(path);
    }
    if (call.outcome !== 'ok') return;
    if (isTool(call.tool, 'start_fix')) {
      const worktree = /"worktree"\s*:\s*"([^"]+)"|^Worktree: (.+)$/m.exec(call.output);
      const path = worktree?.[1] ?? worktree?.[2];
      if (path !== undefined) this.#worktrees.set(call.agent, path.trim());
      this.#closed = undefined;
    }
    if (isTool(call.tool, 'propose_pr')) this.#closed = 'the fix was handed in';
    if (isTool(call.tool, 'record_diagnosis')) {
      const diagnosis = diagnosisSchema.safeParse(call.input);
      if (diagnosis.success) this.#diagnosed = [...(this.#diagnosed ?? []), ...diagnosis.data.affected_files];
    }
  }

  /** The worktree of an agent: its own, else the only one of the run, else the folder that the run worked in. */
  rootOf(agent: string): string {
    const own = this.#worktrees.get(agent);
    if (own !== undefined) return own;
    const all = new Set(this.#worktrees.values());
    const only = [...all][0];
    if (all.size === 1 && only !== undefined) return only;
    return commonRoot([...this.#folders], [...this.#paths]);
  }
}

/** Under its own name, or as the client names a server's tool. */
function isTool(tool: string, name: string): boolean {
  return tool === name || tool.endsWith(`__${name}`);
}
