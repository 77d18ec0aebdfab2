/** The part of the main model in a session that was given `/self-healing:heal`: it reports, and sends the two agents. */
import { livingContext, type Reply, say, type ToolCall, use } from '../../cli/demo/model-reply.ts';
import type { Turn } from '../../cli/demo/model-turn.ts';

type Part = (turn: Turn) => Reply;

/** `agents` answers for the two agents, such as `honestFix(ORDERS_PART)`. */
export function sessionWith(agents: Part): Part {
  return (turn) => (turn.agent === 'main' ? lead(turn) : agents(turn));
}

function lead(turn: Turn): Reply {
  const sent = turn.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content)).filter(isAgentCall);
  if (sent.length === 2) return say(`The agents answered: ${turn.lastToolResults.join('\n')}`);
  const incident = incidentIn(turn);
  const failed = turn.results.find(({ isError }) => isError);
  if (incident === undefined && failed) return say(`I cannot go on: ${failed.text}`);
  if (incident === undefined) return use(livingContext('report_error', { text: errorIn(turn), source: 'log' }));
  return sent.length === 0
    ? use(agent('diagnostician', `Diagnose incident ${incident}.`))
    : use(agent('self-healing', `Fix incident ${incident}.`));
}

function agent(name: string, prompt: string): ToolCall {
  const input = { description: prompt, prompt, subagent_type: `self-healing:${name}`, run_in_background: false };
  return { name: 'Agent', input };
}

function isAgentCall(block: { type: string; name?: unknown }): boolean {
  return block.type === 'tool_use' && block.name === 'Agent';
}

/** From the command's argument, or from the answer of report_error. */
function incidentIn(turn: Turn): string | undefined {
  const answered = turn.allResults.map(({ text }) => text).find((text) => text.includes('"incident"'));
  return /INC-[0-9a-f]{16}/.exec(answered ?? errorIn(turn))?.[0];
}

/** What stands between the markers of the command's text. */
function errorIn({ messages }: Turn): string {
  const text = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [content] : content.map((block) => ('text' in block ? String(block.text) : '')),
  );
  return /--- ERROR ---\n([\s\S]*?)\n--- END OF ERROR ---/.exec(text.join('\n'))?.[1] ?? '';
}
