/**
 * Every tool call of a run, from its stream: told to who watches and to the next run. Its server tells the same calls
 * as its hooks see them; each is one step, and what no hook saw stays marked as seen in the stream alone.
 */
import { oneLine } from '../../events/plain-text.ts';
import { liftedBy } from '../../gate/lift.ts';
import { CHECK_NAMES, verificationSchema } from '../../gate/verification.ts';
import { TOOL_PREFIX } from '../../hooks/own-server.ts';
import { RULES, type Rule } from '../../hooks/rules.ts';
import type { ToolCall } from '../../hooks/trace/happening.ts';
import { appendStep } from '../../store/steps.ts';
import { callDetail, shortToolName } from '../runs/call-line.ts';
import { outcomeOf, type Recorded, recordedStep } from '../runs/recorded-step.ts';
import type { StreamEvent, ToolResult, ToolUse } from '../runs/stream.ts';
import type { Workbench } from '../workbench.ts';
import type { HealAgent, HealProgress, OnProgress } from './progress.ts';

export interface ToolLog {
  see(event: StreamEvent): void;
  /** Keeps every call seen so far. Throws what the database says. */
  settle(): void;
  /** One line for each finished call, oldest first. */
  actions(): string[];
  /** Tools of our server that were called and did not refuse, by their short names. */
  carriedOut(): string[];
}

/** As a flush costs as much as a call of the agent's: it is made while the model thinks, for several calls at once. */
const WRITTEN_AFTER_MS = 150;

export function logTools(bench: Workbench, run: string, agent: HealAgent, tell: OnProgress): ToolLog {
  const open = new Map<string, ToolUse>();
  const actions: string[] = [];
  const carriedOut: string[] = [];
  const unwritten: Recorded[] = [];
  let timer: NodeJS.Timeout | undefined;
  const settle = () => {
    clearTimeout(timer);
    timer = undefined;
    if (unwritten.length === 0) return;
    bench.db.tx(() => {
      for (const call of unwritten) appendStep(bench.db, recordedStep(call));
    });
    unwritten.length = 0;
  };
  const settleSoon = () => {
    try {
      settle();
    } catch {
      // They are still unwritten: whoever settles at the end of the run hears why.
    }
  };
  return {
    settle,
    actions: () => [...actions],
    carriedOut: () => [...carriedOut],
    see(event) {
      // What is said after the diagnosis repeats it, and `heal` tells it from the row.
      const repeats = agent === 'diagnostician' && carriedOut.includes('record_diagnosis');
      if (event.kind === 'text' && !repeats) {
        const text = oneLine(event.text, 300);
        if (text !== '') tell({ kind: 'say', agent, text });
      }
      if (event.kind === 'tool_use') {
        open.set(event.id, event);
        tell({ kind: 'tool', agent, tool: shortToolName(event.name), detail: callDetail(event.input) });
      }
      if (event.kind !== 'tool_result') return;
      const call = open.get(event.id);
      if (call === undefined) return;
      open.delete(event.id);
      const deniedBy = denialIn(event);
      const back = toolCall(call, event, deniedBy);
      const outcome = outcomeOf(back, deniedBy);
      unwritten.push({ run, at: bench.now(), call: back, deniedBy, observed: 'stream' });
      timer ??= setTimeout(settleSoon, WRITTEN_AFTER_MS).unref();
      if (!event.isError && call.name.startsWith(TOOL_PREFIX)) carriedOut.push(shortToolName(call.name));
      actions.push(`${shortToolName(call.name)} ${callDetail(call.input)} → ${outcome}`);
      if (event.isError)
        tell({ kind: 'tool_failed', agent, tool: shortToolName(call.name), why: oneLine(event.text, 300), deniedBy });
      else if (shortToolName(call.name) === 'verify_fix') tellVerdict(event.text, tell);
    },
  };
}

/** The rule by which a guard denied the call; its reason ends with the name. */
function denialIn({ isError, text }: ToolResult): Rule | null {
  const named = /\[([a-z_]+\.[a-z_.]+)\]\s*$/.exec(isError ? text : '')?.[1];
  return named !== undefined && isRule(named) ? named : null;
}

function isRule(name: string): name is Rule {
  return name in RULES;
}

function toolCall({ id, name, input }: ToolUse, { isError, text }: ToolResult, deniedBy: Rule | null): ToolCall {
  const refused = deniedBy !== null || text.startsWith('<tool_use_error>');
  const outcome = isError ? (refused ? 'refused' : 'error') : 'ok';
  return { kind: 'call', agent: '', id, tool: name, input, outcome, output: text, cwd: null, tree: null };
}

/** A verdict that the agent got, as the client hands it on: the structured answer as JSON. */
function tellVerdict(text: string, tell: OnProgress): void {
  try {
    for (const event of verdictEvents('agent', verificationSchema.parse(JSON.parse(text)))) tell(event);
  } catch {
    // another shape than ours: nothing to tell
  }
}

export function verdictEvents(
  by: 'agent' | 'parent',
  { checks, verdict, tree, iteration }: ReturnType<typeof verificationSchema.parse>,
): HealProgress[] {
  return [
    ...CHECK_NAMES.map(
      (check): HealProgress => ({
        kind: 'check',
        by,
        check,
        status: checks[check].status,
        findings: checks[check].findings.flatMap(({ message, lift }) => [
          oneLine(message, 300),
          // What the agent was told it was told; the parent tells who watches.
          ...(by === 'parent' && lift !== undefined ? [`  ${liftedBy(lift)}`] : []),
        ]),
        runs: checks[check].evidence.map(({ at, command, exit, counts, seconds }) => ({
          at,
          command,
          exit,
          counts,
          seconds,
        })),
      }),
    ),
    { kind: 'verdict', by, verdict, tree, iteration },
  ];
}
