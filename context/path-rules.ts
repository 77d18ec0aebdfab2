/** Globs over repository-relative paths, the same way everywhere: dot files match, case counts, `/` separates. */
import picomatch from 'picomatch';

const compiled = new Map<string, (path: string) => boolean>();

function matcher(glob: string): (path: string) => boolean {
  const known = compiled.get(glob);
  if (known) return known;
  // A folder written with its slash means what is in it. `!` has no meaning: a list only ever adds.
  const pattern = glob.endsWith('/') ? `${glob}**` : glob;
  const wanted = pattern.replace(/^\.\//, '');
  const whole = picomatch(wanted, { dot: true, nonegate: true, windows: false });
  // Most paths are told apart by what stands before the first sign.
  const start = /^[^*?[\]{}()!+@\\|]*/.exec(wanted)?.[0].replace(/\/?$/, '') ?? '';
  const made = (path: string) => path.startsWith(start) && whole(path);
  compiled.set(glob, made);
  return made;
}

/** True when one of the globs matches. A path also matches itself, so that `app/[id]/page.tsx` needs no escaping. */
export function matches(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => glob === path || matcher(glob)(path));
}
