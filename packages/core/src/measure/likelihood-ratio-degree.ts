import { checkCounts } from './check-counts.ts';

/**
 * Likelihood-ratio imbalance degree (Zhu et al. 2018): the G statistic of the class counts against an even distribution,
 * `2 sum n_c ln(K n_c / N)`; 0 if balanced. It grows with the number of rows: divide by N to compare sets of different
 * size. Classes without rows count in K. Throws `bad-counts`.
 */
export function likelihoodRatioDegree(counts: ArrayLike<number>): number {
  const { values, rows } = checkCounts(counts);
  const term = (count: number) => (count > 0 ? count * Math.log(rows / (values.length * count)) : 0);
  // Rounding may leave a balanced set a hair below 0.
  return Math.max(0, -2 * values.reduce((sum, count) => sum + term(count), 0));
}
