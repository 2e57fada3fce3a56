import { checkCounts } from './check-counts.ts';

/**
 * C1 (Lorena et al. 2019): `1 + sum p_c ln p_c / ln K`, 0 if balanced, 1 if all rows are in one class. 0 with one class.
 * Throws `bad-counts`.
 */
export function classEntropyImbalance(counts: ArrayLike<number>): number {
  const { values, rows } = checkCounts(counts);
  if (values.length < 2) return 0;
  const sum = values.reduce((total, count) => total + (count > 0 ? (count / rows) * Math.log(count / rows) : 0), 0);
  return Math.min(1, Math.max(0, 1 + sum / Math.log(values.length)));
}

/**
 * C2 (Lorena et al. 2019): `1 - 1 / IR` with the imbalance ratio of several classes `IR = (K - 1) / K sum n_c / (N - n_c)`,
 * 0 if balanced, 1 if all rows are in one class. 0 with one class. (problexity has 1/2 for (K - 1) / K whatever K is.)
 * Throws `bad-counts`.
 */
export function classRatioImbalance(counts: ArrayLike<number>): number {
  const { values, rows } = checkCounts(counts);
  const classes = values.length;
  if (classes < 2) return 0;
  if (values.includes(rows)) return 1;
  const ratio = ((classes - 1) / classes) * values.reduce((sum, count) => sum + count / (rows - count), 0);
  return Math.max(0, 1 - 1 / ratio);
}
