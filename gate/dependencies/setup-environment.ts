/** The environment of commands that install dependencies: they read the user's own settings of package managers. */
import { homedir, tmpdir } from 'node:os';

const KEPT = [
  'PATH',
  'HOME',
  'LANG',
  'SHELL',
  'USER',
  'http_proxy',
  'https_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
];

export function setupEnvironment(): Record<string, string> {
  const own = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { HOME: homedir(), TMPDIR: tmpdir(), CI: '1', ...Object.fromEntries(own) };
}
