/**
 * Entry of dist/hook.cjs: the command hooks SessionStart, Stop and SubagentStop. Reads the event from standard input and
 * prints its answer; whatever goes wrong, the session goes on (the gate judges again what a hook guards).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { roleOf } from '../hooks/guard.ts';
import { judgeStop } from '../hooks/stop.ts';

const eventSchema = z.object({
  hook_event_name: z.string(),
  session_id: z.string(),
  cwd: z.string(),
  agent_id: z.string().optional(),
  agent_type: z.string().optional(),
});
type HookEvent = z.infer<typeof eventSchema>;

/** Long enough to write a report, short enough not to hold a session. */
const GIVE_UP_AFTER_MS = 20_000;

async function answer(event: HookEvent): Promise<object> {
  const headless = process.env.SELF_HEALING_INCIDENT;
  const kind = event.hook_event_name;
  if (kind !== 'Stop' && kind !== 'SubagentStop') return {};
  // The end of a person's own turn is none of our business: only our agents are held to a verdict.
  if (!event.agent_type?.includes('self-healing') && !event.agent_type?.includes('diagnostician')) return {};
  const { openRepository } = await import('../context/repository.ts');
  const repository = await openRepository(event.cwd);
  if (!existsSync(join(repository.root, '.self-healing', 'state.db'))) return {};
  const { stopState } = await import('../healer/fixes/stop-state.ts');
  const state = await stopState(repository.root, {
    sessionId: event.session_id,
    agentId: event.agent_id ?? '',
    headless,
  });
  try {
    const decision = await judgeStop({ ...event, hook_event_name: kind }, roleOf(event.agent_type), state);
    return decision.block ? { decision: 'block', reason: decision.reason } : {};
  } finally {
    await state.close();
  }
}

async function main(): Promise<void> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  const event = eventSchema.parse(JSON.parse(text));
  process.stdout.write(`${JSON.stringify(await answer(event))}\n`);
}

setTimeout(() => process.exit(0), GIVE_UP_AFTER_MS).unref();
main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`self-healing hook: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(0);
  },
);
