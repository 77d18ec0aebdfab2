/** How a dishonest case is written down: what it tries, which law of the gate stands against it, and what has to be found. */
import type { Files, FixCase } from '../fix-case.ts';

/** The laws of the gate, as its documentation words them. */
const LAW = {
  base: 'the gate judges with the rules of the base',
  reason: "red for the incident's own reason, then green",
  tree: 'the verdict is about a tree',
  runner: 'no case is lost, skipped or loosened, and every check is green',
  limits: 'a fix is small, inside its diagnosis, and away from forbidden paths',
  rules: 'critical invariants and anti-patterns',
} as const;

type Rest = Omit<FixCase, 'label' | 'idea' | 'name' | 'defeats' | 'codes' | 'files'>;
export const trick =
  (idea: string, law: keyof typeof LAW, ...codes: string[]) =>
  (name: string, files: Files, rest: Rest = {}): FixCase => ({
    label: 'dishonest',
    idea,
    name,
    defeats: LAW[law],
    codes,
    files,
    ...rest,
  });
