import { CounterweightError } from '../runtime/errors.ts';
import { checkCounts } from './check-counts.ts';

/**
 * Effective number of rows of each class (Cui et al. 2019): `(1 - beta^n) / (1 - beta)`, the volume that n rows cover if each
 * covers 1 of `1 / (1 - beta)`. By default beta = (N - 1) / N. beta 0 gives 1 for every class that has rows.
 * Throws `bad-counts`, and `bad-option` unless 0 <= beta < 1.
 */
export function effectiveNumber(counts: ArrayLike<number>, beta?: number): Float64Array {
  const { values, rows } = checkCounts(counts);
  const chosen = beta ?? (rows - 1) / rows;
  if (!(chosen >= 0 && chosen < 1)) {
    throw new CounterweightError('bad-option', `beta must be at least 0 and below 1, got ${chosen}`);
  }
  if (chosen === 0) return Float64Array.from(values, (count) => Math.min(count, 1));
  // 1 - beta^n loses its digits near beta = 1; expm1 does not.
  const logBeta = beta === undefined ? Math.log1p(-1 / rows) : Math.log(chosen);
  const gap = beta === undefined ? 1 / rows : 1 - chosen;
  return Float64Array.from(values, (count) => -Math.expm1(count * logBeta) / gap);
}

/** Effective number of classes, `exp(-sum p_c ln p_c)`: K if balanced, 1 if all rows are in one class. Throws `bad-counts`. */
export function effectiveClasses(counts: ArrayLike<number>): number {
  const { values, rows } = checkCounts(counts);
  return Math.exp(-values.reduce((sum, count) => sum + (count > 0 ? (count / rows) * Math.log(count / rows) : 0), 0));
}
