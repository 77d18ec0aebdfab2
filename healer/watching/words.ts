/** Figures as people read them. */

/** `0.0123` → `1.23 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

export function amount(unit: string): (value: number) => string {
  return (value) => `${Number(value.toFixed(value < 10 ? 2 : 0))} ${unit}`;
}
