/** Looks for a structural rule: code of one language, whatever its format, and never what only looks like it in a string. */
import { openSearch, type StructuralRule } from '../../context/structure/search.ts';
import type { InvariantResult } from './invariant-check.ts';
import type { Search } from './pattern.ts';

/** The search, or why there can be none now. */
export function structuralSearch(rule: StructuralRule): Search | Extract<InvariantResult, { status: 'cannot_run' }> {
  const opened = openSearch(rule);
  switch (opened.status) {
    case 'invalid':
      return { status: 'cannot_run', message: opened.message };
    case 'not_ready':
      return { status: 'cannot_run', message: opened.message.replace(/\.$/, ''), next: opened.next };
    case 'ready': {
      const { title, covers, find } = opened.search;
      const written = typeof rule.rule === 'string' ? rule.rule : JSON.stringify(rule.rule);
      const [first = '', ...more] = written.trim().split('\n');
      return {
        name: `\`${first.slice(0, 100)}${more.length > 0 || first.length > 100 ? ' …' : ''}\``,
        only: { title, covers },
        find,
      };
    }
    default:
      throw new Error(`unknown search ${JSON.stringify(opened satisfies never)}`);
  }
}
