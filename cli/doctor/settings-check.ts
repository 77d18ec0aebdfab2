/** Whether Claude Code's settings let our hooks fire. It reads; that they really fire is seen by the canary. */
import { type Check, check, ok } from './check.ts';
import type { ClientSettingsRead } from './client-settings.ts';
import { silencers } from './silencers.ts';

export function settingsCheck({ files, problems }: ClientSettingsRead): Promise<Check> {
  return check('settings', async () => {
    const [broken] = problems;
    if (broken !== undefined)
      return {
        status: 'fail',
        detail: `${broken}${more(problems)}`,
        fix: 'Mend the file: the client ignores what it cannot read.',
      };
    const found = silencers(files);
    // `heal` reads the user's settings and the policy, never the project's.
    const worst = found.find(({ silences, source }) => silences && source !== 'project') ?? found[0];
    if (worst === undefined)
      return ok(
        files.length === 0 ? 'no settings of Claude Code' : `none of ${files.length} settings files is in the way`,
      );
    return {
      status: worst.silences && worst.source !== 'project' ? 'fail' : 'warn',
      detail: `${worst.file}: ${worst.what}${more(found)}`,
      fix: found.map(({ fix }) => fix).join(' '),
    };
  });
}

function more(all: readonly unknown[]): string {
  return all.length > 1 ? ` (and ${all.length - 1} more)` : '';
}
