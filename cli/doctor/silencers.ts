/** What in the client's settings keeps our hooks or the plugin itself from working, each with its file and what lifts it. */
import {
  type ClientSettings,
  isOurs,
  type SettingsFile,
  type SettingsSource,
  SILENCING_VARIABLES,
} from './client-settings.ts';

export interface Silencer {
  file: string;
  source: SettingsSource;
  what: string;
  fix: string;
  /** Our hooks cannot fire while it stands; otherwise it only hinders. */
  silences: boolean;
}

export function silencers(files: readonly SettingsFile[]): Silencer[] {
  const ours = (settings: ClientSettings, as: boolean) =>
    Object.entries(settings.enabledPlugins ?? {}).find(([name, on]) => isOurs(name) && on === as)?.[0];
  const policies = files.filter(({ source }) => source === 'policy');
  const isManaged = policies.some(({ settings }) => ours(settings, true) !== undefined);
  return files.flatMap(({ file, source, settings }) => {
    const found: Silencer[] = [];
    const add = (what: string, fix: string, silences = true) => found.push({ file, source, what, fix, silences });
    const whose = source === 'policy' ? 'Ask whoever manages this machine to' : 'To lift it,';
    if (settings.disableAllHooks) {
      const where = source === 'project' ? 'every session in this repository' : 'every session';
      add(`disableAllHooks turns all hooks off in ${where}`, `${whose} remove "disableAllHooks" from ${file}.`);
    }
    const off = ours(settings, false);
    if (off !== undefined)
      add(`enabledPlugins turns ${off} off`, `${whose} set it to true in ${file}.`, source === 'policy');
    for (const name of SILENCING_VARIABLES) {
      if (isOn(settings.env?.[name]))
        add(`env sets ${name}, which turns plugins off`, `${whose} remove it from ${file}.`);
    }
    if (source !== 'policy') return found;
    if (settings.allowManagedHooksOnly)
      add(
        isManaged
          ? 'allowManagedHooksOnly: sessions have the hooks of the plugin that the policy enables, but runs of heal bring their own'
          : 'allowManagedHooksOnly lets no hooks fire but those of the policy and of plugins that it enables',
        `${whose} remove "allowManagedHooksOnly" from ${file}${isManaged ? '' : ', or, for sessions, to enable self-healing in its enabledPlugins'}.`,
      );
    if (settings.strictKnownMarketplaces)
      add(
        `strictKnownMarketplaces allows ${settings.strictKnownMarketplaces.length} marketplaces only`,
        `Where self-healing cannot be installed from its marketplace, have it added to ${file}.`,
        false,
      );
    return found;
  });
}

function isOn(value: unknown): boolean {
  return typeof value === 'string' && /^(?:1|true|yes|on)$/i.test(value);
}
