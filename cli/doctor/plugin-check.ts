/** The plugin: that the client loads ours, and which one the user's own sessions have. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Init } from '../../healer/runs/stream.ts';
import { type Check, check, ok } from './check.ts';
import { isOurs } from './client-settings.ts';

const manifest = z.object({ version: z.string() });
const installations = z.object({
  plugins: z.record(z.string(), z.array(z.object({ version: z.string(), scope: z.string().optional() }))),
});

interface Installed {
  /** Such as `self-healing@self-healing`, or a folder. */
  name: string;
  version: string;
  update: string;
}

export function pluginCheck(init: Init | undefined, pluginDir: string, config: string): Promise<Check> {
  return check('plugin', async () => {
    const { version } = manifest.parse(await json(join(pluginDir, '.claude-plugin', 'plugin.json')));
    const error = init?.pluginErrors.find((text) => text.includes('self-healing')) ?? init?.pluginErrors[0];
    const again = 'Install self-healing again, and update Claude Code.';
    if (init && (error !== undefined || !init.plugins.includes('self-healing')))
      return { status: 'fail', detail: `the client did not load it: ${error ?? 'it is not in its list'}`, fix: again };
    const installed = await installedIn(config);
    const other = installed.find((one) => one.version !== version);
    if (other === undefined)
      return ok(installed.length === 0 ? `${version}, of this program; none is installed in ${config}` : version);
    return {
      status: 'warn',
      detail: `sessions use ${other.name} ${other.version}, and this program is ${version}`,
      fix: `Bring both to the same version: \`${other.update}\`.`,
    };
  });
}

async function installedIn(config: string): Promise<Installed[]> {
  const listed = installations.safeParse(await json(join(config, 'plugins', 'installed_plugins.json')));
  const names = Object.entries(listed.data?.plugins ?? {}).filter(([name]) => isOurs(name));
  const checkout = join(config, 'skills', 'self-healing');
  const own = manifest.safeParse(await json(join(checkout, '.claude-plugin', 'plugin.json')));
  return [
    ...names.flatMap(([name, all]) =>
      all.map(({ version }) => ({ name, version, update: `claude plugin update ${name}` })),
    ),
    ...(own.success ? [{ name: checkout, version: own.data.version, update: `git -C ${checkout} pull` }] : []),
  ];
}

async function json(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
