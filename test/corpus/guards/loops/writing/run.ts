/**
 * One run being written: the steps of an agent in a folder of files that really change with its edits, in the neutral
 * format of `replay`. It also remembers from which step on the run goes in circles, and by when that must be seen.
 */
import { createHash } from 'node:crypto';
import { type Dice, dice } from './dice.ts';
import type { Project } from './project.ts';

export interface Step {
  tool: string;
  input: Record<string, unknown>;
  output?: string;
  error?: string;
  tree?: string;
}

/** How a program ended: text alone when well, else the exit code with what it printed. */
export type Ending = string | { exit: number; text: string };

const UPDATED = '(file state is current in your context — no need to Read it back)';

export class WrittenRun {
  readonly steps: Step[] = [];
  readonly dice: Dice;
  readonly project: Project;
  readonly files = new Map<string, string>();
  readonly #withTree: boolean;
  /** How often each call was made on each tree, and on which trees the check was red, how often, after how many changes. */
  readonly #calls = new Map<string, number>();
  readonly #red = new Map<string, { times: number; changes: number }>();
  #changes = 0;
  #lastTree = '';
  from = 0;
  by = 0;

  constructor(project: Project, seed: string, withTree: boolean) {
    this.project = project;
    this.dice = dice(seed);
    this.#withTree = withTree;
    for (const [path, text] of Object.entries(project.files)) this.files.set(path, text);
  }

  /** The last step is the earliest at which this can fairly be called going in circles; the first mark counts. */
  markFrom(): void {
    if (this.from === 0) this.from = this.steps.length;
  }

  /** By the last step a guard that is of use has spoken; the first mark counts. */
  markBy(): void {
    if (this.by === 0) this.by = this.steps.length;
  }

  add(tool: string, input: Record<string, unknown>, result: { output?: string; error?: string } = {}): void {
    const isCall = !['UserPromptSubmit', 'AssistantText', 'PreCompact'].includes(tool);
    const tree = this.#tree();
    if (tree !== this.#lastTree) this.#changes += 1;
    this.#lastTree = tree;
    this.steps.push({ tool, input, ...result, ...(this.#withTree && isCall && { tree }) });
    if (!isCall) return;
    const call = JSON.stringify([tool, input, tree]);
    const times = (this.#calls.get(call) ?? 0) + 1;
    this.#calls.set(call, times);
    // Whatever the run is about: the same call a third time, with nothing changed, is fair to speak of.
    if (times === 3) this.markFrom();
  }

  prompt(text: string): void {
    this.add('UserPromptSubmit', { prompt: text });
  }

  say(text: string): void {
    this.add('AssistantText', { text });
  }

  bash(command: string, ending: Ending, description?: string): void {
    const input = { command, ...(description !== undefined && { description }) };
    if (typeof ending === 'string') this.add('Bash', input, { output: ending });
    else this.add('Bash', input, { error: `Exit code ${ending.exit}\n${ending.text}` });
  }

  /** The project's own check, red; `told` changes what it says. */
  check(command = this.project.check, told = (text: string) => text): void {
    this.bash(command, { exit: this.project.exit, text: told(this.project.report(this.dice)) });
    const seen = this.#red.get(this.#lastTree);
    const times = (seen?.times ?? 0) + 1;
    this.#red.set(this.#lastTree, { times, changes: this.#changes });
    // So is a third red report about the same files, and files that were seen red before and left meanwhile.
    if (times === 3 || (seen !== undefined && seen.changes !== this.#changes)) this.markFrom();
  }

  read(path = this.project.target, range?: { offset: number; limit: number }): void {
    const lines = this.text(path).split('\n');
    const first = range?.offset ?? 1;
    const shown = lines.slice(first - 1, range === undefined ? undefined : first - 1 + range.limit);
    const output = shown.map((line, index) => `${first + index}\t${line}`).join('\n');
    this.add('Read', { file_path: this.absolute(path), ...range }, { output });
  }

  edit(oldText: string, newText: string, path = this.project.target): void {
    const text = this.text(path);
    const input = { file_path: this.absolute(path), old_string: oldText, new_string: newText };
    if (!text.includes(oldText)) {
      const error = `<tool_use_error>String to replace not found in file.\nString: ${oldText}</tool_use_error>`;
      this.add('Edit', input, { error });
      return;
    }
    this.files.set(
      path,
      text.replace(oldText, () => newText),
    );
    this.add('Edit', input, { output: `The file ${this.absolute(path)} has been updated successfully. ${UPDATED}` });
  }

  /** From one written version of the target's disputed lines to another. */
  turn(from: number, to: number): void {
    this.edit(this.version(from), this.version(to));
  }

  /** The whole target with version `to`, by Write. */
  rewrite(to: number): void {
    this.#put(to);
    const content = this.text(this.project.target);
    const output = `The file ${this.absolute(this.project.target)} has been updated successfully. ${UPDATED}`;
    this.add('Write', { file_path: this.absolute(this.project.target), content }, { output });
  }

  /** A command that leaves the target at version `to`. */
  bashLeaving(to: number, command: string, ending: Ending): void {
    this.#put(to);
    this.bash(command, ending);
  }

  search(pattern: string): void {
    const found: string[] = [];
    for (const [path, text] of this.files)
      text.split('\n').forEach((line, index) => {
        if (line.includes(pattern)) found.push(`${path}:${index + 1}:${line}`);
      });
    const output = found.length === 0 ? 'No matches found' : found.join('\n');
    this.add('Grep', { pattern, path: this.project.root, output_mode: 'content', '-n': true }, { output });
  }

  glob(pattern: string): void {
    const output = [...this.files.keys()].map((path) => this.absolute(path)).join('\n');
    this.add('Glob', { pattern, path: this.project.root }, { output });
  }

  status(): void {
    const changed = this.text(this.project.target) === this.project.files[this.project.target];
    this.bash('git status --short', changed ? '' : ` M ${this.project.target}`);
  }

  absolute(path: string): string {
    return `${this.project.root}/${path}`;
  }

  text(path: string): string {
    const text = this.files.get(path);
    if (text === undefined) throw new Error(`${this.project.id} has no file ${path}`);
    return text;
  }

  version(index: number): string {
    const { versions } = this.project;
    const version = versions[index % versions.length];
    if (version === undefined) throw new Error(`${this.project.id} has no version ${index}`);
    return version;
  }

  #put(to: number): void {
    const { target, versions } = this.project;
    const text = this.text(target);
    const present = [...versions].sort((a, b) => b.length - a.length).find((version) => text.includes(version));
    if (present === undefined) throw new Error(`${target} of ${this.project.id} holds none of its versions`);
    this.files.set(
      target,
      text.replace(present, () => this.version(to)),
    );
  }

  #tree(): string {
    return createHash('sha1')
      .update(JSON.stringify([...this.files]))
      .digest('hex');
  }
}
