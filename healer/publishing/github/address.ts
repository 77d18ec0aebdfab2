/** Which repository on which host a git remote's address names, in any of git's spellings. Pure. */

export interface RemoteAddress {
  /** Lower case; with `:port` only where an http(s) address names one. GitHub's own aliases are resolved. */
  host: string;
  owner: string;
  /** Without `.git`. */
  name: string;
}

const URL_FORM = /^(https?|ssh|git|git\+ssh|ssh\+git):\/\/(?:[^@/\s]*@)?([\w.-]+)(?::(\d{1,5}))?\/(\S*)$/i;
/** `git@host:owner/name`; a port goes into brackets: `[git@host:22]:owner/name`. */
const SCP_FORM = /^(?:[\w.-]+@)?([\w.-]{2,})(?::(?!\/\/))(\S*)$/;
const BRACKETED = /^\[(?:[\w.-]+@)?([\w.-]+)(?::\d{1,5})?\]:(\S*)$/;
const PATH = /^\/*([\w-]+)\/([\w.-]+?)(?:\.git)?\/*$/;

/** Other names of the same place: `ssh.github.com` takes SSH on port 443. */
const ALIASES: Record<string, string> = { 'www.github.com': 'github.com', 'ssh.github.com': 'github.com' };

/** Undefined for anything that is not `<host>/<owner>/<name>`: paths, bundles, deeper groups. */
export function parseAddress(address: string): RemoteAddress | undefined {
  const found = hostAndPath(address.trim());
  const path = found === undefined ? null : PATH.exec(found.path);
  const [, owner, name] = path ?? [];
  if (found === undefined || owner === undefined || name === undefined || /^\.+$/.test(name)) return undefined;
  const host = found.host.toLowerCase();
  return { host: ALIASES[host] ?? host, owner, name };
}

function hostAndPath(address: string): { host: string; path: string } | undefined {
  const [, scheme = '', urlHost, port, urlPath] = URL_FORM.exec(address) ?? [];
  if (urlHost !== undefined && urlPath !== undefined) {
    const web = /^https?$/i.test(scheme) && port !== undefined && port !== '443' && port !== '80';
    return { host: web ? `${urlHost}:${port}` : urlHost, path: urlPath };
  }
  const [, host, path] = BRACKETED.exec(address) ?? SCP_FORM.exec(address) ?? [];
  return host === undefined || path === undefined ? undefined : { host, path };
}
