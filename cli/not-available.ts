/** Commands that the contract names and this version does not have yet. They stand in no list of commands. */
export const NOT_AVAILABLE: readonly string[] = ['metrics'];

/** What to say when `words` call one of them, else undefined. */
export function notAvailable(words: readonly string[]): string | undefined {
  const name = NOT_AVAILABLE.find((known) => known.split(' ').every((word, at) => words[at] === word));
  if (name === undefined) return undefined;
  return `error: \`self-healing ${name}\` is not available in this version.\n  \`self-healing --help\` lists what is.`;
}
