import { afterEach, describe, expect, it } from 'vitest';
import { bash, say, use } from '../../../cli/demo/model-reply.ts';
import { type Script, type ScriptedModel, startScriptedModel } from '../../../cli/demo/scripted-model.ts';

let model: ScriptedModel;
afterEach(() => model.stop());

type Body = Record<string, unknown>;

async function ask(script: Script, body: Body = {}, path = '/v1/messages?beta=true'): Promise<Response> {
  model = await startScriptedModel(script);
  return post({ model: 'm', stream: true, messages: [{ role: 'user', content: 'go' }], ...body }, path);
}

function post(body: Body, path = '/v1/messages'): Promise<Response> {
  return fetch(model.url + path, { method: 'POST', body: JSON.stringify(body) });
}

/** An answer that is one JSON document. */
interface Answer {
  content: { id: string; text: string }[];
  error: { message: string };
  input_tokens: number;
}

async function json(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}

/** The data of every server-sent event, in order. */
async function events(response: Response): Promise<Record<string, unknown>[]> {
  return (await response.text())
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.split('\ndata: ')[1] ?? ''));
}

describe('on the wire', () => {
  it('streams text and tool calls as the client expects them', async () => {
    const response = await ask(() => ({ kind: 'use', text: 'look', calls: [bash('ls'), bash('pwd')] }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const all = await events(response);
    expect(all.map(({ type }) => type)).toEqual([
      'message_start',
      ...Array.from({ length: 3 }, () => ['content_block_start', 'content_block_delta', 'content_block_stop']).flat(),
      'message_delta',
      'message_stop',
    ]);
    expect(all[0]).toMatchObject({ message: { model: 'm', content: [], stop_reason: null } });
    expect(all[4]).toMatchObject({ index: 1, content_block: { type: 'tool_use', name: 'Bash', input: {} } });
    expect(all[5]).toMatchObject({ delta: { partial_json: expect.stringContaining('"command":"ls"') } });
    expect(all.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  it('gives every tool call an id of its own', async () => {
    const ids = new Set<string>();
    await ask(() => use(bash('ls'), bash('ls')));
    for (let time = 0; time < 5; time++) {
      const { content } = await json(await post({ model: 'm', messages: [] }));
      for (const { id } of content) ids.add(id);
    }
    expect(ids.size).toBe(10);
  });

  it('answers as one message when no stream is asked for, counts tokens, and answers HEAD', async () => {
    const response = await ask([{ reply: say('hi') }], { stream: false });
    expect(await response.json()).toMatchObject({ content: [{ type: 'text', text: 'hi' }], stop_reason: 'end_turn' });
    expect((await json(await post({ messages: [] }, '/v1/messages/count_tokens'))).input_tokens).toBeGreaterThan(0);
    expect((await fetch(model.url, { method: 'HEAD' })).status).toBe(200);
    expect(model.requests()).toHaveLength(1);
  });

  it('fails with the status, type and retry-after of the script', async () => {
    const response = await ask(() => ({ kind: 'fail', status: 529, type: 'overloaded_error', retryAfter: 7 }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([529, '7']);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  });

  it('breaks off in the middle of an answer', async () => {
    const response = await ask(() => ({ kind: 'cut' }));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('hangs until it is stopped, and waits when told to', async () => {
    const hanging = ask(({ told }) => (told === 'slow' ? { ...say('late'), delayMs: 50 } : { kind: 'hang' }));
    const answer = await Promise.race([hanging, new Promise((resolve) => setTimeout(resolve, 100, 'nothing'))]);
    expect(answer).toBe('nothing');
    const late = await post({ model: 'm', messages: [{ role: 'user', content: 'slow' }] });
    expect((await json(late)).content[0]?.text).toBe('late');
    await model.stop();
    await expect(hanging).rejects.toThrow();
  });
});

describe('what a script is told', () => {
  const history = [
    { role: 'user', content: 'go' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'one' }] }] },
    { role: 'assistant', content: [{ type: 'text', text: 'No response requested.' }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't2', content: 'two', is_error: true },
        { type: 'text', text: '<system-reminder>hook said</system-reminder>' },
      ],
    },
    { role: 'system', content: 'more context' },
  ];

  it('step, results, reminders and tools; answers that the client made up do not count', async () => {
    await ask(() => say('ok'), { messages: history, tools: [{ name: 'Bash' }] });
    const turn = model.requests()[0]?.turn;
    expect(turn).toMatchObject({ step: 1, lastToolResults: ['two'], tools: ['Bash'] });
    expect(turn?.results).toEqual([{ text: 'two', isError: true }]);
    expect(turn?.allResults.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(turn?.told).toContain('hook said');
    expect(turn?.told).toContain('more context');
  });

  it.each([
    ['You are the diagnostician of self-healing.', 'diagnostician'],
    ['You are self-healing. You fix', 'self-healing'],
    ['You are Claude Code. Working directory: /x/self-healing, agents: diagnostician', 'main'],
  ])('%j is spoken to %s', async (text, agent) => {
    await ask(() => say('ok'), {
      system: [
        { type: 'text', text: 'billing' },
        { type: 'text', text },
      ],
    });
    expect(model.requests()[0]?.turn.agent).toBe(agent);
  });

  it('the first rule that fits answers, and none ends the run with an error that is not retried', async () => {
    const response = await ask([
      { step: 1, reply: say('second') },
      { when: (turn) => turn.told.includes('hello'), reply: say('hello') },
    ]);
    expect(response.status).toBe(400);
    expect((await json(response)).error.message).toBe('no rule for main at step 0');
    expect((await json(await post({ model: 'm', messages: history }))).content[0]?.text).toBe('second');
  });
});
