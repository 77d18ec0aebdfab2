/**
 * Tree ids of a worktree, made in the background after calls that may have changed it, so that no call waits for git
 * longer than its caller chooses. Everything it writes lies in a temporary folder of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeptView, type SnapshotOptions, type View } from '../../gate/tree.ts';

export type Watched = Omit<SnapshotOptions, 'signal'>;

export class TreeWatch {
  private readonly watched: Watched;
  private readonly end = new AbortController();
  /** How often the worktree may have changed; 1: it has never been looked at. */
  private touched = 1;
  /** The `touched` that `tree` is about. */
  private seen = 0;
  private tree: string | null = null;
  private looking: Promise<void> | undefined;
  private kept: { folder: string; view: View } | undefined;

  constructor(watched: Watched) {
    this.watched = watched;
  }

  /** The worktree may have changed: it is looked at again, in the background. */
  touch(): void {
    this.touched++;
    this.start();
  }

  /**
   * The id of the tree as it was at the last `touch()` or later. Null when that is not known within `maxWaitMs`, when git
   * cannot tell (an unreadable file), or when the watch is closed.
   */
  async current(maxWaitMs: number): Promise<string | null> {
    const asked = this.touched;
    this.start();
    if (this.seen < asked && this.looking) await withinTime(this.looking, maxWaitMs);
    return this.seen >= asked && !this.end.signal.aborted ? this.tree : null;
  }

  /** Ends git and removes what was kept. */
  async close(): Promise<void> {
    this.end.abort();
    await this.looking;
    await this.forget();
  }

  private start(): void {
    if (this.end.signal.aborted || this.looking || this.seen >= this.touched) return;
    this.looking = this.look().finally(() => {
      this.looking = undefined;
      this.start();
    });
  }

  /** One look, and one more if the worktree was touched meanwhile, however often. */
  private async look(): Promise<void> {
    while (this.seen < this.touched && !this.end.signal.aborted) {
      const about = this.touched;
      this.tree = await this.lookOnce();
      this.seen = about;
    }
  }

  private async lookOnce(): Promise<string | null> {
    try {
      this.kept ??= await this.open();
      return await this.kept.view(this.end.signal);
    } catch {
      // What git left behind (a lock, half an index) would fail the next look as well.
      await this.forget();
      return null;
    }
  }

  private async open(): Promise<{ folder: string; view: View }> {
    const folder = await mkdtemp(join(tmpdir(), 'self-healing-watch-'));
    try {
      return { folder, view: await openKeptView({ ...this.watched, signal: this.end.signal }, folder) };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async forget(): Promise<void> {
    const folder = this.kept?.folder;
    this.kept = undefined;
    // What cannot be removed from the temporary folder is no reason to break a call.
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

async function withinTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
