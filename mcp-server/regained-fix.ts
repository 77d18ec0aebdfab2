/**
 * The fix of a server that was started again inside its session: the client replaces one that died at the next call, and
 * the agent believes that its fix is still open. Which incident it was stands in the database.
 */
import { startFix } from '../healer/fixes/start-fix.ts';
import { hasState, type Workbench } from '../healer/workbench.ts';
import { bindingsOf } from '../store/bindings.ts';
import type { Binding } from './binding.ts';

/** Opens the fix of `incident` again when an agent of this session was bound to it and nobody ended it since. */
export async function regainFix(bench: Workbench, binding: Binding, incident: string | undefined): Promise<void> {
  const session = process.env.CLAUDE_CODE_SESSION_ID;
  if (binding.headless || binding.lastBound || !incident || !session || !hasState(bench)) return;
  if (!bindingsOf(bench.db, incident).some(({ session_id }) => session_id === session)) return;
  if ((await bench.incidents.get(incident))?.status !== 'healing') return;
  await startFix(bench, { incident });
  binding.bind(incident);
}
