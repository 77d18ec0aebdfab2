/** What the model plays in a round of chaos: one error is fixed, whatever was done of it before; of the other the cause is not found. */
import { existsSync, readFileSync } from 'node:fs';
import { use } from '../../../cli/demo/model-reply.ts';
import type { Turn } from '../../../cli/demo/model-turn.ts';
import { ORDERS_PART } from '../../../cli/demo/orders-part.ts';
import { honestFix, type Overrides, type Part } from '../../../cli/demo/play.ts';
import { UNVERIFIED } from '../plays/acts.ts';
import type { Kind } from './plan.ts';

/** The other error, which happens at a place that has nothing to do with the first. */
export const UNCLEAR = {
  type: 'RangeError',
  message: 'Invalid time value',
  stack: 'RangeError: Invalid time value\n    at Sessions.find (src/sessions.js:12:9)\n    at handle (src/app.js:20:5)',
};

const UNCLEAR_PART: Part = {
  ...ORDERS_PART,
  look: ['git log --oneline -5 -- src/sessions.js'],
  diagnosis: {
    root_cause: 'Some session has no time at which it ends, and where it comes from is not seen.',
    failure_type: 'runtime_error',
    affected_files: ['src/sessions.js'],
    confidence: 0.2,
    reasoning: 'Nothing in the code writes such a session.',
  },
};

export function kindOf(turn: Turn): Kind {
  const [task] = turn.messages;
  return JSON.stringify(task).includes(UNCLEAR.message) ? 'unclear' : 'fixed';
}

/** An agent that goes on where another one died finds part of the work done, and does not do it twice. */
const RESUMING: Overrides = {
  ...UNVERIFIED,
  test: ({ at }) => {
    const [test] = ORDERS_PART.tests;
    if (test === undefined) throw new Error('no test to write');
    const path = at(test.file);
    return existsSync(path)
      ? use({ name: 'Read', input: { file_path: path } })
      : use({ name: 'Write', input: { file_path: path, content: test.text } });
  },
  fix: ({ at }) => {
    const [edit] = ORDERS_PART.edits;
    if (edit === undefined) throw new Error('nothing to edit');
    const path = at(edit.file);
    return readFileSync(path, 'utf8').includes(edit.put)
      ? use({ name: 'Read', input: { file_path: path } })
      : use({ name: 'Edit', input: { file_path: path, old_string: edit.find, new_string: edit.put } });
  },
};

const PLAYS = { fixed: honestFix(ORDERS_PART, RESUMING), unclear: honestFix(UNCLEAR_PART) };

export function play(turn: Turn) {
  return PLAYS[kindOf(turn)](turn);
}
