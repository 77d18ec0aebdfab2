import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import { Person, type Question } from '../../mcp-server/person.ts';

const QUESTION: Question = {
  message: 'Publish?',
  form: {
    type: 'object',
    properties: { decision: { type: 'string', enum: ['publish', 'reject'] } },
    required: ['decision'],
  },
};
const LONG = 60_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const end of open.splice(0)) await end.close();
});

/** `undefined`: a client that cannot ask. */
async function person(
  answer: (() => Promise<ElicitResult>) | undefined,
  doubts: (string | undefined)[] = [],
  timeoutMs = LONG,
): Promise<Person> {
  const server = new Server({ name: 's', version: '1' }, { capabilities: {} });
  const client = new Client({ name: 'c', version: '1' }, { capabilities: answer ? { elicitation: {} } : {} });
  if (answer) client.setRequestHandler(ElicitRequestSchema, answer);
  const [here, there] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(here), client.connect(there)]);
  open.push(client, server);
  return new Person(server, { doubt: async () => doubts.shift() }, timeoutMs);
}

const ask = (asked: Person, signal = new AbortController().signal) => asked.ask(QUESTION, signal);
const yes = async (): Promise<ElicitResult> => ({ action: 'accept', content: { decision: 'publish' } });

describe('asking the person', () => {
  it('hands on what they answered', async () => {
    expect(await ask(await person(yes))).toEqual({ said: 'answer', content: { decision: 'publish' } });
  });

  it.each<[string, () => Promise<Person>, RegExp]>([
    ['the client cannot ask', () => person(undefined), /this client cannot ask/],
    ['they decline', () => person(async () => ({ action: 'decline' })), /declined/],
    ['they close it', () => person(async () => ({ action: 'cancel' })), /closed/],
    [
      'the answer is none of the choices',
      () => person(async () => ({ action: 'accept', content: { decision: 'all' } })),
      /no valid answer/,
    ],
    [
      'the client fails',
      () => person(() => Promise.reject(new Error('no window'))),
      /no valid answer came .*no window/,
    ],
    ['nobody is there', () => person(() => new Promise(() => {}), [], 20), /no valid answer came .*timed out/i],
  ])('takes nothing for a yes when %s', async (_, asked, why) => {
    expect(await ask(await asked())).toMatchObject({
      said: 'nothing',
      why: expect.stringMatching(why),
      doubted: false,
    });
  });

  it('does not ask where somebody else could answer, and drops an answer that somebody else could have given', async () => {
    let shown = 0;
    const counted = () => {
      shown += 1;
      return yes();
    };
    expect(await ask(await person(counted, ['a hook is there']))).toEqual({
      said: 'nothing',
      why: 'a hook is there',
      doubted: true,
    });
    expect(shown).toBe(0);
    expect(await ask(await person(counted, [undefined, 'a hook came']))).toEqual({
      said: 'nothing',
      why: 'a hook came',
      doubted: true,
    });
    expect(shown).toBe(1);
  });

  it('stops asking when the call is cancelled', async () => {
    const gone = new AbortController();
    const asked = ask(await person(() => new Promise(() => {})), gone.signal);
    gone.abort(new Error('the client has gone'));
    expect(await asked).toMatchObject({ said: 'nothing' });
  });
});
