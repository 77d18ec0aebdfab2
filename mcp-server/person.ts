/**
 * The person at the client: asked through the protocol's elicitation. Whoever cannot be asked, does not answer, or might
 * not be the one who answers, has said nothing; nothing is ever taken for a yes.
 */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ElicitRequestFormParams } from '@modelcontextprotocol/sdk/types.js';
import type { PersonVoice } from './person-voice.ts';

export type Form = ElicitRequestFormParams['requestedSchema'];

export interface Question {
  message: string;
  form: Form;
}

export type PersonAnswer =
  | { said: 'answer'; content: Record<string, unknown> }
  /** `why` ends a sentence. `doubted`: what is said in this session is not taken for the person's word. */
  | { said: 'nothing'; why: string; doubted: boolean };

/** A person may be away; what waits for them waits without this question too. */
const ASK_TIMEOUT_MS = 10 * 60_000;

export class Person {
  private readonly server: Server;
  private readonly voice: Pick<PersonVoice, 'doubt'>;
  private readonly timeoutMs: number;

  constructor(server: Server, voice: Pick<PersonVoice, 'doubt'>, timeoutMs = ASK_TIMEOUT_MS) {
    this.server = server;
    this.voice = voice;
    this.timeoutMs = timeoutMs;
  }

  async ask({ message, form }: Question, signal: AbortSignal): Promise<PersonAnswer> {
    if (!this.server.getClientCapabilities()?.elicitation?.form) return nothing('this client cannot ask');
    const doubt = await this.voice.doubt();
    if (doubt !== undefined) return nothing(doubt, true);
    try {
      const options = { signal, timeout: this.timeoutMs };
      const { action, content } = await this.server.elicitInput({ message, requestedSchema: form }, options);
      if (action !== 'accept') return nothing(action === 'decline' ? 'the question was declined' : 'it was closed');
      const later = await this.voice.doubt();
      return later === undefined ? { said: 'answer', content: content ?? {} } : nothing(later, true);
    } catch (error) {
      return nothing(`no valid answer came (${error instanceof Error ? error.message : String(error)})`);
    }
  }
}

function nothing(why: string, doubted = false): PersonAnswer {
  return { said: 'nothing', why, doubted };
}
