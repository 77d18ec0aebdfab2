/**
 * The part of an honest model: it diagnoses, writes the reproduction, fixes, verifies and proposes, step by step. Every
 * step has a name, so that one can be replaced, left out, or something done before or after it.
 */
import { join } from 'node:path';
import { bash, livingContext, type Reply, say, type ToolCall, use } from './model-reply.ts';
import type { Turn } from './model-turn.ts';

/** What is particular to one bug; paths are relative to the worktree. */
export interface Part {
  /** Commands by which the diagnostician looks around. */
  look: string[];
  diagnosis: {
    root_cause: string;
    failure_type: string;
    affected_files: string[];
    confidence: number;
    reasoning: string;
  };
  tests: { file: string; text: string }[];
  /** Entry for `edit_context`, without the incident. */
  scenario: Record<string, unknown>;
  edits: { file: string; find: string; put: string }[];
  /** Entry for `edit_context`, without id and date. */
  lesson: Record<string, unknown>;
  title: string;
  summary: string;
}

/** What an action may use of the conversation so far. */
export interface Scene {
  turn: Turn;
  incident: string;
  worktree: string;
  /** Absolute path of a file of the worktree. */
  at: (file: string) => string;
}

type Action = (scene: Scene) => Reply;

type DiagnosticianStep = 'begin' | 'look' | 'diagnose' | 'conclude';
type FixerStep = 'open' | 'read' | 'test' | 'scenario' | 'fix' | 'run' | 'lesson' | 'verify' | 'propose' | 'close';
type StepName = DiagnosticianStep | FixerStep;

/** Another action for a step, null to leave it out; and what is done before and after a step. */
export type Overrides = { [Name in StepName]?: Action | null } & {
  before?: { [Name in StepName]?: Action[] };
  after?: { [Name in StepName]?: Action[] };
};

/** The script of both agents. A conversation that goes on after the last step is answered with a plain word. */
export function honestFix(part: Part, overrides: Overrides = {}): (turn: Turn) => Reply {
  const steps = {
    diagnostician: arranged(diagnostician(part), overrides),
    'self-healing': arranged(fixer(part), overrides),
  };
  return (turn) => {
    if (turn.agent === 'main') return say('This part is written for the agents of self-healing only.');
    const action = steps[turn.agent][turn.step];
    if (action === undefined) return say('I have done what I could.');
    try {
      return action(sceneOf(turn));
    } catch (error) {
      if (error instanceof Stuck) return say(error.message);
      throw error;
    }
  };
}

/** The model does not know what it would have to know to go on. */
class Stuck extends Error {}

/** In the order in which they are acted. */
type Steps<Name extends StepName> = Record<Name, Action>;

function arranged<Name extends StepName>(steps: Steps<Name>, { before, after, ...others }: Overrides): Action[] {
  return (Object.entries(steps) as [Name, Action][]).flatMap(([name, honest]) => {
    const other: Action | null | undefined = others[name];
    const action = other === undefined ? [honest] : other === null ? [] : [other];
    return [...(before?.[name] ?? []), ...action, ...(after?.[name] ?? [])];
  });
}

function diagnostician({ look, diagnosis }: Part): Steps<DiagnosticianStep> {
  return {
    begin: start('I open the incident first.'),
    look: ({ worktree }) => {
      const commands = look.map((command) => bash(`cd ${quoted(worktree)} && ${command}`));
      return saying('I read the failing line and where its value comes from.', ...commands);
    },
    diagnose: ({ incident }) => use(livingContext('record_diagnosis', { incident, ...diagnosis })),
    conclude: () => say(`The cause is recorded: ${diagnosis.root_cause}`),
  };
}

function fixer({ tests, scenario, edits, lesson, title, summary }: Part): Steps<FixerStep> {
  const date = new Date().toISOString().slice(0, 10);
  return {
    open: start('I open the worktree and its context.'),
    read: ({ at }) => {
      const files = [...new Set(edits.map(({ file }) => file))];
      return saying('I read what I am going to change.', ...files.map((file) => tool('Read', { file_path: at(file) })));
    },
    test: ({ at }) => {
      const writes = tests.map(({ file, text }) => tool('Write', { file_path: at(file), content: text }));
      return saying('First the reproduction: it has to fail the way production did.', ...writes);
    },
    scenario: ({ incident }) => use(addToContext('scenarios', incident, { ...scenario, incident })),
    fix: ({ at }) => {
      const changes = edits.map(({ file, find, put }) =>
        tool('Edit', { file_path: at(file), old_string: find, new_string: put }),
      );
      return saying('Now the smallest change that removes the cause.', ...changes);
    },
    run: ({ incident }) => use(livingContext('run_scenarios', { incident })),
    lesson: ({ incident }) => use(addToContext('incidents', incident, { id: incident, date, ...lesson })),
    verify: ({ incident }) => saying('The gate judges.', livingContext('verify_fix', { incident })),
    propose: ({ incident }) => use(livingContext('propose_pr', { incident, title, summary })),
    close: () => say(summary),
  };
}

function addToContext(layer: string, incident: string, entry: Record<string, unknown>): ToolCall {
  return livingContext('edit_context', { layer, incident, entry });
}

function start(text: string): Action {
  return ({ incident }) => saying(text, livingContext('start_fix', { incident }));
}

function saying(text: string, ...calls: ToolCall[]): Reply {
  return { kind: 'use', text, calls };
}

function tool(name: string, input: Record<string, unknown>): ToolCall {
  return { name, input };
}

function sceneOf(turn: Turn): Scene {
  return {
    turn,
    get incident() {
      return incidentIn(turn);
    },
    get worktree() {
      return worktreeIn(turn);
    },
    at: (file) => join(worktreeIn(turn), file),
  };
}

/** The incident that the task names; past ones stand in the context too. */
function incidentIn({ messages }: Turn): string {
  const text = JSON.stringify(messages.filter((message) => message.role === 'user'));
  const found = /\b(?:diagnose|fix|heal) incident (INC-[0-9a-f]{16})/i.exec(text) ?? /\b(INC-[0-9a-f]{16})/.exec(text);
  if (found?.[1] === undefined) throw new Stuck('I was not told which incident.');
  return found[1];
}

/** Where a tool has structured content, the client shows the model that, as JSON, in place of the text. */
function worktreeIn({ allResults }: Turn): string {
  for (const { text } of allResults) {
    const found = /"worktree":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
    if (found !== undefined) return JSON.parse(found);
  }
  throw new Stuck(`I have no worktree. The last answer was: ${allResults.at(-1)?.text ?? 'none'}`);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
