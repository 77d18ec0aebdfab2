/** The label of a recorded file, as it stands in `recorded/index.jsonl`: calls of the scene become lines of the file. */
import type { Told } from './scene.ts';

interface Line {
  type?: string;
  version?: string;
  message?: { id?: string; content?: unknown };
}

export function indexEntry(file: string, text: string, told: Told, about: string): object {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  const version = lines.find((line) => line.version !== undefined)?.version;
  const provenance = `recorded from Claude Code ${version} with a scripted model and real tools`;
  if (told.label === 'legitimate')
    return { file, label: told.label, near: told.near, pattern: told.pattern, provenance, session: 'ordinary', about };
  const calls = steps(lines);
  const from = calls[told.fromCall - 1];
  const by = calls[told.byCall - 1];
  if (from === undefined || by === undefined) throw new Error(`${file} has only ${calls.length} calls`);
  const [from_step, by_step] = [from.begun, by.answered];
  return { file, label: told.label, rule: told.rule, from_step, by_step, pattern: told.pattern, provenance, about };
}

/** Calls, and texts that come without one, in order, each with the lines on which it began and was answered. */
function steps(lines: readonly Line[]): { begun: number; answered: number }[] {
  const found: { id: string; begun: number; answered: number }[] = [];
  const acting = new Set(lines.filter(({ message }) => holdsCall(message?.content)).map(({ message }) => message?.id));
  lines.forEach(({ type, message }, at) => {
    if (!Array.isArray(message?.content)) return;
    for (const block of message.content as { type: string; id?: string; tool_use_id?: string }[]) {
      if (block.type === 'tool_use') found.push({ id: block.id ?? '', begun: at + 1, answered: at + 1 });
      if (block.type === 'text' && type === 'assistant' && !acting.has(message.id))
        found.push({ id: '', begun: at + 1, answered: at + 1 });
      const call = found.find(({ id }) => id !== '' && id === block.tool_use_id);
      if (block.type === 'tool_result' && call !== undefined) call.answered = at + 1;
    }
  });
  return found;
}

function holdsCall(content: unknown): boolean {
  return Array.isArray(content) && content.some((block: { type?: unknown }) => block.type === 'tool_use');
}
