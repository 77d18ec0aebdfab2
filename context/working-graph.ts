/**
 * The import graph of a folder as it is on disk, kept while nothing that it is made of changed. Whether it did is told by
 * the stamps of source files, of what says how imports are resolved, and of every folder that a new file could appear in;
 * no git process is started for that. A change refreshes what hangs on it.
 */
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type FileStamps, stillThere, takeStamps } from './file-stamps.ts';
import { git, tryGit } from './git.ts';
import type { Graph } from './impact/graph.ts';
import { LANGUAGES } from './impact/languages.ts';
import { LiveGraph } from './impact/live-graph.ts';
import { folderSources } from './impact/sources.ts';
import type { HandWrittenEdge } from './impact/written-edges.ts';
import { LAW_FOLDER } from './law/files.ts';

export class WorkingGraph {
  readonly #folder: string;
  #stamps: FileStamps | undefined;
  #edges: readonly HandWrittenEdge[] | undefined;
  #graph: Graph | undefined;
  readonly #live = new LiveGraph();
  #files: readonly string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `edges`: the same list as before stands for the same edges. */
  async graph(edges: readonly HandWrittenEdge[]): Promise<Graph> {
    if (this.#graph && this.#edges === edges && this.#stamps && stillThere(this.#stamps)) return this.#graph;
    const since = Date.now();
    const sources = await folderSources(this.#folder, { known: this.#files });
    this.#files = sources.files;
    const stamps = takeStamps(await this.#watch(sources.files), since); // Before the files are read: what changes meanwhile is seen next time.
    const graph = this.#live.refresh({ ...sources, edges });
    this.#stamps = stamps;
    this.#edges = edges;
    this.#graph = graph;
    return graph;
  }

  async #watch(files: readonly string[]): Promise<string[]> {
    const read = files.filter(
      (path) =>
        posix.basename(path) === '.gitignore' ||
        LANGUAGES.some((language) => language.owns(path) || language.reads(path)),
    );
    const folders = await this.#folders(files);
    const own = await git(['rev-parse', '--git-path', 'index', '--git-path', 'info/exclude'], { cwd: this.#folder });
    const gitFiles = own.split('\n').filter((path) => path !== '');
    return [...gitFiles, ...folders, ...read].map((path) => (posix.isAbsolute(path) ? path : join(this.#folder, path)));
  }

  /** Folders of the listed files, and those beside them that are not ignored and hold nothing yet. */
  async #folders(files: readonly string[]): Promise<Set<string>> {
    const folders = new Set(['.']);
    for (const file of files)
      for (let folder = posix.dirname(file); !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder);
    const options = ['-o', '-i', '--exclude-standard', '--directory', '-z'];
    const ignored = (await tryGit(['ls-files', ...options], { cwd: this.#folder })).stdout.split('\0');
    const left = new Set([...ignored.map((path) => path.replace(/\/$/, '')), '.git', LAW_FOLDER]);
    for (const folder of folders)
      for (const entry of this.#entries(folder)) {
        const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !left.has(path)) folders.add(path);
      }
    // There documents and state are written all the time, and nothing imports them.
    for (const folder of folders)
      if (folder === LAW_FOLDER || folder.startsWith(`${LAW_FOLDER}/`)) folders.delete(folder);
    return folders;
  }

  #entries(folder: string) {
    try {
      return readdirSync(join(this.#folder, folder), { withFileTypes: true });
    } catch {
      return [];
    }
  }
}
