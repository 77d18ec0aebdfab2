/** The labelled samples together. README.md says where they come from. */
import { assignedValues } from './assigned-values.ts';
import { hardSamples } from './hard-samples.ts';
import { innocentCode } from './innocent-code.ts';
import { innocentGenerated } from './innocent-generated.ts';
import { keysAndUrls } from './keys-and-urls.ts';
import { personalData } from './personal-data.ts';
import type { Sample } from './sample.ts';
import { vendorTokens } from './vendor-tokens.ts';

/** Each holds exactly what its kind says. */
export function secretSamples(seed: number): Sample[] {
  return [
    ...vendorTokens(seed),
    ...keysAndUrls(seed),
    ...assignedValues(seed),
    ...personalData(seed),
    ...hardSamples(seed),
  ];
}

/** None holds a secret or personal data. */
export function innocentSamples(seed: number): Sample[] {
  return [...innocentGenerated(seed), ...innocentCode()];
}
