/** What each ecosystem's detector answers. */

export type TestCommand =
  | { found: true; command: string; why: string }
  /** `why` tells what was looked at; empty when the project has nothing of this ecosystem. */
  | { found: false; why: string };

export function found(command: string, why: string): TestCommand {
  return { found: true, command, why };
}

export function notFound(why = ''): TestCommand {
  return { found: false, why };
}
