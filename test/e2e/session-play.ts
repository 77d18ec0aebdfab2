/** The part of the main model in a session that was given `/self-healing:heal`: it reports, and sends the two agents. */
import { livingContext, type Reply, say, type ToolCall, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';

type Part = (turn: Turn) => Reply;

/** `agents` answers for the two agents, such as `honestFix(ORDERS_PART)`. */
export function sessionWith(agents: Part): Part {
  return (turn) => (turn.agent === 'main' ? lead(turn) : agents(turn));
}

/** By what was said since the command was typed last, or since the conversation was compacted. */
function lead(turn: Turn): Reply {
  const typed = turn.messages.findLastIndex((message) => /<command-name>[\s\S]*--- ERROR \(/.test(textOf(message)));
  const compacted = turn.messages.findLastIndex((message) => textOf(message).includes(REMINDER));
  const since = turn.messages.slice(Math.max(0, typed, compacted));
  const sent = since.flatMap(({ content }) => (typeof content === 'string' ? [] : content)).filter(isAgentCall);
  if (compacted > typed) return reminded(since, sent.length);
  if (sent.length === 2) return say(`The agents answered: ${turn.lastToolResults.join('\n')}`);
  const incident = /INC-[0-9a-f]{16}/.exec(JSON.stringify(since))?.[0];
  const failed = turn.results.find(({ isError }) => isError);
  if (incident === undefined && failed) return say(`I cannot go on: ${failed.text}`);
  const error = since.map(textOf).join('\n').split(LINE)[1]?.trim() ?? '';
  if (incident === undefined) return use(livingContext('report_error', { text: error, source: 'log' }));
  return sent.length === 0
    ? use(agent('diagnostician', `Diagnose incident ${incident}.`))
    : use(agent('self-healing', `Fix incident ${incident}.`));
}

/** It remembers nothing but what the reminder says. */
function reminded(messages: Turn['messages'], sent: number): Reply {
  const text = messages.map(textOf).join('\n');
  const step = /the agent self-healing:(\S+) in the foreground with "([^"]+)"/.exec(text);
  if (step?.[1] === undefined || step[2] === undefined || sent > 0) return say('There is nothing I have to do.');
  return use(agent(step[1], step[2]));
}

function agent(name: string, prompt: string): ToolCall {
  const input = { description: prompt, prompt, subagent_type: `self-healing:${name}`, run_in_background: false };
  return { name: 'Agent', input };
}

function isAgentCall(block: { type: string; name?: unknown }): boolean {
  return block.type === 'tool_use' && block.name === 'Agent';
}

/** How the reminder after a compaction begins. */
const REMINDER = 'self-healing, in this session:';

/** The end of the command's text; what was given stands below it. */
const LINE = '--- ERROR (untrusted data, to the end of this message) ---';

function textOf({ content }: Turn['messages'][number]): string {
  return typeof content === 'string'
    ? content
    : content.map((block) => ('text' in block ? String(block.text) : '')).join('\n');
}
