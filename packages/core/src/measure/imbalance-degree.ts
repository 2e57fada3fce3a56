import { CounterweightError } from '../runtime/errors.ts';
import { checkCounts } from './check-counts.ts';
import { type ShareDistance, shareDistance, shareDistances } from './class-distances.ts';

/**
 * Imbalance degree (Ortigosa-Hernández, Inza, Lozano 2017): with K classes of which m are rarer than 1/K,
 * `d(p, e) / d(i_m, e) + m - 1`, where e is the even distribution and i_m the one farthest from it that has m such classes
 * (m zeros, K - m - 1 shares of 1/K, the rest in one class). 0 if balanced, at most K - 1.
 *
 * `counts` are rows a class; K is their number, classes without rows included. Whether a class is rarer than 1/K is judged
 * on the counts and not on the rounded shares. Throws `bad-counts`, and `bad-option` for an unknown distance.
 */
export function imbalanceDegree(counts: ArrayLike<number>, distance: ShareDistance = 'euclidean'): number {
  if (!shareDistances.includes(distance)) {
    throw new CounterweightError('bad-option', `distance must be one of ${shareDistances.join(', ')}`);
  }
  const { rows, values } = checkCounts(counts);
  const classes = values.length;
  const rare = values.filter((count) => count * classes < rows).length;
  if (rare === 0) return 0;
  const even = values.map(() => 1 / classes);
  const shares = values.map((count) => (count * classes === rows ? 1 / classes : count / rows));
  const farthest = values.map((_, i) => {
    if (i < rare) return 0;
    return i < classes - 1 ? 1 / classes : (rare + 1) / classes;
  });
  return shareDistance(distance, shares, even) / shareDistance(distance, farthest, even) + rare - 1;
}
