/** Before the main checkout's living context is written by a command: there is one, it can be read, and no fix is open. */
import { problemText } from '../../context/document/problem.ts';
import { type Law, readWorkingLaw } from '../../context/law.ts';
import { ConfigurationError, UserError } from '../../events/errors.ts';
import { hasState, type Workbench } from '../workbench.ts';

/** Throws UserError (`not_ready`, `not_allowed`), and ConfigurationError while the documents have errors. */
export async function requireEditable(bench: Workbench): Promise<Law> {
  const law = await readWorkingLaw(bench.repository.root);
  if (law.source === 'defaults')
    throw new UserError(
      'There is no .self-healing/ in this repository yet.',
      'Run `self-healing init` first; it writes the documents that entries go into.',
      'not_ready',
    );
  if (law.problems.length > 0)
    throw new ConfigurationError(
      `.self-healing/ has errors:\n${problemText(law.problems)}`,
      'Correct them (`self-healing context lint` shows them) and try again.',
    );
  const [open] = hasState(bench) ? await bench.incidents.list({ status: ['healing'], limit: 1 }) : [];
  if (open)
    throw new UserError(
      `${open.incident} is being healed; a change of .self-healing/ meanwhile would have its fix refused.`,
      'Try again when `self-healing status` shows nothing in work.',
      'not_allowed',
    );
  return law;
}
