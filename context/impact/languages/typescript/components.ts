/** Vue, Svelte and Astro: the parts of a component that are code. */

const COMPONENT = /\.(?:vue|svelte|astro)$/;
const SCRIPT = /<script\b([^>]*)>([\s\S]*?)(?:<\/script>|$)/gi;
const FRONT_MATTER = /^\s*---\r?\n([\s\S]*?)\r?\n---/;

export function isComponent(path: string): boolean {
  return COMPONENT.test(path);
}

/** Code that stands for the component: its scripts, and those it loads by `src`. */
export function codeOfComponent(text: string): string {
  const parts = [FRONT_MATTER.exec(text)?.[1] ?? ''];
  for (const [, attributes = '', code = ''] of text.matchAll(SCRIPT)) {
    const src = /\bsrc\s*=\s*["'](\.[^"']+)["']/.exec(attributes)?.[1];
    if (src !== undefined) parts.push(`import ${JSON.stringify(src)}`);
    parts.push(code);
  }
  return parts.join('\n;\n');
}
