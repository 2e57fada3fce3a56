import { averagePrecisionOfRanked } from './average-precision.ts';
import type { OneVsRestOptions } from './multi-class-roc-auc.ts';
import { averageOverClasses, type ClassScoredRows } from './one-vs-rest.ts';

/**
 * Average precision of each class against the rest, averaged over the classes that have rows. Throws as `rankScores`, and
 * `bad-labels`.
 */
export function averagePrecisionOneVsRest(rows: ClassScoredRows & OneVsRestOptions): number {
  return averageOverClasses(rows, rows.average ?? 'macro', (ranked) => averagePrecisionOfRanked(ranked), rows);
}
