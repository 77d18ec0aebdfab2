/**
 * The environment of every check: a short list of our own, then what people committed in `tests.env`. Nothing of the
 * caller's environment reaches a check but PATH and LANG, so that no token, NODE_OPTIONS or npm setting takes part.
 */

export interface EnvironmentFolders {
  /** Stands in for the home folder: empty, temporary. */
  home: string;
  /** TMPDIR. */
  temp: string;
}

/** Keep tools from asking anybody anything, from updating themselves, and from writing compiled files. */
export const UNATTENDED: Record<string, string> = {
  CI: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
  SSH_ASKPASS: '/bin/false',
  GIT_EDITOR: 'true',
  GIT_PAGER: 'cat',
  npm_config_yes: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  PIP_NO_INPUT: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  // A compiled file is taken for current when size and whole second agree: trees switch faster than that.
  PYTHONDONTWRITEBYTECODE: '1',
};

export function checkEnvironment(
  folders: EnvironmentFolders,
  declared: Record<string, string>,
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: process.env.LANG ?? 'C.UTF-8',
    HOME: folders.home,
    TMPDIR: folders.temp,
    ...UNATTENDED,
    ...declared,
  };
}
