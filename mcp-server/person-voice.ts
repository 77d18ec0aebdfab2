/**
 * Whether a yes that reaches this server can only be the person's. A hook can answer an elicitation, and call the guard as
 * if a command had been typed. The person's own settings may do that: they are the person's word. The repository's may
 * not, and neither may anything that appeared while the session ran, because the agent could have written it.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Events in which a hook speaks for the person. */
const ANSWERING = ['Elicitation', 'ElicitationResult'];
/** A hook of the kind `mcp_tool` that names this server can call its guard. */
const OUR_SERVER = /living-context/;

const settingsSchema = z.looseObject({
  hooks: z.record(z.string(), z.unknown()).optional(),
  enabledPlugins: z.unknown().optional(),
  extraKnownMarketplaces: z.unknown().optional(),
});

export interface VoiceSources {
  /** The session's project folder. */
  folder: string;
  /** Where the person's own settings lie; default as the client finds them. */
  userFolder?: string;
}

export class PersonVoice {
  private readonly folder: string;
  private readonly userSettings: string;
  private readonly atStart: Promise<Map<string, string>>;

  /** Make it when the session starts: what is there then is what the person started with. */
  constructor({ folder, userFolder }: VoiceSources) {
    this.folder = resolve(folder);
    const own = userFolder ?? process.env.CLAUDE_CONFIG_DIR ?? join(homedir(), '.claude');
    this.userSettings = join(own, 'settings.json');
    this.atStart = this.plugins();
  }

  /** Why a yes may not be the person's, to end a sentence with; undefined when nothing else can give it. */
  async doubt(): Promise<string | undefined> {
    for (const file of await projectFiles(this.folder)) {
      const { answering, readable } = await readHooks(file);
      if (!readable) return `${file} cannot be read, so a hook in it could answer in your place`;
      if (answering.length > 0) return `${file} has a hook that could answer in your place (${answering.join(', ')})`;
    }
    const before = await this.atStart;
    for (const [file, now] of await this.plugins())
      if (before.get(file) !== now) return `the hooks or plugins of ${file} changed while this session ran`;
    return undefined;
  }

  /** What may not change meanwhile: the person's answering hooks, and which plugins are on, by file. */
  private async plugins(): Promise<Map<string, string>> {
    const files = [this.userSettings, ...(await projectFiles(this.folder)).filter((file) => file.endsWith('.json'))];
    const states = await Promise.all(files.map(async (file) => [file, await stateOf(file)] as const));
    return new Map(states);
  }
}

/** Settings, and texts whose front matter may hold hooks, from the folder up to the top of its repository. */
async function projectFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const own = join(at, '.claude');
    files.push(join(own, 'settings.json'), join(own, 'settings.local.json'));
    for (const kind of ['agents', 'commands', 'skills']) files.push(...(await textsBelow(join(own, kind))));
    if (existsSync(join(at, '.git')) || dirname(at) === at) return files;
  }
}

/** Also behind links, which the client follows; each folder once, because links can go round. */
async function textsBelow(folder: string, seen = new Set<string>()): Promise<string[]> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined || seen.has(real)) return [];
  seen.add(real);
  const texts: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (name.endsWith('.md')) texts.push(path);
    else if ((await stat(path).catch(() => undefined))?.isDirectory()) texts.push(...(await textsBelow(path, seen)));
  }
  return texts;
}

async function readHooks(file: string): Promise<{ answering: string[]; readable: boolean }> {
  const settings = await settingsIn(file);
  return settings === 'unreadable'
    ? { answering: [], readable: false }
    : { answering: Object.keys(answeringHooks(settings)), readable: true };
}

async function stateOf(file: string): Promise<string> {
  const settings = await settingsIn(file);
  if (settings === 'unreadable') return settings;
  const { enabledPlugins, extraKnownMarketplaces } = settings;
  return JSON.stringify([answeringHooks(settings), enabledPlugins ?? {}, extraKnownMarketplaces ?? {}]);
}

type Settings = z.infer<typeof settingsSchema>;

function answeringHooks({ hooks = {} }: Settings): Record<string, unknown> {
  const speaks = ([event, entries]: [string, unknown]) =>
    ANSWERING.includes(event) || OUR_SERVER.test(JSON.stringify(entries) ?? '');
  return Object.fromEntries(Object.entries(hooks).filter(speaks));
}

/** An absent file has no settings; one that cannot be read or parsed may hold anything. */
async function settingsIn(file: string): Promise<Settings | 'unreadable'> {
  try {
    const text = await readFile(file, 'utf8');
    const data: unknown = file.endsWith('.md') ? frontMatter(text) : JSON.parse(text.trim() === '' ? '{}' : text);
    return settingsSchema.parse(data ?? {});
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? {} : 'unreadable';
  }
}

function frontMatter(text: string): unknown {
  const found = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  // Texts of people are often no strict YAML; without the word there is no hook in them.
  return found === undefined || !/hooks|\\[xuU]/.test(found) ? {} : parse(found);
}
