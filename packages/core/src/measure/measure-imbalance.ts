import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { classEntropyImbalance, classRatioImbalance } from './class-balance.ts';
import { type ShareDistance, shareDistances } from './class-distances.ts';
import { effectiveClasses, effectiveNumber } from './effective-number.ts';
import { imbalanceRatio } from './imbalance.ts';
import { imbalanceDegree } from './imbalance-degree.ts';
import { likelihoodRatioDegree } from './likelihood-ratio-degree.ts';

/** How uneven the class counts are, by the measures of the field. All speak of counts alone, none of how hard the task is. */
export interface Imbalance {
  /** Rows of each class, in the order of the classes, with those that have none. */
  readonly counts: readonly number[];
  readonly imbalanceRatio: number;
  readonly imbalanceDegree: Readonly<Record<ShareDistance, number>>;
  readonly likelihoodRatioDegree: number;
  readonly c1: number;
  readonly c2: number;
  /** Of rows, in the order of the classes; beta = (N - 1) / N. */
  readonly effectiveNumber: readonly number[];
  readonly effectiveClasses: number;
}

/** All measures of class counts. Classes without rows are passed over, as they are by `imbalanceRatio`. Throws `no-rows`. */
export function measureImbalance(labels: Labels): Imbalance {
  const all = Array.from(classCounts(labels));
  const counts = all.filter((count) => count > 0);
  if (counts.length === 0) throw new CounterweightError('no-rows', 'there are no rows to measure');
  const degrees = shareDistances.map((distance) => [distance, imbalanceDegree(counts, distance)] as const);
  return Object.freeze({
    counts: Object.freeze(all),
    imbalanceRatio: imbalanceRatio(labels),
    imbalanceDegree: Object.freeze(Object.fromEntries(degrees)) as Record<ShareDistance, number>,
    likelihoodRatioDegree: likelihoodRatioDegree(counts),
    c1: classEntropyImbalance(counts),
    c2: classRatioImbalance(counts),
    effectiveNumber: Object.freeze(Array.from(effectiveNumber(all))),
    effectiveClasses: effectiveClasses(counts),
  });
}
