/** Goes through parsed shell text in the order of running and collects its simple commands. */
import {
  type ArithmeticExpression,
  type CommandNode,
  type Coproc,
  type Function as FunctionNode,
  forEachChild,
  type ParsedScript,
  type PipelineNode,
  type Statement,
  type SyntaxNode,
  type Word as WordNode,
} from 'unbash';
import { looksLikeCommand, walkArithmetic } from './arithmetic.ts';
import { afterLoop, joinBranches, untilStable } from './branches.ts';
import type { Place, SimpleCommand, Word } from './command.ts';
import { type Around, takeEffect } from './effects.ts';
import { knownOutput } from './output.ts';
import { readSimple, redirectsOf } from './simple.ts';
import type { ShellState } from './state.ts';
import { refuseSubscript, TooLarge, Unreadable } from './unreadable.ts';
import { expandWord, type Substituting, wholeValue } from './words.ts';

/** How deep substitutions, functions, `eval` and compound commands may be nested. */
const MAX_DEPTH = 60;
/** Statements, substitutions and passes through loops, all told. */
const MAX_STEPS = 20_000;
/** Characters read, a nested text counted once for each level it is in. */
const MAX_CHARACTERS = 2_000_000;
/** A `for` over more known values than this is gone through once, with an unknown one. */
const MAX_VALUES = 40;

export class Walker {
  readonly commands: SimpleCommand[];
  readonly place: Place;
  private readonly parse: (text: string) => ParsedScript;
  private readonly uncalled = new Map<FunctionNode, ShellState>();
  /** How things stood where a loop or a function was left before its end. */
  private readonly left: ShellState[] = [];
  private steps = 0;
  private characters = 0;

  constructor(commands: SimpleCommand[], place: Place, parse: (text: string) => ParsedScript) {
    this.commands = commands;
    this.place = place;
    this.parse = parse;
  }

  text(text: string, state: ShellState, around: Around): void {
    this.spend(around, text.length);
    this.script(this.parse(text), state, around);
  }

  /** Functions that nothing seems to call may be called all the same. */
  rest(): void {
    for (let [next] = this.uncalled; next; [next] = this.uncalled) {
      const [node, state] = next;
      this.uncalled.delete(node);
      for (const name of state.variables.keys()) if (name !== 'TMPDIR') state.set(name, undefined);
      this.functionBody(node, state, { depth: 1, calling: [node.name.value] });
    }
  }

  script(script: ParsedScript, state: ShellState, around: Around): void {
    const problem = script.errors?.[0];
    if (problem) throw new Unreadable(`of its syntax: ${problem.message}`);
    for (const statement of script.commands) this.statement(statement, state, around);
  }

  call(name: string, args: readonly Word[], state: ShellState, around: Around): boolean {
    const node = state.functions.get(name);
    if (!node) return false;
    if (around.calling?.includes(name)) return true;
    this.uncalled.delete(node);
    const own = state.copy();
    own.locals = new Set();
    const before = this.left.length;
    for (let at = 1; at < 10; at++) own.variables.delete(String(at));
    for (const [at, word] of args.slice(0, 9).entries())
      own.set(String(at + 1), word.literal || word.glob ? word : undefined);
    this.functionBody(node, own, { ...around, depth: around.depth + 1, calling: [...(around.calling ?? []), name] });
    for (const earlier of this.left.splice(before)) own.merge(earlier);
    for (let at = 1; at < 10; at++) own.variables.delete(String(at));
    for (const name of own.locals)
      if (own.variables.get(name)?.text !== state.variables.get(name)?.text) own.variables.set(name, undefined);
    own.ended = false;
    state.become(own);
    return true;
  }

  leave(state: ShellState): void {
    this.left.push(state);
  }

  /** What follows one round of a loop also follows where the round was left early. */
  private rejoin(state: ShellState, since: number): void {
    for (const earlier of this.left.slice(since)) state.merge(earlier);
  }

  /** Walks substitutions on behalf of a word; `state` is that of the word. */
  substituting(state: ShellState, around: Around): Substituting {
    const inner = { depth: around.depth + 1, ...(around.calling && { calling: around.calling }) };
    return {
      script: (script) => {
        if (!script) throw new Unreadable('a substitution in it cannot be read');
        this.spend(inner, script.end - script.pos);
        const before = this.commands.length;
        const own = state.copy();
        this.script(script, own, { ...inner, pipedOutput: true });
        return this.outputSince(before, script.commands, own);
      },
      arithmetic: (part) => {
        if (!part.expression && /[`$]/.test(part.text.slice(1))) throw new Unreadable('its arithmetic cannot be read');
        if (looksLikeCommand(part.text)) this.text(part.text.slice(2, -1), state.copy(), inner);
        else if (part.expression) this.arithmetic(part.expression, state, inner);
      },
    };
  }

  private spend(around: Around, characters = 0): void {
    this.characters += characters;
    if (around.depth > MAX_DEPTH || ++this.steps > MAX_STEPS || this.characters > MAX_CHARACTERS) throw new TooLarge();
  }

  private outputSince(before: number, statements: readonly Statement[], state: ShellState): string | null {
    const [only] = statements;
    const simple = statements.length === 1 && only?.command.type === 'Command' && this.commands.length === before + 1;
    const command = this.commands[before];
    return simple && command ? knownOutput(command, this.place, state.variables.get('TMPDIR')?.text) : null;
  }

  private statement(statement: Statement, state: ShellState, around: Around): void {
    this.spend(around);
    if (statement.background) this.chain(statement.command, state.copy(), { ...around, background: true });
    else this.chain(statement.command, state, around);
  }

  private chain(node: Statement['command'], state: ShellState, around: Around): void {
    if (node.type !== 'AndOr') {
      this.pipeline(node, state, around);
      if (state.failed) state.merge(state.failed);
      state.failed = undefined;
      return;
    }
    const skipped: ShellState[] = [];
    let current = state.copy();
    node.commands.forEach((command, index) => {
      if (index > 0) {
        const failed = current.failed ?? current.copy();
        current.failed = undefined;
        const [next, other] = node.operators[index - 1] === '&&' ? [current, failed] : [failed, current];
        skipped.push(other);
        current = next;
        current.failed = undefined;
      }
      this.pipeline(command, current, around);
    });
    if (current.failed) skipped.push(current.failed);
    current.failed = undefined;
    joinBranches(state, [current, ...skipped]);
  }

  private pipeline(node: PipelineNode, state: ShellState, around: Around): void {
    if (node.type !== 'Pipeline') {
      this.command(node, state, around);
      return;
    }
    const { commands } = node;
    if (commands.length === 1) {
      for (const command of commands) this.command(command, state, around);
      return;
    }
    let stdin: string | null = null;
    commands.forEach((command, index) => {
      const before = this.commands.length;
      const own = state.copy();
      this.command(command, own, {
        ...around,
        ...(index > 0 && { pipedInput: true, stdin: stdin ?? undefined, stdinUnknown: false }),
        pipedOutput: index < commands.length - 1 || around.pipedOutput === true,
      });
      const one = this.commands.length === before + 1 ? this.commands[before] : undefined;
      const simple = command.type === 'Command' && one;
      stdin = simple ? knownOutput(simple, this.place, own.variables.get('TMPDIR')?.text) : null;
    });
  }

  private command(node: CommandNode, state: ShellState, around: Around): void {
    this.spend(around);
    const deeper = { ...around, depth: around.depth + 1 };
    const run = this.substituting(state, around);
    switch (node.type) {
      case 'Command': {
        const command = readSimple(node, state, run, around);
        this.commands.push(command);
        takeEffect(command, state, deeper, this);
        return;
      }
      case 'Redirected': {
        const { redirects, input } = redirectsOf(node.redirects, state, run);
        if (redirects.length > 0) this.commands.push({ assignments: [], words: [], redirects, folder: state.folder });
        this.command(node.command, state, { ...deeper, ...input });
        return;
      }
      case 'Function':
        state.functions.set(node.name.value, node);
        this.uncalled.set(node, state.copy());
        return;
      case 'Coproc':
        this.body(node.body, state.copy(), { ...deeper, background: true });
        return;
      case 'Subshell':
        this.list(node.body.commands, state.copy(), deeper);
        return;
      case 'BraceGroup':
        this.list(node.body.commands, state, deeper);
        return;
      case 'If': {
        const branches: ShellState[] = [];
        for (const { clause, then } of [node, ...node.elif]) {
          this.list(clause.commands, state, deeper);
          const branch = state.copy();
          this.list(then.commands, branch, deeper);
          branches.push(branch);
        }
        const otherwise = state.copy();
        if (node.else) this.list(node.else.commands, otherwise, deeper);
        joinBranches(state, [...branches, otherwise]);
        return;
      }
      case 'For':
      case 'Select':
        this.loopOver(node.name.value, node.wordlist, node.body.commands, state, deeper);
        return;
      case 'While':
        this.repeat(state, (own) => {
          this.list(node.clause.commands, own, deeper);
          const inside = own.copy();
          this.list(node.body.commands, inside, deeper);
          afterLoop(own, inside);
        });
        return;
      case 'ArithmeticFor':
        if (node.initialize) this.arithmetic(node.initialize, state, deeper);
        this.repeat(state, (own) => {
          if (node.test) this.arithmetic(node.test, own, deeper);
          this.list(node.body.commands, own, deeper);
          if (node.update) this.arithmetic(node.update, own, deeper);
        });
        return;
      case 'Case': {
        wholeValue(node.word, state, run);
        const branches = node.items.map((item) => {
          for (const pattern of item.pattern) wholeValue(pattern, state, run);
          const branch = state.copy();
          this.list(item.body.commands, branch, deeper);
          return branch;
        });
        joinBranches(state, [...branches, state.copy()]);
        return;
      }
      case 'TestCommand':
        if (state.posix) throw new Unreadable('a plain sh does not know [[, use [ or bash');
        this.test(node.expression, state, run);
        return;
      case 'ArithmeticCommand':
        if (looksLikeCommand(node.body)) this.text(node.body, state.copy(), deeper);
        else if (node.expression) this.arithmetic(node.expression, state, deeper);
        else if (/[`$]/.test(node.body)) throw new Unreadable('its arithmetic cannot be read');
        return;
    }
  }

  private list(statements: readonly Statement[], state: ShellState, around: Around): void {
    for (const statement of statements) this.statement(statement, state, around);
  }

  private functionBody(node: FunctionNode, state: ShellState, around: Around): void {
    this.body(node.body, state, around);
  }

  private body(node: Coproc['body'], state: ShellState, around: Around): void {
    if (node.type === 'CompoundList') throw new Unreadable('of its syntax: a body without braces');
    this.command(node, state, { ...around, depth: around.depth + 1 });
  }

  private loopOver(
    name: string,
    list: readonly WordNode[] | undefined,
    statements: readonly Statement[],
    state: ShellState,
    around: Around,
  ): void {
    const run = this.substituting(state, around);
    const values = list?.flatMap((word) => expandWord(word, state, run));
    const before = state.copy();
    if (!values || values.length > MAX_VALUES || values.some((value) => !value.literal && !value.glob)) {
      this.repeat(state, (own) => {
        own.set(name, undefined);
        this.list(statements, own, around);
      });
    } else {
      for (const value of values) {
        const since = this.left.length;
        state.set(name, value);
        this.list(statements, state, around);
        this.rejoin(state, since);
        state.ended = false;
      }
    }
    afterLoop(state, before);
  }

  /** A body that runs any number of times: what it changes is unknown in it from the start. */
  private repeat(state: ShellState, body: (own: ShellState) => void): void {
    const before = this.commands.length;
    untilStable(state, (own) => {
      this.commands.length = before;
      const since = this.left.length;
      body(own);
      this.rejoin(own, since);
    });
  }

  private test(node: SyntaxNode, state: ShellState, run: Substituting): void {
    forEachChild(node, (child) => {
      if (child.type !== 'Word') {
        this.test(child, state, run);
        return;
      }
      refuseSubscript(wholeValue(child, state, run).text);
    });
  }

  private arithmetic(node: ArithmeticExpression, state: ShellState, around: Around): void {
    walkArithmetic(node, state, (level) => this.substituting(state, { ...around, depth: around.depth + level }));
  }
}
