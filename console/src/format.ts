/** Milliseconds with about three digits: `0.42 ms`, `3.2 ms`, `128 ms`, `1.24 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 1 : 2)} s`;
  if (ms >= 100) return `${ms.toFixed(0)} ms`;
  if (ms >= 10) return `${ms.toFixed(1)} ms`;
  return `${ms.toFixed(2)} ms`;
}

/** A share from 0 to 1 as `97.4%`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(percent === 0 || percent === 100 ? 0 : 1)}%`;
}

/** A mark on an axis of milliseconds: as few digits as tell it from its neighbours. */
export function formatMsTick(ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toPrecision(3))} s` : `${Number(ms.toPrecision(3))} ms`;
}

/** A mark on an axis of shares. */
export function formatPercentTick(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A mark on an axis of counts and rates. */
export function formatTick(value: number): string {
  return compact.format(value);
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A count in little room: `999`, `1.2K`, `3.4M`. */
export function formatCount(count: number): string {
  return compact.format(count);
}

/** A rate or a mean: one digit after the point while it is small. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  return value < 100 ? value.toFixed(value < 1 ? 2 : 1) : formatCount(value);
}

/** Label of a class as people write it: `card_arrival` → `card arrival`. */
export function formatLabel(label: string): string {
  return label.replaceAll('_', ' ');
}

/** Shape of a tensor: `FP32 [n, 8, 8]`. */
export function formatSpec({
  datatype,
  shape,
}: {
  readonly datatype: string;
  readonly shape: readonly (number | null)[];
}): string {
  return `${datatype} [${shape.map((size) => size ?? 'n').join(', ')}]`;
}
