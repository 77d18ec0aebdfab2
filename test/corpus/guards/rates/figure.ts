/** A share, as published. */
export interface Figure {
  count: number;
  of: number;
}

export function percent({ count, of }: Figure): number {
  return of === 0 ? 0 : (100 * count) / of;
}

/** `2.3 % (2 of 87)`. */
export function shown(figure: Figure): string {
  if (figure.of === 0) return 'none measured';
  return `${percent(figure).toFixed(1)} % (${figure.count} of ${figure.of})`;
}

export function none(): Figure {
  return { count: 0, of: 0 };
}
