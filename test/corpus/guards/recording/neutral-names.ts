/**
 * Takes the machine out of a transcript: folders become `/home/dev/app` and `/home/dev`, ids are counted, and lines that
 * only list what the client has on offer are left out where nothing follows on them.
 */
import { homedir, tmpdir } from 'node:os';

export interface Places {
  root: string;
  home: string;
  /** The project that records. */
  project: string;
}

const APP = '/home/dev/app';
const HOME = '/home/dev';

/** Lists of tools, skills and agents of the client: long, and no part of what the agent did. */
const BULKY = new Set(['skill_listing', 'deferred_tools_delta', 'agent_listing_delta', 'mcp_instructions_delta']);

export function neutralTranscript(text: string, places: Places): string {
  const ids = new Map<string, string>();
  const counted = (kind: string, id: string, shape: (count: number) => string) => {
    const known = ids.get(id);
    if (known !== undefined) return known;
    const count = [...ids.keys()].filter((key) => key.startsWith(kind)).length;
    const name = shape(count + ids.size + 1);
    ids.set(id, name);
    return name;
  };
  const plain = leaveOut(text, BULKY)
    .replaceAll(places.root, APP)
    .replaceAll(folderName(places.root), folderName(APP))
    .replaceAll(places.home, HOME)
    .replaceAll(folderName(places.home), folderName(HOME))
    .replace(new RegExp(`${escaped(homedir())}/\\.pyenv/versions/[^/"\\\\]+`, 'g'), '/usr');
  const neutral = plain
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g, (id) =>
      counted('u', id, (n) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`),
    )
    .replace(/\b(toolu|msg|req)_[0-9A-Za-z]{16,}\b/g, (id, kind: string) =>
      counted(kind, id, (n) => `${kind}_${n.toString(16).padStart(24, '0')}`),
    );
  for (const foreign of [places.project, homedir(), `${tmpdir()}/`, 'no-key-a-scripted-model'])
    if (neutral.includes(foreign)) throw new Error(`A recording still holds ${foreign}: ${around(neutral, foreign)}`);
  return neutral;
}

/** Without attachments of these kinds; what followed on one follows on what it had followed on. */
function leaveOut(text: string, kinds: ReadonlySet<string>): string {
  const parents = new Map<string, unknown>();
  const kept: string[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const entry = JSON.parse(line) as { uuid?: string; parentUuid?: unknown; attachment?: { type?: string } };
    while (typeof entry.parentUuid === 'string' && parents.has(entry.parentUuid))
      entry.parentUuid = parents.get(entry.parentUuid);
    if (entry.uuid !== undefined && kinds.has(entry.attachment?.type ?? '')) parents.set(entry.uuid, entry.parentUuid);
    else kept.push(`${JSON.stringify(entry)}\n`);
  }
  return kept.join('');
}

/** How the client names a project's folder. */
function folderName(path: string): string {
  return path.replace(/[^A-Za-z0-9]/g, '-');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function around(text: string, part: string): string {
  const at = text.indexOf(part);
  return text.slice(Math.max(0, at - 80), at + 120);
}
