/**
 * Long series of cases through the real client. Each submission plays a few of each, as far apart as can be; all of them are
 * played where `SERIES=all` asks for it (`npm run test:series`).
 */
export function some<T>(cases: readonly T[], few: number): T[] {
  if (process.env.SERIES === 'all' || cases.length <= few) return [...cases];
  return Array.from({ length: few }, (_, at) => cases[Math.floor((at * cases.length) / few)] as T);
}
