/**
 * Numbers as people read them, one rule for the page and one for the terminal: a column of numbers has one count of decimals,
 * large counts are grouped, shares are percentages that never round to a false 0 or 100, and what does not exist says so.
 */

export const NOT_DEFINED = 'not defined';

/** Anything with a value and an interval. */
export interface Interval {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface NumberFormat {
  /** Whole number with grouped thousands. */
  count(value: number | null): string;
  /** Fixed decimals (3 unless given), grouped thousands. */
  number(value: number | null, decimals?: number): string;
  /** The same with a plus sign where positive. */
  signed(value: number | null, decimals?: number): string;
  /** `[low, high]`, or an empty string where there is no interval. */
  interval(estimate: Interval, decimals?: number): string;
  /** A share in 0 to 1 as a percentage of two or three significant digits. */
  percent(share: number | null): string;
  /** A probability or threshold: three decimals, and three significant digits where it is close to 0 or 1. */
  probability(value: number | null): string;
  /** `p < 0.001` or three decimals, without the `p`. */
  pValue(value: number | null): string;
}

/** Builds the formats on the separators of the medium: narrow no-break spaces on the page, plain ASCII in a terminal. */
function numberFormat(options: {
  thousands: string;
  beforePercent: string;
  minus: string;
  /** Space inside an interval. */
  space: string;
}): NumberFormat {
  const { thousands, beforePercent, minus, space } = options;

  const fixed = (value: number, decimals: number): string => {
    const text = Math.abs(value).toFixed(decimals);
    const [whole = '0', fraction] = text.split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands);
    const sign = value < 0 && Number(text) !== 0 ? minus : '';
    return sign + grouped + (fraction === undefined ? '' : `.${fraction}`);
  };
  const defined = (value: number | null): value is number => value !== null && Number.isFinite(value);
  const number = (value: number | null, decimals = 3) => (defined(value) ? fixed(value, decimals) : NOT_DEFINED);

  return Object.freeze({
    number,
    count: (value: number | null) => number(value, 0),
    signed: (value: number | null, decimals = 3) => {
      const text = number(value, decimals);
      return defined(value) && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
    },
    interval: ({ low, high }: Interval, decimals = 3) =>
      defined(low) || defined(high)
        ? `[${defined(low) ? fixed(low, decimals) : 'open'},${space}${defined(high) ? fixed(high, decimals) : 'open'}]`
        : '',
    percent: (share: number | null) => {
      if (!defined(share)) return NOT_DEFINED;
      return `${fixed(share * 100, percentDecimals(share * 100))}${beforePercent}%`;
    },
    probability: (value: number | null) => (defined(value) ? fixed(value, probabilityDecimals(value)) : NOT_DEFINED),
    pValue: (value: number | null) => (defined(value) ? (value < 0.001 ? '< 0.001' : fixed(value, 3)) : NOT_DEFINED),
  });
}

/** One decimal, two significant digits below 1 %, and as many above 99 % as keep 99.97 % from being shown as 100 %. */
function percentDecimals(percent: number): number {
  const distance = Math.min(Math.abs(percent), Math.abs(100 - percent));
  if (distance === 0) return 0;
  if (distance >= 1) return 1;
  return Math.min(8, (percent > 50 ? 0 : 1) - Math.floor(Math.log10(distance)));
}

function probabilityDecimals(value: number): number {
  const distance = Math.min(Math.abs(value), Math.abs(1 - value));
  if (distance === 0) return value === 0 ? 0 : 3;
  return Math.max(3, Math.min(9, 2 - Math.floor(Math.log10(distance))));
}

/**
 * Decimals for a column of numbers: three, or as many as leave three significant digits to the largest of them where all are small
 * (a Brier score of 0.00074), or none where they are large (costs).
 */
export function decimalsFor(values: readonly (number | null | undefined)[]): number {
  let largest = 0;
  for (const value of values) {
    if (value !== null && value !== undefined && Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0) return 3;
  if (largest >= 1000) return 0;
  if (largest >= 10) return 1;
  return Math.max(3, Math.min(8, 2 - Math.floor(Math.log10(largest))));
}

/** Decimals for differences of a metric: enough to see them, at most one more than the metric itself is shown with. */
export function differenceDecimals(
  metric: readonly (number | null | undefined)[],
  differences: readonly (number | null | undefined)[],
): number {
  const own = decimalsFor(metric);
  return Math.min(own + 1, Math.max(own, decimalsFor(differences) - 1));
}

/** A share as `n of base`: base 100, or more where fewer than 3 in 100 would be. */
export function outOf(share: number): { readonly n: number; readonly base: number } {
  let base = 100;
  while (share > 0 && share * base < 2.5 && base < 1_000_000) base *= 10;
  return { n: Math.round(share * base), base };
}

export const pageFormat: NumberFormat = numberFormat({
  thousands: '\u202f',
  beforePercent: '\u202f',
  minus: '\u2212',
  space: '\u00a0',
});
export const terminalFormat: NumberFormat = numberFormat({
  thousands: ',',
  beforePercent: ' ',
  minus: '-',
  space: ' ',
});
