/**
 * Entry of dist/hook.cjs: the command hooks SessionStart, Stop and SubagentStop. Reads the event from standard input and
 * prints its answer; whatever goes wrong, the session goes on (the gate judges again what a hook guards).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { roleOf } from '../hooks/role.ts';
import { judgeStop } from '../hooks/stop.ts';

interface HookEvent {
  hook_event_name: string;
  session_id: string;
  cwd: string;
  agent_id: string | undefined;
  agent_type: string | undefined;
  /** Of a SessionStart. */
  source: string | undefined;
}

/** Read by hand: the schema library would double the time that this costs at the end of every ordinary turn. */
function readEvent(text: string): HookEvent {
  const raw: unknown = JSON.parse(text);
  const field = (name: string): string | undefined => {
    const value: unknown = typeof raw === 'object' && raw !== null ? Reflect.get(raw, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const event = { hook_event_name: field('hook_event_name'), session_id: field('session_id'), cwd: field('cwd') };
  const { hook_event_name, session_id, cwd } = event;
  if (hook_event_name === undefined || session_id === undefined || cwd === undefined)
    throw new Error('the event has no hook_event_name, session_id or cwd');
  const [agent_id, agent_type, source] = [field('agent_id'), field('agent_type'), field('source')];
  return { hook_event_name, session_id, cwd, agent_id, agent_type, source };
}

/** Long enough to write a report, short enough not to hold a session. */
const GIVE_UP_AFTER_MS = 20_000;

async function answer(event: HookEvent): Promise<object> {
  const headless = process.env.SELF_HEALING_INCIDENT;
  const kind = event.hook_event_name;
  if (kind === 'SessionStart') {
    const { sessionStart } = await import('../hooks/session-start.ts');
    const notReady = sessionStart();
    const { source } = event;
    if ('systemMessage' in notReady || headless !== undefined || (source !== 'compact' && source !== 'resume'))
      return notReady;
    return remind(event, source);
  }
  if (kind !== 'Stop' && kind !== 'SubagentStop') return {};
  // The end of a person's own turn is none of our business: only our agents are held to a verdict.
  const role = roleOf(event.agent_type);
  if (!role) return {};
  const root = await rootWithState(event.cwd);
  if (root === undefined) return {};
  const { stopState } = await import('../healer/fixes/stop-state.ts');
  const state = await stopState(root, {
    sessionId: event.session_id,
    agentId: event.agent_id ?? '',
    headless,
  });
  try {
    const decision = await judgeStop({ ...event, hook_event_name: kind }, role, state);
    return decision.block ? { decision: 'block', reason: decision.reason } : {};
  } finally {
    await state.close();
  }
}

/** The main conversation has lost its memory, or comes back to it: it is told what it has in work. */
async function remind({ cwd, session_id }: HookEvent, source: 'compact' | 'resume'): Promise<object> {
  const root = await rootWithState(cwd);
  if (root === undefined) return {};
  const { openWorkbench } = await import('../healer/workbench.ts');
  const { sessionReminder } = await import('../healer/fixes/session-reminder.ts');
  const bench = await openWorkbench(root);
  try {
    const additionalContext = await sessionReminder(bench, session_id, source);
    return additionalContext === '' ? {} : { hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext } };
  } finally {
    await bench.close();
  }
}

/** The main checkout, where something was ever recorded in it: looking must not leave a database behind. */
async function rootWithState(cwd: string): Promise<string | undefined> {
  const { openRepository } = await import('../context/repository.ts');
  const { root } = await openRepository(cwd);
  return existsSync(join(root, '.self-healing', 'state.db')) ? root : undefined;
}

async function main(): Promise<void> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  const event = readEvent(text);
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
