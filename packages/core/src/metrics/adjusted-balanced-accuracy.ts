import { balancedAccuracy } from './agreement.ts';
import { type Confusion, margins } from './confusion.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/**
 * Balanced accuracy on a scale where chance is 0 and perfection 1: (s - 1/K) / (1 - 1/K), K being the number of classes
 * that have rows. Undefined for fewer than two of them.
 */
export function adjustedBalancedAccuracy(confusion: Confusion, options?: UndefinedOption): number {
  const present = margins(confusion).truth.reduce((count, weight) => count + Number(weight > 0), 0);
  if (present < 2) return undefinedValue(options);
  return (balancedAccuracy(confusion) - 1 / present) / (1 - 1 / present);
}
