/** What `init` may write beyond what is detected: entries that were tried, in the words of the project. */
import type { DetectedCheck } from '../detect/checks.ts';

/** A test file that exists, as a scenario of its own. */
export interface TestScenario {
  /** Name of its scenario file. */
  module: string;
  /** The test file. */
  file: string;
  /** Paths and globs of the sources it reaches. */
  files: string[];
  name: string;
  /** Runs exactly this file; was seen green. */
  command: string;
}

export interface TriedCheck extends DetectedCheck {
  /** Why it is not green; left out when it is, or was not tried. */
  red?: string;
}
