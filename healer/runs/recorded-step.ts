/** One tool call as a row of the record, the same whether a hook told of it or the parent read it in its stream. */
import { redact } from '../../events/redact.ts';
import type { Rule } from '../../hooks/rules.ts';
import type { ToolCall } from '../../hooks/trace/happening.ts';
import type { NewStep } from '../../store/steps.ts';

const INPUT_LIMIT = 2000;
const OUTCOME_LIMIT = 300;
/** Of a text that is redacted before it is cut to what is kept. */
const READ_LIMIT = 16_000;

export interface Recorded {
  run: string;
  at: Date;
  call: ToolCall;
  deniedBy: Rule | null;
  observed: 'hooks' | 'stream';
}

export function recordedStep({ run, at, call, deniedBy, observed }: Recorded): NewStep {
  return {
    run,
    at: at.toISOString(),
    tool: call.tool,
    input: redact(JSON.stringify(call.input).slice(0, READ_LIMIT), { ips: true }).slice(0, INPUT_LIMIT),
    outcome: redact(outcomeOf(call, deniedBy), { ips: true }),
    denied_by: deniedBy,
    observed,
  };
}

/** As the report and the next run read it. */
export function outcomeOf({ outcome, output }: ToolCall, deniedBy: string | null): string {
  if (outcome === 'ok') return 'ok';
  const said = output
    .slice(0, READ_LIMIT)
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `${deniedBy ? 'denied' : 'error'}: ${said.length > OUTCOME_LIMIT ? `${said.slice(0, OUTCOME_LIMIT - 1)}…` : said}`;
}
