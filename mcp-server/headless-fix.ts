/**
 * The fix of a headless run, opened in this server before it is needed: a session that is resumed gets a new server, and
 * its agent believes that its fix is still open.
 */
import { startFix } from '../healer/fixes/start-fix.ts';
import type { Workbench } from '../healer/workbench.ts';

export class HeadlessFix {
  private readonly incident: string | undefined;
  private opening: Promise<void> | undefined;

  constructor(incident: string | undefined) {
    this.incident = incident;
  }

  /** Does nothing in a person's session. A fix that cannot be opened is left to the tools, which say why. */
  ensure(bench: Workbench): Promise<void> {
    const { incident } = this;
    if (incident === undefined || bench.fixes.has(incident)) return Promise.resolve();
    this.opening ??= startFix(bench, { incident }).then(
      () => {
        this.opening = undefined;
      },
      () => {
        this.opening = undefined;
      },
    );
    return this.opening;
  }
}
