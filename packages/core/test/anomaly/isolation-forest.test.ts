import { describe, expect, it } from 'vitest';
import { isolationForest, isolationForestFromJSON } from '../../src/anomaly/isolation-forest.ts';
import { averagePathLength } from '../../src/anomaly/isolation-trees.ts';
import { correlation, dense, golden, goldenFresh, goldenRows, heap, largestGap } from './helpers.ts';

interface PeerTree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
  readonly size: number[];
}

/** Children side by side, parents first. */
function renumbered(tree: PeerTree) {
  const order = [0];
  const left: number[] = [];
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!;
    left.push(tree.left[node]! < 0 ? -1 : order.length);
    if (tree.left[node]! >= 0) order.push(tree.left[node]!, tree.right[node]!);
  }
  const isLeaf = (node: number) => tree.left[node]! < 0;
  return {
    features: order.map((node) => (isLeaf(node) ? -1 : tree.feature[node]!)),
    thresholds: order.map((node) => (isLeaf(node) ? 0 : tree.threshold[node]!)),
    left,
    sizes: order.map((node) => (isLeaf(node) ? tree.size[node]! : 0)),
  };
}

const model = (trees: readonly object[], sample: number, columns: number) =>
  isolationForestFromJSON({ kind: 'isolation-forest', columns, sample, trees, notices: [] });

describe('averagePathLength', () => {
  it('is 0 for one row, 1 for two, and follows the harmonic numbers from three on', () => {
    expect([0, 1, 2].map(averagePathLength)).toEqual([0, 0, 1]);
    expect(averagePathLength(3)).toBeCloseTo(1.2073923576, 10);
    expect(averagePathLength(10)).toBeCloseTo(3.7488804845, 9);
    expect(averagePathLength(256)).toBeCloseTo(10.2447709201, 9);
  });
});

describe('isolation forest', () => {
  it('scores by hand-made trees as the formula says', async () => {
    // The right leaf holds 3 rows of a sample of 4: 1 + c(3). The left one holds one row: path length 1.
    const tree = { features: [0, -1, -1], thresholds: [2, 0, 0], left: [1, -1, -1], sizes: [0, 1, 3] };
    const scores = await model([tree], 4, 1).score(dense([2, 2.0000001, -50], 1));
    const c = (n: number) => 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
    expect(scores[0]).toBeCloseTo(2 ** (-1 / c(4)), 14);
    expect(scores[1]).toBeCloseTo(2 ** (-(1 + c(3)) / c(4)), 14);
    expect(scores[2]).toBe(scores[0]);
  });

  it('gives a mean path of c(ψ) the score of a half', async () => {
    const scores = await model([{ features: [-1], thresholds: [0], left: [-1], sizes: [64] }], 64, 1).score(
      dense([1], 1),
    );
    expect(scores[0]).toBeCloseTo(0.5, 14);
  });

  it('scores by trees of scikit-learn as scikit-learn does', async () => {
    const { trees, sample, scores } = golden.forest;
    const found = await model(trees.map(renumbered), sample, 4).score(goldenFresh);
    expect(largestGap(found, scores)).toBeLessThan(1e-14);
  });

  it('grows forests whose scores spread as those of scikit-learn', async () => {
    const mean = new Float64Array(goldenRows.rows);
    for (let seed = 0; seed < 10; seed++) {
      const scores = await (await isolationForest({ seed }).fit(goldenRows)).score(goldenRows);
      for (let i = 0; i < mean.length; i++) mean[i]! += scores[i]! / 10;
    }
    const theirs: number[] = golden.forest.meanOfTenForests;
    expect(correlation(mean, theirs)).toBeGreaterThan(0.997);
    const bias = mean.reduce((sum, score, i) => sum + score - theirs[i]!, 0) / mean.length;
    expect(Math.abs(bias)).toBeLessThan(0.003);
    expect(largestGap(mean, theirs)).toBeLessThan(0.025);
  });

  it('does not care about the order of rows where every tree sees all of them', async () => {
    const X = heap(200, 3, 5);
    const turned = dense([...X.data].reverse(), 3);
    const columnsTurned = dense(
      Array.from({ length: 600 }, (_, at) => turned.data[at - (at % 3) + 2 - (at % 3)]!),
      3,
    );
    const a = await (await isolationForest().fit(X)).score(X);
    const b = await (await isolationForest().fit(columnsTurned)).score(X);
    expect(b).toEqual(a);
  });

  it('isolates a row that stands alone: a sample of two rows splits it off at once', async () => {
    const fitted = await isolationForest({ nEstimators: 3 }).fit(dense([0, 1], 1));
    const scores = await fitted.score(dense([0, 1], 1));
    expect([...scores]).toEqual([0.5, 0.5]); // path 1, c(2) = 1
  });

  it('never cuts a column that does not vary in the node', async () => {
    const X = dense(
      Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 7 : Math.sin(i))),
      2,
    );
    const json = (await isolationForest({ nEstimators: 5 }).fit(X)).toJSON() as unknown as {
      trees: { features: number[] }[];
    };
    expect(json.trees.flatMap((tree) => tree.features).every((feature) => feature !== 0)).toBe(true);
  });

  it('keeps to depth ⌈log2 ψ⌉ and leaves every row of the sample in one leaf', async () => {
    const X = heap(1000, 4, 10);
    const json = (await isolationForest({ nEstimators: 8, maxSamples: 100 }).fit(X)).toJSON() as unknown as {
      trees: { left: number[]; sizes: number[] }[];
    };
    for (const { left, sizes } of json.trees) {
      const depths = [0];
      left.forEach((child, node) => {
        if (child >= 0) depths[child] = depths[child + 1] = depths[node]! + 1;
      });
      expect(Math.max(...depths)).toBeLessThanOrEqual(7);
      expect(sizes.reduce((a, b) => a + b)).toBe(100);
    }
  });

  it('cuts ranges that overflow', async () => {
    const X = dense([-1.7e308, 1.7e308, 0, 1e300, -1e300, 5], 1);
    const scores = await (await isolationForest().fit(X)).score(X);
    expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
  });

  it('says that a sample is smaller than asked, and refuses nonsense', async () => {
    const fitted = await isolationForest({ maxSamples: 500 }).fit(heap(50, 2, 1));
    expect(fitted.notices.map(({ code }) => code)).toEqual(['sample-clamped']);
    expect(() => isolationForest({ maxSamples: 1 })).toThrow(/maxSamples/);
    expect(() => isolationForest({ nEstimators: 0 })).toThrow(/nEstimators/);
    expect(() => isolationForest({ contamination: 0.1 } as object)).toThrow(/no option/);
    expect(() => isolationForest({ seed: -1 })).toThrow(/seed/);
  });

  it('refuses models that are not trees', () => {
    const tree = { features: [0, -1, -1], thresholds: [2, 0, 0], left: [1, -1, -1], sizes: [0, 1, 3] };
    expect(() => model([{ ...tree, left: [0, -1, -1] }], 4, 1)).toThrow(/left/);
    expect(() => model([{ ...tree, left: [2, -1, -1] }], 4, 1)).toThrow(/left/);
    expect(() => model([{ ...tree, features: [1, -1, -1] }], 4, 1)).toThrow(/features/);
    expect(() => model([{ ...tree, sizes: [0, -1, 3] }], 4, 1)).toThrow(/sizes/);
    expect(() => model([], 4, 1)).toThrow(/trees/);
  });
});
