/** What is never part of a tree, wherever one is taken: linked dependency folders, and the worktrees themselves. */
export function outsideTree(settings: { link: readonly string[]; root: string }): string[] {
  return [...settings.link, `/${settings.root}`];
}
