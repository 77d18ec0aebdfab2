/** How the states of branches and loops come together again. */
import type { ShellState } from './state.ts';

/** `state` becomes what all branches that go on agree on. */
export function joinBranches(state: ShellState, branches: readonly ShellState[]): void {
  const going = branches.filter((branch) => !branch.ended);
  const [first = branches[0], ...others] = going;
  if (!first) return;
  state.become(first);
  state.ended = going.length === 0;
  for (const other of others) state.merge(other);
}

/** A loop may have run or not; `exit` in it does not end what follows for certain. */
export function afterLoop(state: ShellState, other: ShellState): void {
  state.ended = false;
  state.merge(other);
}

/** Runs `body` until what it changes of the state is unknown from its start, so that any number of rounds is covered. */
export function untilStable(state: ShellState, body: (own: ShellState) => void): void {
  for (;;) {
    const own = state.copy();
    body(own);
    own.ended = false;
    const before = fingerprint(state);
    state.merge(own);
    if (fingerprint(state) === before) return;
  }
}

function fingerprint(state: ShellState): string {
  const values = [...state.variables].map(([name, value]) => (value ? `${name}=${value.text}` : `${name}?`));
  return `${state.folder ?? '?'}\n${values.sort().join('\n')}`;
}
