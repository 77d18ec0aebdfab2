/** Decisions of people that a program would take: `self-healing approve`, however it is started. */
import type { Denial } from '../rules.ts';
import type { SimpleCommand } from '../shell.ts';
import { denial } from './policy.ts';

const PEOPLE_ONLY = /^(approve|skip|retry|reject|cancel|mute|unmute|pause|resume|heal|serve|watch|rollback)$/;
const STARTS_FILES = /^(node|bun|deno|tsx|ts-node|npx|npm|pnpm|yarn|bunx|sh|bash|dash|zsh|launch|source|\.)$/;

export function judgePeopleOnly(command: SimpleCommand, name: string): Denial | undefined {
  const words = command.words.slice(1).map((word) => word.text);
  const named = /^self-healing(\.\w+)?$/.test(name) || /(^|\/)cli\.cjs$/.test(command.words[0]?.text ?? '');
  const at = named
    ? 0
    : STARTS_FILES.test(name)
      ? words.findIndex((word) => /self-healing|cli\.cjs$|^cli$/.test(word)) + 1
      : -1;
  // A copy under another name, or a pattern that matches it.
  const incident = words.findIndex((word) => /^INC-[0-9a-f]{16}$/.test(word));
  const copied = STARTS_FILES.test(name) && incident > 0 && PEOPLE_ONLY.test(words[incident - 1] ?? '');
  if (!copied && (at < 0 || (at === 0 && !named))) return undefined;
  const decision = words.slice(Math.max(0, at)).find((word) => PEOPLE_ONLY.test(word));
  const unknown = command.words.slice(at + 1).find((word) => !word.literal && !word.glob);
  if (named && decision === undefined && unknown && command.words.indexOf(unknown) === 1)
    return denial(
      'publish.people_only',
      'what self-healing would do is only known when it runs',
      'Write the command plainly.',
    );
  if (decision === undefined) return undefined;
  return denial(
    'publish.people_only',
    `\`self-healing ${decision}\` is a person's decision`,
    'Call propose_pr, or escalate with what you need.',
  );
}
