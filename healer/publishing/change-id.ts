/** What tells whether two changes are the same, wherever they were made. */
import { createHash } from 'node:crypto';
import { diffText } from '../../gate/changes.ts';
import type { Workspace } from '../../gate/workspace.ts';

/** The change without where it stands: equal for the same lines in the same surroundings. */
export async function changeId(workspace: Workspace, base: string, tree: string): Promise<string> {
  const text = await diffText(workspace, base, tree);
  const lines = text.split('\n').map((line) => (line.startsWith('@@ ') ? '@@' : line));
  const placeless = lines.filter((line) => !/^index [0-9a-f]+\.\./.test(line));
  return createHash('sha256').update(placeless.join('\n')).digest('hex');
}
