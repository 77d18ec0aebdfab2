/** One tool call as a row of the record, the same whether a hook told of it or the parent read it in its stream. */
import { oneLine } from '../../events/plain-text.ts';
import { redact } from '../../events/redact.ts';
import type { Rule } from '../../hooks/rules.ts';
import { readCheckReport } from '../../hooks/trace/check-report.ts';
import { clipOutput } from '../../hooks/trace/clip.ts';
import { digest } from '../../hooks/trace/digest.ts';
import type { ToolCall } from '../../hooks/trace/happening.ts';
import { normalInput } from '../../hooks/trace/normal-input.ts';
import { maskVolatile } from '../../hooks/trace/volatile.ts';
import type { NewStep, Observer } from '../../store/steps.ts';

/** Characters of an input and of an outcome that are kept: what a person reads of a step. */
const INPUT_LIMIT = 2000;
const OUTCOME_LIMIT = 300;
/** Characters of a text that is redacted before it is cut to what is kept. */
const READ_LIMIT = 16_000;

export interface Recorded {
  run: string;
  at: Date;
  call: ToolCall;
  deniedBy: Rule | null;
  observed: Observer;
}

export function recordedStep({ run, at, call, deniedBy, observed }: Recorded): NewStep {
  return {
    run,
    at: at.toISOString(),
    agent_id: call.agent,
    tool_use_id: call.id,
    tool: call.tool,
    input: redact(JSON.stringify(call.input).slice(0, READ_LIMIT), { ips: true }).slice(0, INPUT_LIMIT),
    input_digest: digest(normalInput(call.tool, call.input, call.cwd)),
    outcome: redact(outcomeOf(call, deniedBy), { ips: true }),
    output_digest: digest(maskVolatile(clipOutput(call.output))),
    denied_by: deniedBy,
    tree: call.tree,
    failing: readCheckReport(call)?.failing ?? null,
    observed,
  };
}

/** As the report and the next run read it. */
export function outcomeOf({ outcome, output }: ToolCall, deniedBy: string | null): string {
  if (outcome === 'ok') return 'ok';
  return `${deniedBy ? 'denied' : 'error'}: ${oneLine(output.slice(0, READ_LIMIT), OUTCOME_LIMIT)}`;
}
