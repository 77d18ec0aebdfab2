/** One run, written call by call as Claude Code would have made them. */
import { createHash } from 'node:crypto';
import { Noise } from './noise.ts';
import type { Project } from './projects.ts';

interface Line {
  tool: string;
  input: Record<string, unknown>;
  output?: string;
  error?: string;
  tree?: string;
  cwd?: string;
  agent?: string;
}

/** Failing tests: name and what went wrong. */
export type Failure = readonly (readonly [string, string])[];

export interface Options {
  /** The run knows the tree that each call found or left. */
  trees?: boolean;
  /** Calls name the folder they ran in. */
  cwd?: boolean;
}

export class Session {
  readonly lines: Line[] = [];
  readonly noise: Noise;
  readonly project: Project;
  /** The subagent that makes the next calls; empty for the main conversation. */
  agent = '';
  from = 0;
  by = 0;
  readonly #options: Options;
  readonly #changes = new Map<string, string[]>();

  constructor(name: string, project: Project, options: Options = {}) {
    this.noise = new Noise(name);
    this.project = project;
    this.#options = options;
  }

  /** From the last line on it is fair to speak of a circle. */
  fair(): void {
    if (this.from === 0) this.from = this.lines.length;
  }

  /** With the last line, or `grace` lines later, it is late. */
  late(grace = 0): void {
    if (this.by === 0) this.by = this.lines.length + grace;
  }

  ask(prompt: string): void {
    this.#add('UserPromptSubmit', { prompt }, {});
  }

  say(text: string): void {
    this.#add('AssistantText', { text }, {});
  }

  compact(): void {
    this.#add('PreCompact', { trigger: 'auto' }, {});
  }

  call(tool: string, input: Record<string, unknown>, output: string): void {
    this.#add(tool, input, { output });
  }

  callFails(tool: string, input: Record<string, unknown>, error: string): void {
    this.#add(tool, input, { error });
  }

  sh(command: string, output = '', description?: string): void {
    this.call('Bash', description === undefined ? { command } : { command, description }, output);
  }

  fail(command: string, output: string, code = 1, description?: string): void {
    const input = description === undefined ? { command } : { command, description };
    this.callFails('Bash', input, `Exit code ${code}\n${output}`);
  }

  read(path: string, text = this.project.files[path] ?? '', from?: { offset: number; limit: number }): void {
    const first = from?.offset ?? 1;
    const numbered = text.split('\n').map((line, at) => `${String(first + at).padStart(6)}→${line}`);
    this.call('Read', { file_path: this.#at(path), ...from }, numbered.join('\n'));
  }

  edit(path: string, old: string, now: string): void {
    const file = this.#at(path);
    const done = this.#changes.get(path) ?? [];
    if (done.at(-1) === `${now} => ${old}`) done.pop();
    else done.push(`${old} => ${now}`);
    this.#changes.set(path, done);
    const shown = now.split('\n').map((line, at) => `${String(at + 12).padStart(6)}→${line}`);
    const told = `The file ${file} has been updated. Here's the result of running \`cat -n\` on a snippet of the edited file:`;
    this.call('Edit', { file_path: file, old_string: old, new_string: now }, [told, ...shown].join('\n'));
  }

  editFails(path: string, old: string, now: string): void {
    const error = `<tool_use_error>String to replace not found in file.\nString: ${old}</tool_use_error>`;
    this.callFails('Edit', { file_path: this.#at(path), old_string: old, new_string: now }, error);
  }

  write(path: string, content: string): void {
    const file = this.#at(path);
    const known = this.#changes.has(path);
    this.#changes.set(path, [content]);
    const told = known ? `The file ${file} has been updated.` : `File created successfully at: ${file}`;
    this.call('Write', { file_path: file, content }, told);
  }

  /** A command put the file back as it was committed. */
  restored(path: string): void {
    this.#changes.delete(path);
  }

  grep(pattern: string, output: string, path = '.'): void {
    this.call('Grep', { pattern, path: this.#at(path), output_mode: 'content', '-n': true }, output);
  }

  glob(pattern: string, files: readonly string[]): void {
    const output = files.map((file) => this.#at(file)).join('\n') || 'No files found';
    this.call('Glob', { pattern }, output);
  }

  todo(...todos: string[]): void {
    const told =
      'Todos have been modified successfully. Ensure that you continue to use the todo list to track your progress.';
    const list = todos.map((content, at) => ({ content, status: at === 0 ? 'in_progress' : 'pending' }));
    this.call('TodoWrite', { todos: list }, told);
  }

  /** The tests of the project, all green. */
  green(passed: number, command = this.project.test): void {
    this.sh(command, this.project.runner({ failing: [], passed, noise: this.noise }));
  }

  /** The tests of the project with failures: name and what went wrong. */
  red(failing: readonly (readonly [string, string])[], passed: number, command = this.project.test): void {
    this.fail(command, this.project.runner({ failing, passed, noise: this.noise }));
  }

  text(): string {
    return this.lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }

  #at(path: string): string {
    return path === '.' ? this.project.root : `${this.project.root}/${path}`;
  }

  #add(tool: string, input: Record<string, unknown>, result: { output?: string; error?: string }): void {
    const { trees = false, cwd = false } = this.#options;
    const called = !['UserPromptSubmit', 'AssistantText', 'PreCompact'].includes(tool);
    this.lines.push({
      tool,
      input,
      ...result,
      ...(trees && called ? { tree: this.#tree() } : {}),
      ...(cwd && called ? { cwd: this.project.root } : {}),
      ...(this.agent === '' ? {} : { agent: this.agent }),
    });
  }

  #tree(): string {
    const changes = [...this.#changes].filter(([, done]) => done.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
    return createHash('sha1')
      .update(JSON.stringify([this.project.root, changes]))
      .digest('hex');
  }
}
