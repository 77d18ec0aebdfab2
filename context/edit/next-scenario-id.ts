/** `S001`, or the number after the highest one that is used. */
export function nextScenarioId({ scenarios }: { scenarios: readonly { id: string }[] }): string {
  const numbers = scenarios.flatMap(({ id }) => (/^S\d{1,9}$/.test(id) ? [Number(id.slice(1))] : []));
  return `S${String(Math.max(0, ...numbers) + 1).padStart(3, '0')}`;
}
