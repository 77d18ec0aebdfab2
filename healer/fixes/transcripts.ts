/** Where the client writes down what an agent of a session does, as the hook said that announced the agent. */
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { openCache } from '../../store/cache.ts';
import type { Workbench } from '../workbench.ts';

interface Agent {
  sessionId: string;
  /** Empty for the main conversation. */
  agentId: string;
}

export function keepTranscript(bench: Workbench, agent: Agent, path: string): void {
  openCache(bench.db, 'transcripts', bench.now).set(keyOf(agent), fileOf(agent, path));
}

export function transcriptOf(bench: Workbench, agent: Agent): string | undefined {
  return z.string().safeParse(openCache(bench.db, 'transcripts', bench.now).get(keyOf(agent))).data;
}

/** A subagent's lies in a folder of the session's name beside the session's own. */
function fileOf({ sessionId, agentId }: Agent, path: string): string {
  return agentId === '' ? path : join(dirname(path), sessionId, 'subagents', `agent-${agentId}.jsonl`);
}

function keyOf({ sessionId, agentId }: Agent): string {
  return `${sessionId}/${agentId}`;
}
