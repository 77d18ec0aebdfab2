/**
 * Sessions that heal nothing: their calls are looked at in memory, for loops alone. Nothing is denied, nothing is kept,
 * and each pattern is spoken of once.
 */

import { LoopDetector } from '../loop/detector.ts';
import type { Flag } from '../loop/flag.ts';
import { CallRecorder } from '../trace/recorder.ts';
import type { DetectionSettings } from './agent-watch.ts';
import { agentKey, agentOf, type GuardInput } from './input.ts';
import { eventsOf } from './turn-events.ts';

interface Watched {
  detector: LoopDetector;
  recorder: CallRecorder;
  prompt: string;
  /** Patterns that were spoken of. */
  spoken: Set<string>;
}

/** Agents at once in one session; the one that was quiet for the longest is forgotten. */
const MAX_AGENTS = 32;
/** Remarks to one agent; whoever did not listen to so many will not to one more. */
const MAX_SPOKEN = 100;

export class OrdinaryWatch {
  private readonly settings: DetectionSettings;
  private readonly agents = new Map<string, Watched>();
  private wanted = true;

  constructor(settings: DetectionSettings) {
    this.settings = settings;
  }

  /** A turn has come back: the first loop in it that nobody was told of yet. Never throws. */
  turn(input: GuardInput): Flag | undefined {
    if (!this.wanted) return undefined;
    try {
      return this.look(input);
    } catch {
      return undefined; // advice is worth no disturbance
    }
  }

  /** A conversation of the session is shortened; the client does not say which. */
  shortened(sessionId: string): void {
    for (const [key, { detector }] of this.agents)
      if (key.startsWith(agentKey({ sessionId, agentId: '' }))) detector.see({ kind: 'compaction', agent: '' });
  }

  /** Nobody wants to hear of it: nothing is looked at any more. */
  silence(): void {
    this.wanted = false;
    this.agents.clear();
  }

  private look(input: GuardInput): Flag | undefined {
    const watched = this.watched(agentKey(agentOf(input)));
    // What a person asks for again is no loop.
    if (watched.prompt !== input.prompt_id && watched.prompt !== '')
      watched.detector.see({ kind: 'prompt', agent: input.agent_id, text: '' });
    watched.prompt = input.prompt_id;
    let first: Flag | undefined;
    for (const happening of eventsOf(input).flatMap((event) => watched.recorder.see(event))) {
      const flag = watched.detector.see(happening);
      if (flag === undefined || watched.spoken.size >= MAX_SPOKEN) continue;
      const pattern = patternOf(flag);
      if (watched.spoken.has(pattern)) continue;
      watched.spoken.add(pattern);
      first ??= flag;
    }
    return first;
  }

  private watched(key: string): Watched {
    const known = this.agents.get(key);
    this.agents.delete(key);
    const watched = known ?? {
      detector: new LoopDetector(this.settings),
      recorder: new CallRecorder(),
      prompt: '',
      spoken: new Set<string>(),
    };
    this.agents.set(key, watched);
    const [oldest] = this.agents.keys();
    if (this.agents.size > MAX_AGENTS && oldest !== undefined) this.agents.delete(oldest);
    return watched;
  }
}

/** The same loop goes on with other numbers. */
function patternOf({ rule, evidence }: Flag): string {
  return `${rule} ${evidence.replace(/\d+/g, '#')}`;
}

/** For the model in a person's session, which may well have its reasons, and where nobody heals anything. */
export function softAdvice({ advice }: Flag): string {
  return `A remark by self-healing, which denies nothing: ${advice.replaceAll(' (escalate in a healing run)', '')} If this is intended, go on. (A person can turn these remarks off: detection.advice_in_other_sessions in .self-healing/config.yaml.)`;
}
