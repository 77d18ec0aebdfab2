/** Paths of tools, which are absolute or not, as paths of the checkout that they ran in. */
import { isAbsolute, relative, sep } from 'node:path';

/** Repository-relative path with forward slashes; paths outside of the checkout stay as they are. */
export function relativeTo(checkout: string, path: string): string {
  const plain = path.startsWith('file://') ? decodeURIComponent(path.slice('file://'.length)) : path;
  if (!isAbsolute(plain)) return plain.replace(/^\.\//, '');
  const inside = relative(checkout, plain);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? plain : inside.split(sep).join('/');
}
