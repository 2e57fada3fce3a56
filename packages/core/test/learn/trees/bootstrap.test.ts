import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/index.ts';
import { randomForest } from '../../../src/learn/trees/index.ts';

/**
 * How often each row was drawn, one bootstrap a tree: rows of as many classes as there are rows end in leaves of their own.
 * A row that was not drawn counts 1, since a class that the draws missed gets a row.
 */
async function drawnCounts(weights: readonly number[], trees: number, seed = 0): Promise<number[][]> {
  const rows = weights.length;
  const at = Float64Array.from({ length: rows }, (_, i) => i);
  const model = await randomForest({ nEstimators: trees, seed }).fit({
    X: matrix(at, rows, 1),
    y: { classes: Array.from(at, (i) => `c${i}`), codes: Int32Array.from(at) },
    weights: Float64Array.from(weights),
  });
  return model.trees.map((tree) => {
    const counts = new Array<number>(rows).fill(0);
    tree.feature.forEach((feature, node) => {
      const own = feature < 0 ? tree.value.subarray(node * rows, (node + 1) * rows).indexOf(1) : -1;
      if (own >= 0) counts[own] = tree.cover[node]!;
    });
    return counts;
  });
}

const logFactorials = (n: number) => {
  const logs = [0];
  for (let k = 1; k <= n; k++) logs.push(logs[k - 1]! + Math.log(k));
  return logs;
};

describe('bootstraps of large whole weights', () => {
  it('draw as many rows as the weights sum up to', async () => {
    for (const counts of await drawnCounts([30000, 50000, 20000, 1, 400], 20)) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      // A class that was missed adds one.
      expect([100401, 100402]).toContain(total);
    }
  });

  it('have the means, variances and covariances of a multinomial draw', async () => {
    const weights = [30000, 50000, 20000, 40, 400, 3000000];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const draws = await drawnCounts(weights, 3000);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (let i = 0; i < weights.length; i++) {
      const p = weights[i]! / total;
      const variance = total * p * (1 - p);
      const own = draws.map((counts) => counts[i]! - weights[i]!);
      expect(Math.abs(mean(own))).toBeLessThan(4.5 * Math.sqrt(variance / draws.length));
      expect(Math.abs(mean(own.map((gap) => gap * gap)) / variance - 1)).toBeLessThan(0.13);
      for (let j = 0; j < i; j++) {
        const expected = (-weights[i]! * weights[j]!) / total;
        const found = mean(draws.map((counts, t) => own[t]! * (counts[j]! - weights[j]!)));
        const error = Math.sqrt((weights[i]! * weights[j]!) / draws.length);
        expect(Math.abs(found - expected)).toBeLessThan(4.5 * error);
      }
    }
  });

  it.each([3, 12, 40])('draw a row of weight %d with the binomial probabilities', async (weight) => {
    const total = 80000;
    const trees = 6000;
    const p = weight / total;
    const found = new Map<number, number>();
    for (const [, count] of await drawnCounts([total - weight, weight], trees)) {
      found.set(count!, (found.get(count!) ?? 0) + 1);
    }
    const logs = logFactorials(total);
    let cells = 0;
    let chiSquare = 0;
    let [expected, seen] = [0, 0];
    for (let k = 0; k <= 200; k++) {
      const chance = logs[total]! - logs[k]! - logs[total - k]! + k * Math.log(p) + (total - k) * Math.log1p(-p);
      expected += trees * Math.exp(chance);
      seen += found.get(k) ?? 0;
      // A row that was missed counts as one drawn once.
      if (expected < 20 || k === 0) continue;
      chiSquare += (seen - expected) ** 2 / expected;
      cells++;
      [expected, seen] = [0, 0];
    }
    // Wilson and Hilferty: the cube root of chi-square over its degrees of freedom is nearly normal.
    const freedom = cells - 1;
    const z = (Math.cbrt(chiSquare / freedom) - 1 + 2 / (9 * freedom)) / Math.sqrt(2 / (9 * freedom));
    expect(z).toBeLessThan(3.5);
  });

  it('take no longer for larger weights', async () => {
    const begin = performance.now();
    const counts = await drawnCounts([2e9, 1e9, 1e9], 50);
    expect(counts).toHaveLength(50);
    // Four thousand million draws a tree would take minutes.
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
