import type { RankedScores } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** Corners (false positives, true positives) of the upper convex hull of the ROC curve, from (0, 0) on. */
export function rocHull({ truePositives, falsePositives }: RankedScores): [number, number][] {
  const hull: [number, number][] = [[0, 0]];
  for (let group = 0; group < truePositives.length; group++) {
    const x = falsePositives[group]!;
    const y = truePositives[group]!;
    while (hull.length > 1) {
      const [x2, y2] = hull[hull.length - 1]!;
      const [x1, y1] = hull[hull.length - 2]!;
      if ((x2 - x1) * (y - y1) < (y2 - y1) * (x - x1)) break;
      hull.pop();
    }
    hull.push([x, y]);
  }
  return hull;
}

/**
 * Area under the upper convex hull of the ROC curve, what the scores could reach by the best monotone thresholds and
 * lotteries between them; at least 0.5. Undefined where a class has no rows.
 */
export function rocHullAreaOfRanked(ranked: RankedScores, options?: UndefinedOption): number {
  const { positives, negatives } = ranked;
  if (positives === 0 || negatives === 0) return undefinedValue(options);
  const hull = rocHull(ranked);
  let doubled = 0;
  for (let i = 1; i < hull.length; i++) {
    doubled += (hull[i]![0] - hull[i - 1]![0]) * (hull[i]![1] + hull[i - 1]![1]);
  }
  return doubled / 2 / positives / negatives;
}
