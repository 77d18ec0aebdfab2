/** What the language readers get to see of a changed test file, and what they report. */

/** One change of a test file. */
export interface TestChange {
  path: string;
  /** False for a file that the fix adds. */
  existing: boolean;
  oldText: string;
  newText: string;
  /** 1-based lines of the new text that the fix added. */
  added: ReadonlySet<number>;
}

/** Whether it is final is decided by who asks. */
export interface Tampering {
  code: string;
  message: string;
  line?: number;
  next: string;
}
