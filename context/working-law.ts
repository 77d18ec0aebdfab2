/**
 * The four layers of one folder, kept while nothing in them changed: a server answers from them without reading YAML
 * again. What a person saves is seen by the next question: every question looks at the files' stamps, and what changed so
 * lately that a stamp could deceive is compared byte for byte. Of what changed only the changed files are parsed.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FileStamps, stillThere, takeStamps } from './file-stamps.ts';
import { composeLaw, type Layers, ParsedFiles } from './law/compose.ts';
import { folderLawFiles, type LawFiles, SCENARIOS_FOLDER, SINGLE_FILES } from './law/files.ts';

export class WorkingLaw {
  readonly #folder: string;
  readonly #parsed = new ParsedFiles();
  #stamps: FileStamps | undefined;
  #files: LawFiles = new Map();
  #layers: Layers | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The same object as before while no file changed. Throws ConfigurationError where a file is a link. */
  async layers(): Promise<Layers> {
    const paths = this.#paths();
    if (this.#layers && this.#stamps && isSameList(paths, this.#stamps.paths) && stillThere(this.#stamps))
      return this.#layers;
    const stamps = takeStamps(paths); // Before the files are read: what changes meanwhile is seen next time.
    const files = await folderLawFiles(this.#folder);
    const kept = new Map(
      [...files].map(([path, bytes]) => {
        const before = this.#files.get(path);
        return [path, before?.equals(bytes) ? before : bytes] as const;
      }),
    );
    const isSame =
      kept.size === this.#files.size && [...kept].every(([path, bytes]) => this.#files.get(path) === bytes);
    if (!this.#layers || !isSame) this.#layers = composeLaw(kept, this.#parsed);
    this.#files = kept;
    this.#stamps = stamps;
    return this.#layers;
  }

  /** Missing ones, too: they may come. */
  #paths(): string[] {
    let names: string[] = [];
    try {
      names = readdirSync(join(this.#folder, SCENARIOS_FOLDER));
    } catch {
      // Whether it is missing or no folder is told when it is read.
    }
    const paths = [SCENARIOS_FOLDER, ...SINGLE_FILES, ...names.map((name) => `${SCENARIOS_FOLDER}/${name}`)];
    return paths.map((path) => join(this.#folder, path));
  }
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, index) => path === b[index]);
}
