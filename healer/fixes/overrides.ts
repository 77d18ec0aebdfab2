/** Other settings for some errors: `overrides` of the config, applied to what is known of an incident so far. */
import { matches } from '../../context/path-rules.ts';
import type { Config, Override } from '../../context/schemas/config.ts';

export interface Known {
  source: string;
  service: string | undefined;
  /** Undefined until diagnosed: an override that asks for it does not match yet. */
  failure_type: string | undefined;
  /** The file of the error, and what the diagnosis names. */
  files: string[];
}

/** The config with every matching override applied in order; a later one wins. A key that is set replaces the whole key. */
export function applyOverrides(config: Config, known: Known): Config {
  const result = { ...config };
  for (const { match, set } of config.overrides) {
    if (!isMatch(match, known)) continue;
    result.recovery = { ...result.recovery, ...given(set.recovery) };
    result.guardrails = { ...result.guardrails, ...given(set.guardrails) };
    result.approval = { ...result.approval, ...given(set.approval) };
    result.notify = { ...result.notify, ...given(set.notify) };
    result.criteria = set.criteria ?? result.criteria;
  }
  return result;
}

function isMatch(match: Override['match'], known: Known): boolean {
  const { source, service, failure_type, files } = match;
  if (source !== undefined && source !== known.source) return false;
  if (service !== undefined && service !== known.service) return false;
  if (failure_type !== undefined && failure_type !== known.failure_type) return false;
  return files === undefined || known.files.some((file) => matches(files, file));
}

/** Without the keys that are not set. */
function given<T extends object>(set: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(set ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
