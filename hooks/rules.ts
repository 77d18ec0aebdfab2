/**
 * Every rule that a guard can name, with what it means. The list is part of the contract (`replay`, reports, settings of
 * people's scripts): a rule is added or deprecated, never renamed. `docs/guards.md` prints it; a test holds the two together.
 */
export const RULES = {
  'loop.revisit':
    'the same files with the same failing checks were seen before, after something else was tried in between',
  'loop.thrash': 'several different changes left the failing checks and their error as they were',
  'loop.repeat': 'the same call gave the same result again and again, and nothing changed in between',
  'loop.cycle': 'a short sequence of calls with the same results is gone through again and again',
  'loop.similar': 'the last results of the same kind of call are nearly the same, and nothing improved',
  'loop.monologue': 'text follows on text without a call in between',
  'loop.undo': 'an edit was undone and made again',
  'loop.earlier_attempt': 'an earlier attempt at this incident was already at this point',
  'scope.not_started': 'a change before a fix is open',
  'scope.diagnosis': 'a change by the agent that only diagnoses',
  'scope.no_diagnosis': 'a change before there is a diagnosis',
  'scope.closed': 'a change after the fix was verified and handed in',
  'scope.outside_worktree': 'a change outside the worktree',
  'scope.outside_diagnosis': 'a change to a file that is not among the diagnosed ones',
  'scope.forbidden_path': 'a change at a forbidden path',
  'scope.always_forbidden_path': 'a change at a path that no setting opens',
  'scope.living_context': 'a change to the living context around its tools',
  'scope.git_folder': "a change to git's own files",
  'scope.product_state': "a touch of the product's own records",
  'scope.unknown_path': 'a change at a path that is only known when the command runs',
  'command.unreadable': 'a command that cannot be read',
  'command.environment': 'a variable that changes what other programs do',
  'command.git': 'a git command on what the worktree shares with the main checkout',
  'command.processes': "a signal to somebody else's processes",
  'command.inline_code': 'inline code that writes files or starts programs',
  'command.diagnosis': 'a command that does more than read, by the agent that only diagnoses',
  'command.waits': 'a command that would wait for a person, or never end',
  'publish.push': 'git sends something to another repository',
  'publish.forge': "a forge's program or interface is called around the gate",
  'publish.package': 'a package or an image is published, or something is deployed',
  'publish.people_only': "a person's decision is taken by a program",
  'guard.undecided': 'the guard could not judge the call',
  'guard.loop_stopped': 'the run was stopped because it went in circles',
  'guard.drift_stopped': 'the run was stopped because it kept leaving its scope',
} as const satisfies Record<string, string>;

export type Rule = keyof typeof RULES;
export type LoopRule = Extract<Rule, `loop.${string}`>;

/** Why a call is not let through, as the agent reads it: what was denied, and what to do instead. */
export interface Denial {
  rule: Rule;
  reason: string;
}
