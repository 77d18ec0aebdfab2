/** Tree ids of a worktree, made in the background. */
import type { SnapshotOptions } from '../../gate/tree.ts';

export class TreeWatch {
  private readonly options: Omit<SnapshotOptions, 'signal'>;

  constructor(options: Omit<SnapshotOptions, 'signal'>) {
    this.options = options;
  }

  /** The worktree may have changed: look again, in the background. */
  touch(): void {
    throw new Error(`${this.options.folder} cannot be watched yet`);
  }

  /** The id of the tree as it was at the last `touch()` or later; null when that took longer, or cannot be told. */
  async current(maxWaitMs: number): Promise<string | null> {
    throw new Error(`${this.options.folder} cannot be watched within ${maxWaitMs} ms yet`);
  }

  /** Ends git, removes the private index. */
  async close(): Promise<void> {}
}
