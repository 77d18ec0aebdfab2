/**
 * The tool `edit_context`. During a fix an entry is written into the worktree only, and only added: it travels in the
 * proposal and becomes law when merged. Outside of one, a model may only draft: the entry is marked `proposed: true` and
 * has no force until a person accepts it.
 */
import { addOrUpdateEntry, type EditedEntry, type Layer } from '../../context/edit.ts';
import type { BaseLaw } from '../../context/law/additions.ts';
import { inForce, type Layers } from '../../context/law/compose.ts';
import type { Law } from '../../context/law.ts';
import { UserError } from '../../events/errors.ts';
import { isAllowedCommand, isAllowedModule, isAllowedStart } from '../../gate/agent-scenario.ts';
import type { Allowed } from '../../gate/runner/agent-command.ts';
import type { Workbench } from '../workbench.ts';
import type { OpenFix } from './open-fix.ts';
import { requireFix } from './require-fix.ts';

export interface EditInput {
  layer: Layer;
  /** As in the YAML; a scenario also carries `module` and optional `files`. */
  entry: Record<string, unknown>;
  /** The incident whose fix is open; without it the entry is a draft. */
  incident?: string | undefined;
}

/** Throws UserError for an entry that is not valid (`bad_input`) or not allowed now (`not_allowed`). */
export async function editContext(bench: Workbench, input: EditInput): Promise<EditedEntry> {
  return input.incident === undefined
    ? draft(bench, input)
    : duringFix(await requireFix(bench, input.incident), input.layer, input.entry);
}

async function duringFix(fix: OpenFix, layer: Layer, entry: Record<string, unknown>): Promise<EditedEntry> {
  if (layer === 'scenarios' && entry.incident !== undefined && entry.incident !== fix.incident)
    throw new UserError(
      `The scenario names ${String(entry.incident)}, but this fix is about ${fix.incident}.`,
      `Set incident to ${fix.incident}, or leave it out.`,
      'not_allowed',
    );
  for (const addition of runByEntry(entry)) refuseUnlessAllowed(fix, addition);
  return addOrUpdateEntry({ folder: fix.worktree, layer, entry, base: fix.law });
}

/** What people accepted may not be changed by a draft; an earlier draft may. */
async function draft(bench: Workbench, { layer, entry }: EditInput): Promise<EditedEntry> {
  const open = [...bench.fixes.keys()][0];
  if (open !== undefined)
    throw new UserError(
      `The fix of ${open} is open; the main checkout's context is not written meanwhile.`,
      `Give incident: ${open} to write into its worktree.`,
      'not_allowed',
    );
  if (entry.proposed === false)
    throw new UserError(
      'Outside a fix an entry is a draft and carries proposed: true.',
      'Leave `proposed` out; a person removes the mark.',
      'not_allowed',
    );
  return addOrUpdateEntry({
    folder: bench.repository.root,
    layer,
    entry: { ...entry, proposed: true },
    base: accepted,
  });
}

function accepted(law: Layers): BaseLaw {
  return {
    ...law,
    source: 'commit',
    scenarios: law.scenarios.filter(inForce),
    invariants: law.invariants.filter(inForce),
    incidents: law.incidents.filter(inForce),
    impactMap: { edges: law.impactMap.edges.filter(inForce), risk: law.impactMap.risk.filter(inForce) },
  };
}

type Addition = { at: string; kind: 'command' | 'module' | 'start'; text: string };

/** Everything in an entry that would be run once it is law. */
function runByEntry(entry: Record<string, unknown>): Addition[] {
  const within = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null && key in value ? (value as Record<string, unknown>)[key] : undefined;
  const candidates: [string, Addition['kind'], unknown][] = [
    ['test_command', 'command', entry.test_command],
    ['call.module', 'module', within(entry.call, 'module')],
    ['http.start', 'start', within(entry.http, 'start')],
    ['check.command', 'command', within(entry.check, 'command')],
  ];
  return candidates.flatMap(([at, kind, text]) => (typeof text === 'string' ? [{ at, kind, text }] : []));
}

function refuseUnlessAllowed({ law, worktree }: OpenFix, { at, kind, text }: Addition): void {
  const [allowed, next] = judge(kind, text, law, worktree);
  if (allowed.ok) return;
  throw new UserError(`${at} may not be ${JSON.stringify(text.slice(0, 200))}: ${allowed.why}`, next, 'not_allowed');
}

function judge(kind: Addition['kind'], text: string, law: Law, worktree: string): [allowed: Allowed, next: string] {
  switch (kind) {
    case 'command':
      return [
        isAllowedCommand(text, law, worktree),
        'Write the test file first, then one plain command of a test runner that runs just this case.',
      ];
    case 'module':
      return [isAllowedModule(text, worktree), "Name a module of the repository's own source, relative to its root."];
    case 'start':
      return [isAllowedStart(text, law), 'Write a test with a test_command, or call the function that answers.'];
    default:
      return kind satisfies never;
  }
}
