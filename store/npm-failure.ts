/** What went wrong in an `npm install` of the native part, read from what npm wrote: its exit code is long gone. */

export interface NpmFailure {
  /**
   * `registry`: no package could be reached. `download`: packages could, but neither the prebuilt file nor what is needed
   * to build it. `compiler`: it had to be built here and could not. `other`: npm's own words are all that is known.
   */
  kind: 'registry' | 'download' | 'compiler' | 'other';
  /** The one line of the output that says why. */
  words: string;
}

const UNREACHED = /\b(E(CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT|NETUNREACH|HOSTUNREACH)|ERR_SOCKET_TIMEOUT)\b/;
/** Lines that say nothing by themselves. */
const EMPTY_TALK = /^\s*$|^npm (notice|warn|http)\b|^npm (error|ERR!)\s*($|A complete log|gyp info)/;

/** Undefined when npm was cut off before it could say anything: then nothing is known to be wrong. */
export function readNpmFailure(log: string): NpmFailure | undefined {
  const said = log.split('\n').filter((line) => !EMPTY_TALK.test(line));
  const lines = said.map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  const last = lines.at(-1);
  if (last === undefined) return undefined;
  const request = lines.find((line) => line.includes('failed, reason: '))?.replace(/^.*failed, reason: /, '');
  const unreached = lines.find((line) => UNREACHED.test(line) && line.includes(' '));
  const build = lines.filter((line) => line.startsWith('gyp ERR! ')).map((line) => line.slice(9));
  if (build.length > 0) {
    const offline = build.some((line) => UNREACHED.test(line) || line.includes('related to network connectivity'));
    const cause = (build.find((line) => line.startsWith('stack Error: ')) ?? build[0] ?? '').replace(
      'stack Error: ',
      '',
    );
    return offline ? { kind: 'download', words: unreached ?? cause } : { kind: 'compiler', words: cause };
  }
  const words = request ?? unreached;
  return words === undefined ? { kind: 'other', words: last } : { kind: 'registry', words };
}
