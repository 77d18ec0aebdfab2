/** One row for each event of hooks.json: what the canary saw of it. A hook that is added later is silent until it fires. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Canary, Sighting } from './canary.ts';
import { type Check, firstLine } from './check.ts';

/** Beyond this a session is felt to wait: for a call to the server, which comes with every tool call, and for a program. */
export const SLOW_MS = { mcp_tool: 1000, command: 5000 } as const;

const hooksSchema = z.object({
  hooks: z.record(z.string(), z.array(z.object({ hooks: z.array(z.object({ type: z.string() })).min(1) }))),
});

/** The client's stream says nothing of their hooks. They only help: no guard rests on them. */
const UNTOLD = new Set(['PreCompact']);

/** Each event whose hooks can be seen, with their kind; what waits for a program anywhere counts as a program. */
export async function hooksOf(pluginDir: string): Promise<Map<string, keyof typeof SLOW_MS>> {
  const { hooks } = hooksSchema.parse(JSON.parse(await readFile(join(pluginDir, 'hooks', 'hooks.json'), 'utf8')));
  return new Map(
    Object.entries(hooks)
      .filter(([event]) => !UNTOLD.has(event))
      .map(([event, groups]) => {
        const types = groups.flatMap((group) => group.hooks.map(({ type }) => type));
        return [event, types.every((type) => type === 'mcp_tool') ? 'mcp_tool' : 'command'];
      }),
  );
}

/** What a hook is known by, besides that it answered at all. */
const EFFECTS: Record<string, { mark: RegExp; did: string; not: string }> = {
  PreToolUse: {
    mark: /\[(?:scope|command|guard)\.\w+\]/,
    did: ', denied a forbidden command',
    not: 'a forbidden command was not denied',
  },
  UserPromptExpansion: {
    mark: /\/self-healing:skip/,
    did: ', answered /self-healing:skip',
    not: '/self-healing:skip was not answered',
  },
};

export interface HookQuestion {
  event: string;
  kind: keyof typeof SLOW_MS;
  canary: Canary;
  /** Something in the settings explains why nothing fires; `check settings` names it. */
  settingsExplain: boolean;
  /** A policy has hooks of its own for this event: the client's stream does not say whose has answered. */
  shared: boolean;
}

export function hookCheck({ event, kind, canary, settingsExplain, shared }: HookQuestion): Check {
  const name = `hook ${event}`;
  const seen = canary.sightings.filter((sighting) => sighting.event === event);
  if (seen.length === 0) {
    const detail =
      canary.problem === undefined ? 'silent' : `silent: the client did not get that far (${canary.problem})`;
    const fix = settingsExplain
      ? 'See `settings`.'
      : 'Update Claude Code and self-healing. A policy that is no file may forbid hooks: type /status in a session.';
    return { name, status: 'fail', detail, fix };
  }
  const failed = seen.find(({ ok }) => !ok);
  if (failed) return { name, status: 'fail', detail: `failed: ${firstLine(failed.text)}`, fix: 'See `server`.' };
  const said = seen.map(systemMessage).find((text) => text !== undefined);
  if (said !== undefined) {
    const dead = said.includes('cannot run');
    return { name, status: dead ? 'fail' : 'warn', detail: said, fix: '' };
  }
  const effect = EFFECTS[event];
  if (effect && !seen.some(({ text }) => effect.mark.test(text)))
    return { name, status: 'fail', detail: `fired, but ${effect.not}`, fix: 'Update Claude Code and self-healing.' };
  if (shared && !effect)
    return {
      name,
      status: 'warn',
      detail: 'something fired, but a policy has hooks of its own for it, and the client does not say whose it was',
      fix: 'Go by the rows PreToolUse and UserPromptExpansion: they are known by what they do.',
    };
  const ms = Math.round(Math.max(...seen.map((sighting) => sighting.ms)));
  if (ms <= SLOW_MS[kind]) return { name, status: 'ok', detail: `fired in ${ms} ms${effect?.did ?? ''}`, fix: '' };
  return {
    name,
    status: 'warn',
    detail: `slow: ${ms} ms (more than ${SLOW_MS[kind] / 1000} s)`,
    fix: 'Look for what keeps the machine busy, or for a slow start of Node.js.',
  };
}

/** Our launcher and our hook speak to the person by it when they cannot do their work. */
function systemMessage({ text }: Sighting): string | undefined {
  try {
    return z.object({ systemMessage: z.string() }).parse(JSON.parse(text)).systemMessage;
  } catch {
    return undefined;
  }
}
