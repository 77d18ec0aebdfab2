/** How the processes of a run are known, whichever group or parent they have: the run's environment carries this. */
export function runMark(run: string): string {
  return `SELF_HEALING_RUN=${run}`;
}
