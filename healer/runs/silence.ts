/**
 * How long a run may say nothing, by what it is waiting for: its own start, the model's answer, or a tool that it called,
 * whose work is seen without a word of it.
 */
import { isAlive, type LifeSample } from './signs-of-life.ts';
import type { StreamEvent } from './stream.ts';

/** A client that is going to work says so within seconds. */
const START_UP_MS = 120_000;
/** What a tool does is measured, so that less patience is needed than with a model that may think for minutes. */
const TOOL_WAIT_MS = 300_000;
const LOOK_EVERY_MS = 1_000;

export type Silence =
  /** Nothing at all since its start. */
  | { of: 'start'; afterMs: number }
  /** Neither words nor work of the tool. */
  | { of: 'tool'; afterMs: number; tool: string; openMs: number }
  | { of: 'model'; afterMs: number }
  /** The client waits for an API that did not answer before. */
  | { of: 'api'; afterMs: number };

export interface SilenceOptions {
  /** `recovery.silence_timeout`; the other limits are never longer. */
  limitMs: number;
  /** Replaced in tests. */
  startUpMs?: number | undefined;
  toolWaitMs?: number | undefined;
  life: () => LifeSample;
  /** A call on one line. */
  describe: (call: Extract<StreamEvent, { kind: 'tool_use' }>) => string;
  onSilence: (silence: Silence) => void;
}

export interface SilenceWatch {
  /** Any output. */
  heard(): void;
  see(event: StreamEvent): void;
  end(): void;
}

/** Tells once, within a second of the limit. Time is the monotonic clock's: a machine that slept was not silent. */
export function watchSilence(options: SilenceOptions): SilenceWatch {
  const { limitMs } = options;
  const startUpMs = Math.min(limitMs, options.startUpMs ?? START_UP_MS);
  const toolWaitMs = Math.min(limitMs, options.toolWaitMs ?? TOOL_WAIT_MS);
  const open = new Map<string, { call: Extract<StreamEvent, { kind: 'tool_use' }>; since: number }>();
  let started = false;
  let waitsForApi = false;
  let heardAt = performance.now();
  /** As of the last sign of life of a tool. */
  let base: LifeSample | undefined;

  const look = () => {
    const now = performance.now();
    const quiet = now - heardAt;
    const [oldest] = open.values();
    if (!started) return quiet >= startUpMs ? tell({ of: 'start', afterMs: startUpMs }) : undefined;
    if (oldest === undefined)
      return quiet >= limitMs ? tell({ of: waitsForApi ? 'api' : 'model', afterMs: limitMs }) : undefined;
    // A look goes through every process of the machine, which costs more than a short call does.
    if (quiet < lookEveryMs && base === undefined) return;
    const life = options.life();
    if (base === undefined || isAlive(base, life)) {
      if (base !== undefined) heardAt = now;
      base = life;
      return;
    }
    if (quiet < toolWaitMs) return;
    const tool = options.describe(oldest.call);
    tell({ of: 'tool', afterMs: toolWaitMs, tool, openMs: now - oldest.since });
  };
  const lookEveryMs = Math.min(LOOK_EVERY_MS, Math.max(20, Math.min(startUpMs, toolWaitMs) / 8));
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  const tell = (silence: Silence) => {
    clearInterval(timer);
    options.onSilence(silence);
  };

  return {
    heard() {
      started = true;
      heardAt = performance.now();
      base = undefined;
    },
    see(event) {
      if (event.kind === 'tool_use') open.set(event.id, { call: event, since: performance.now() });
      if (event.kind === 'tool_result') open.delete(event.id);
      if (event.kind !== 'usage') waitsForApi = event.kind === 'api_retry';
    },
    end: () => clearInterval(timer),
  };
}
