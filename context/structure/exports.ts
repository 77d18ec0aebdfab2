/** The API that a module exports, followed through what it exports again from other files of the repository. */
import { posix } from 'node:path';
import { exportsOf, type ModuleExports } from './exports/module.ts';
import { grammarOf, type Language, languageNamed } from './languages.ts';
import { openParser, type Parse } from './parsers.ts';

export interface ApiEntry {
  signature: string;
  /** Where it is declared. */
  path: string;
  line: number;
}

export type Api =
  | { status: 'read'; entries: Map<string, ApiEntry> }
  | { status: 'missing' }
  /** `message` is the beginning of a sentence, or one; with `next` where the parser is not there (yet). */
  | { status: 'unreadable'; message: string; next?: string };

/** Text of a file of the tree; undefined: no such file. */
export type ReadFile = (path: string) => Promise<string | undefined>;

/** A barrel of more files than this is followed no further. */
const MOST_MODULES = 1000;

export async function exportedApi(path: string, read: ReadFile): Promise<Api> {
  const [typescript, javascript] = [languageNamed('typescript'), languageNamed('javascript')];
  if (!typescript || !javascript) throw new Error('TypeScript and JavaScript are always known');
  const grammar = (file: string) => grammarOf(typescript, file) ?? grammarOf(javascript, file);
  if (grammar(path) === undefined)
    return { status: 'unreadable', message: `${path} is no module of TypeScript or JavaScript` };
  if ((await read(path)) === undefined) return { status: 'missing' };
  const parser = openParser(typescript satisfies Language);
  if (parser.status === 'not_ready')
    return { status: 'unreadable', message: parser.message.replace(/\.$/, ''), next: parser.next };
  try {
    return { status: 'read', entries: await new Following(read, grammar, parser.parse).api(path, new Set()) };
  } catch (error) {
    if (error instanceof NotUnderstood) return { status: 'unreadable', message: error.message };
    throw error;
  }
}

class NotUnderstood extends Error {}

class Following {
  readonly #modules = new Map<string, ModuleExports>();
  readonly #read: ReadFile;
  readonly #grammar: (path: string) => string | undefined;
  readonly #parse: Parse;

  constructor(read: ReadFile, grammar: (path: string) => string | undefined, parse: Parse) {
    this.#read = read;
    this.#grammar = grammar;
    this.#parse = parse;
  }

  /** `above`: the modules on the way here; a circle adds nothing. */
  async api(path: string, above: ReadonlySet<string>): Promise<Map<string, ApiEntry>> {
    const { byName, stars } = await this.#module(path);
    const inside = new Set([...above, path]);
    const entries = new Map<string, ApiEntry>();
    for (const { from, line } of stars) {
      const target = await this.#resolve(path, from);
      if (target === undefined) entries.set(`* from ${JSON.stringify(from)}`, { signature: '', path, line });
      else if (!inside.has(target))
        for (const [name, entry] of await this.api(target, inside)) if (name !== 'default') entries.set(name, entry);
    }
    for (const [name, entry] of byName) {
      if ('signature' in entry) entries.set(name, { ...entry, path });
      else entries.set(name, await this.#followed(path, entry, inside));
    }
    return entries;
  }

  async #followed(path: string, entry: { from: string; name: string; line: number }, inside: ReadonlySet<string>) {
    const { from, name, line } = entry;
    const foreign = { signature: `${name} of ${JSON.stringify(from)}`, path, line };
    const target = await this.#resolve(path, from);
    if (target === undefined || inside.has(target)) return foreign;
    const entries = await this.api(target, inside);
    if (name !== '*') return entries.get(name) ?? foreign;
    const all = [...entries].map(([key, { signature }]) => `${key}: ${signature}`).sort();
    return { signature: `{ ${all.join('; ')} }`, path, line };
  }

  async #module(path: string): Promise<ModuleExports> {
    const known = this.#modules.get(path);
    if (known) return known;
    if (this.#modules.size >= MOST_MODULES) throw new NotUnderstood(`it exports from more than ${MOST_MODULES} files`);
    const root = this.#parse(this.#grammar(path) ?? '', (await this.#read(path)) ?? '');
    const fault = root.find({ rule: { kind: 'ERROR' } });
    if (fault) throw new NotUnderstood(`${path}:${fault.range().start.line + 1} is not understood: a syntax error`);
    const found = exportsOf(root);
    this.#modules.set(path, found);
    return found;
  }

  /** A file of the repository, or undefined: a package, or what is no module of the two languages. */
  async #resolve(from: string, specifier: string): Promise<string | undefined> {
    if (!/^\.\.?(\/|$)/.test(specifier)) return undefined;
    const base = posix.join(posix.dirname(from), specifier);
    const source = base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
    const extensions = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'd.ts'];
    const asFolder = extensions.map((extension) => `${base}/index.${extension}`);
    const candidates = [source, base, ...extensions.map((extension) => `${base}.${extension}`), ...asFolder];
    for (const candidate of candidates)
      if (this.#grammar(candidate) !== undefined && (await this.#read(candidate)) !== undefined) return candidate;
    return undefined;
  }
}
