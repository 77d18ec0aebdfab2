/** The exit codes of every command: the contract of scripts and CI. */
export const EXIT = {
  /** Done: verdict pass, proposed, awaiting approval, dry run. */
  done: 0,
  /** Verdict fail, findings, or something outside that could not be reached; state is kept. */
  findings: 1,
  /** Bad usage or configuration. */
  usage: 2,
  /** Handed over to a person, or cancelled. */
  escalated: 3,
  /** Verdict refuse, or a run that ended `refused` or `low_confidence`. */
  refused: 4,
  dismissed: 5,
  /** Our bug. */
  bug: 70,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
