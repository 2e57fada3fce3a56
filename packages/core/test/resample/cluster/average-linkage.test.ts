import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { averageLinkage } from '../../../src/resample/cluster/average-linkage.ts';
import { randomStream } from '../../../src/runtime/random.ts';

/** Joins the two clusters of the least mean distance between members, over and over. */
function byHand(points: readonly number[][], height: number): number[] {
  const apart = (a: number[], b: number[]) => Math.hypot(...a.map((value, j) => value - b[j]!));
  const clusters = points.map((_, i) => [i]);
  for (;;) {
    let best = { mean: Number.POSITIVE_INFINITY, a: -1, b: -1 };
    for (let a = 0; a < clusters.length; a++) {
      for (let b = a + 1; b < clusters.length; b++) {
        const distances = clusters[a]!.flatMap((i) => clusters[b]!.map((j) => apart(points[i]!, points[j]!)));
        const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
        if (mean < best.mean) best = { mean, a, b };
      }
    }
    if (best.a < 0 || best.mean > height) break;
    clusters[best.a]!.push(...clusters.splice(best.b, 1)[0]!);
  }
  const clusterOf = points.map((_, i) => clusters.findIndex((rows) => rows.includes(i)));
  return clusterOf.map((cluster) => [...new Set(clusterOf)].indexOf(cluster));
}

const random = (n: number, columns: number, seed: number) => {
  const stream = randomStream(seed, 'points');
  return Array.from({ length: n }, () => Array.from({ length: columns }, () => stream.normal()));
};

describe('averageLinkage', () => {
  it('joins what joining greedily by the mean distance joins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25 }),
        fc.nat(1000),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (n, seed, height) => {
          const points = random(n, 2, seed);
          expect([...averageLinkage(matrix(Float64Array.from(points.flat()), n, 2), height)]).toEqual(
            byHand(points, height),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('joins duplicates at height 0 and everything at an infinite height', () => {
    const X = matrix(Float64Array.of(1, 2, 1, 5, 2, 1), 6, 1);
    expect([...averageLinkage(X, 0)]).toEqual([0, 1, 0, 2, 1, 0]);
    expect([...averageLinkage(X, Number.POSITIVE_INFINITY)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('counts a row that stands for others as often', () => {
    // Means to 0 and 1 together: of 4 points at 0 and one at 1 the mean distance to 3 is (4 * 3 + 2) / 5 = 2.8.
    const X = matrix(Float64Array.of(0, 1, 3), 3, 1);
    expect([...averageLinkage(X, 2.7, Int32Array.of(4, 1, 1))]).toEqual([0, 0, 1]);
    expect([...averageLinkage(X, 2.7)]).toEqual([0, 0, 0]);
    expect([...averageLinkage(X, 2.81, Int32Array.of(4, 1, 1))]).toEqual([0, 0, 0]);
  });
});
