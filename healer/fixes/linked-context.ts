/** What the agent is told of the incidents that wait for this one: names and rules, no words of the errors themselves. */
import { linksTo } from '../../store/links.ts';
import type { Database } from '../../store/sqlite.ts';

/** A cascade may have hundreds. */
const MOST = 20;

/** Empty when there are none. */
export function linkedContext(db: Database, incident: string): string {
  const links = linksTo(db, incident);
  if (links.length === 0) return '';
  const more = links.length > MOST ? [`- and ${links.length - MOST} more`] : [];
  return [
    '',
    '',
    'Other incidents wait for this one, because it probably explains them (a guess by fixed rules, not a proof):',
    ...links.slice(0, MOST).map(({ incident: other, why }) => `- ${other}: ${why}`),
    ...more,
  ].join('\n');
}
