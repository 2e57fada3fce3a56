import { decimalsFor } from '../format.ts';

/** Decimals for a column of numbers; what is 0 but for rounding asks for none. */
export function digitsFor(values: readonly (number | null | undefined)[]): number {
  return decimalsFor(values.map((value) => (Math.abs(value ?? 0) < 1e-9 ? 0 : value)));
}
