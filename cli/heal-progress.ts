/** What a person watches while `heal` works: one line per thing that happens, with the seconds since the start. */
import type { CheckStatus } from '../gate/verification.ts';
import type { HealProgress } from '../healer/heal.ts';
import type { Call } from './command.ts';
import { evidenceLines } from './evidence-line.ts';
import type { Style } from './output.ts';
import { clip } from './table.ts';

const STATUS: Record<CheckStatus, Style> = {
  pass: 'green',
  fail: 'red',
  refuse: 'red',
  warn: 'yellow',
  skipped: 'dim',
};
/** A terminal too narrow for a clock and a word is not worth cutting for. */
const NARROWEST = 40;

export function showProgress({ say, pass, paint, columns }: Call): (event: HealProgress) => void {
  const started = performance.now();
  const room = Math.max(columns, NARROWEST) - 11;
  return (event) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const show = event.kind === 'gate' ? pass : say;
    for (const text of linesOf(event, paint, room)) show(`${paint('dim', `${seconds.padStart(6)} s`)}  ${text}`);
  };
}

/** Each at most `room` wide, colours apart; what the checks found and ran may be longer: it is what all this is about. */
function linesOf(event: HealProgress, paint: Call['paint'], room: number): string[] {
  switch (event.kind) {
    case 'step':
      return [paint('bold', event.text)];
    case 'note':
      return event.lines.map((line) => `  ${line}`);
    case 'say':
      return [paint('dim', clip(`  “${event.text}”`, room))];
    case 'tool':
      return [clip(`  ${event.tool}  ${event.detail}`, room)];
    case 'tool_failed': {
      const how = event.deniedBy === null ? 'failed' : `denied (${event.deniedBy})`;
      const why = event.why.replace(/^Denied: /, '');
      return [paint('yellow', clip(`  ${event.tool} ${how}: ${why}`, room))];
    }
    case 'gate':
      return [paint('dim', clip(`  gate: ${event.text}`, room))];
    case 'check': {
      const head = `  ${event.check.replaceAll('_', ' ').padEnd(13)} ${paint(STATUS[event.status], event.status)}`;
      const runs = event.check === 'reproduction' ? evidenceLines(event.runs, paint).map((text) => `    ${text}`) : [];
      return [head, ...event.findings.map((finding) => `    ${finding}`), ...runs];
    }
    case 'verdict': {
      const style: Style = event.verdict === 'pass' ? 'green' : 'red';
      const whose = event.by === 'parent' ? 'The gate says' : 'The agent was told';
      return [`${whose} ${paint(style, event.verdict)} for tree ${event.tree.slice(0, 12)}`];
    }
    case 'wait':
      return [paint('yellow', event.text)];
    default:
      return event satisfies never;
  }
}
