/** The version, taken from package.json when the bundles are built. */
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
