/**
 * Writes one run down, call by call, in the neutral format of `replay`. Follows what the edits do to the files, so that the
 * trees are those of a real worktree: the same bytes, the same tree.
 */
import { createHash } from 'node:crypto';
import { Chance } from './chance.ts';
import { type Case, type Change, type Project, SUBJECTS } from './project.ts';

export class Run {
  readonly lines: string[] = [];
  readonly project: Project;
  readonly chance: Chance;
  /** Which of the variants of its pattern this is, from 0. */
  readonly variant: number;
  agent = '';
  readonly #files = new Map<string, string[]>();
  #seconds: number;
  #changes = 0;

  constructor(pattern: string, project: Project, variant: number) {
    this.project = project;
    this.variant = variant;
    this.chance = new Chance(`${pattern}/${variant}`);
    this.#seconds = this.chance.number(8, 17) * 3600 + this.chance.number(0, 3599);
  }

  /** The clock on the wall; goes on with each call. */
  clock(): string {
    const part = (seconds: number) => String(Math.floor(seconds) % 60).padStart(2, '0');
    return `${String(Math.floor(this.#seconds / 3600) % 24).padStart(2, '0')}:${part(this.#seconds / 60)}:${part(this.#seconds)}`;
  }

  path(file: string): string {
    return `${this.project.root}/${file}`;
  }

  prompt(text: string): void {
    this.#add('UserPromptSubmit', { prompt: text }, {});
  }

  say(text: string): void {
    this.#add('AssistantText', { text }, {});
  }

  compact(): void {
    this.#add('PreCompact', { trigger: 'auto' }, {});
  }

  bash(command: string, output: string): void {
    this.#add('Bash', { command }, { output });
  }

  /** A command that ended with an exit code. */
  fails(command: string, output: string, exit = 1): void {
    this.#add('Bash', { command }, { error: `Exit code ${exit}\n${output}` });
  }

  call(tool: string, input: Record<string, unknown>, output: string): void {
    this.#add(tool, input, { output });
  }

  refused(tool: string, input: Record<string, unknown>, error: string): void {
    this.#add(tool, input, { error });
  }

  /** The project's tests, as they stand; `command` where only some of them run. */
  test(failing: readonly Case[], passed: number, command = this.project.testCommand): void {
    const { chance } = this;
    const only = SUBJECTS.filter((subject) => command.startsWith(this.project.testOne(subject)));
    const subjects = only.length > 0 ? only : SUBJECTS;
    const report = this.project.report({ subjects, failing, passed, clock: this.clock(), chance });
    if (failing.length === 0) this.bash(command, report);
    else this.fails(command, report);
  }

  read(file: string, from = 1, count = 40): void {
    const input =
      from === 1 ? { file_path: this.path(file) } : { file_path: this.path(file), offset: from, limit: count };
    const changes = this.#files.get(file) ?? [];
    const lines = Array.from({ length: count }, (_, at) => {
      const change = changes[from + at - 5];
      return `${String(from + at).padStart(6)}→${change ?? this.project.line(file, from + at)}`;
    });
    this.#add('Read', input, { output: lines.join('\n') });
  }

  /** A change that nobody made before. */
  edit(file: string): Change {
    const isTest = SUBJECTS.some((subject) => file === this.project.test(subject));
    const change = isTest ? this.project.testChange(this.#changes) : this.project.change(this.#changes);
    this.#changes += 1;
    this.change(file, change);
    return change;
  }

  change(file: string, { from, to }: Change): void {
    const state = this.#files.get(file) ?? [];
    const undone = state.lastIndexOf(from);
    if (undone >= 0 && !state.includes(to)) state.splice(undone, 1);
    else state.push(to);
    if (state.length === 0) this.#files.delete(file);
    else this.#files.set(file, state);
    this.#add(
      'Edit',
      { file_path: this.path(file), old_string: from, new_string: to },
      { output: `The file ${this.path(file)} has been updated successfully.` },
    );
  }

  write(file: string, content: string): void {
    this.#files.set(file, [content]);
    this.#add(
      'Write',
      { file_path: this.path(file), content },
      { output: `File created successfully at: ${this.path(file)}` },
    );
  }

  /** What a command did to a file; the tree is another one from the next line on. */
  restored(file: string): void {
    this.#files.delete(file);
  }

  #add(tool: string, input: Record<string, unknown>, result: { output?: string; error?: string }): void {
    this.#seconds += this.chance.number(4, 45);
    const { root, writes } = this.project;
    this.lines.push(
      JSON.stringify({
        tool,
        input,
        ...result,
        ...(writes.cwd ? { cwd: root } : {}),
        ...(writes.tree ? { tree: this.#tree() } : {}),
        ...(this.agent === '' ? {} : { agent: this.agent }),
      }),
    );
  }

  #tree(): string {
    const files = [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1));
    return createHash('sha1').update(this.project.root).update(JSON.stringify(files)).digest('hex');
  }
}
