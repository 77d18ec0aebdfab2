/**
 * Watches a run's stream for what ends it at once: a plugin that was not loaded, guards that do not answer, and an agent
 * that its guards have stopped and that will not hand over. Hooks fail open, so a run whose guards are dead has to be ended
 * by who watches it.
 */
import { readStop, stopReason } from '../../hooks/guard/agent-stop.ts';
import { LAST_DENIALS } from '../../hooks/guard/agent-watch.ts';
import { SERVER } from '../../hooks/own-server.ts';
import type { Stopped } from './outcome.ts';
import type { Init, StreamEvent } from './stream.ts';

export interface RunWatcher {
  /** Why the run has to be ended now, or undefined. */
  see(event: StreamEvent): Stopped | undefined;
  /** The guards have stopped the agent, however the run then ended. */
  stopMark(): Stopped | undefined;
}

/** `agent` is the full name that the run was started with. */
export function watchRun(agent: string): RunWatcher {
  let guarded = false;
  let mark: Stopped | undefined;
  let denials = 0;
  const seeAnswer = (event: string, stop: Stopped | undefined) => {
    mark = stop ?? mark;
    if (stop && event === 'PreToolUse') denials += 1;
    return denials >= LAST_DENIALS ? mark : undefined;
  };
  return {
    stopMark: () => mark,
    see(event) {
      switch (event.kind) {
        case 'init':
          return judgeInit(event, agent);
        case 'hook_response':
          if (event.event === 'PreToolUse' && event.ok) guarded = true;
          if (isDeadGuard(event.ok, event.text))
            return {
              by: 'guard',
              why: `A guard of the run does not answer any more (${event.name}): ${firstLine(event.text)}`,
            };
          return seeAnswer(event.event, stopIn(event.text));
        case 'tool_result':
          // The hooks of a call answer before its result; a call without one was not guarded.
          return guarded
            ? undefined
            : {
                by: 'unusable',
                why: 'No hook of self-healing fired before the first tool call: the run would not be guarded.',
                next: 'Run `self-healing doctor`: it names what keeps hooks from firing. Most often that is "disableAllHooks" in your Claude Code user settings, or a managed policy with "allowManagedHooksOnly", which silences the plugin of a run even where the policy enables self-healing.',
              };
        default:
          return undefined;
      }
    },
  };
}

function judgeInit(init: Init, agent: string): Stopped | undefined {
  const unusable = (why: string, next: string): Stopped => ({ by: 'unusable', why, next });
  const again = 'Run `self-healing doctor` to see what the client makes of the plugin.';
  const problem = init.pluginErrors.find((error) => error.includes('self-healing'));
  if (problem !== undefined) return unusable(`The client could not load the plugin: ${firstLine(problem)}`, again);
  if (!init.plugins.includes('self-healing')) return unusable('The client did not load the plugin.', again);
  if (!init.agents.includes(agent)) return unusable(`The client does not know the agent ${agent}.`, again);
  const server = init.servers.find(({ name }) => name === SERVER);
  if (server?.status === 'connected') return undefined;
  return unusable(
    `The server of self-healing is ${server?.status ?? 'missing'}; without it nothing is guarded.`,
    again,
  );
}

/** What a guard says once it has stopped the agent: to a call that it denies, or before the next turn. */
function stopIn(answer: string): Stopped | undefined {
  const stop = readStop(answer);
  return stop && { by: stop.mode, why: `${stopReason(stop)}.` };
}

/** Of the hooks that fail, ours are those that name our server. */
function isDeadGuard(ok: boolean, text: string): boolean {
  return !ok && (text.includes('living-context') || /not connected|connection closed|MCP error/i.test(text));
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
