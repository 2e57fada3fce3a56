import { describe, expect, it } from 'vitest';
import { extendedIsolationForestFromJSON } from '../../src/anomaly/extended-isolation-forest.ts';
import { extendedIsolationForest, isolationForest } from '../../src/anomaly/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { correlation, dense, heap } from './helpers.ts';

interface Tree {
  readonly intercepts: number[];
  readonly normals: number[];
  readonly left: number[];
  readonly sizes: number[];
}

const treesOf = (model: { toJSON(): object }) => (model.toJSON() as { trees: Tree[] }).trees;

describe('extended isolation forest', () => {
  it('scores by a hand-made tree as the formula says, empty sides too', async () => {
    const tree = { intercepts: [1, 0, 0], normals: [1, -2], left: [1, -1, -1], sizes: [0, 0, 4] };
    const model = extendedIsolationForestFromJSON({
      kind: 'extended-isolation-forest',
      columns: 2,
      sample: 4,
      trees: [tree],
      notices: [],
    });
    const c4 = 2 * (Math.log(3) + 0.5772156649015329) - 6 / 4;
    const scores = await model.score(dense([3, 1, 3.001, 1], 2)); // 3 - 2 = 1 goes left
    expect(scores[0]).toBeCloseTo(2 ** (-1 / c4), 14);
    expect(scores[1]).toBeCloseTo(2 ** (-(1 + c4) / c4), 14);
  });

  it.each([1, 3, 4, 7])('scores rows of %i columns by its trees as they are written down', async (columns) => {
    const model = await extendedIsolationForest({ nEstimators: 12 }).fit(heap(200, columns, 5));
    const fresh = heap(23, columns, 3, 9);
    const scores = await model.score(fresh);
    const c = (n: number) =>
      n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
    for (let i = 0; i < 23; i++) {
      let total = 0;
      for (const { intercepts, normals, left, sizes } of treesOf(model)) {
        let node = 0;
        let depth = 0;
        while (left[node]! >= 0) {
          const cut = left.slice(0, node).filter((child) => child >= 0).length;
          let product = 0;
          for (let j = 0; j < columns; j++) product += normals[cut * columns + j]! * fresh.data[i * columns + j]!;
          node = left[node]! + (product > intercepts[node]! ? 1 : 0);
          depth++;
        }
        total += depth + c(sizes[node]!);
      }
      expect(scores[i]).toBeCloseTo(2 ** (-total / 12 / c(200)), 13);
    }
  });

  it('cuts along axes at level 0, as an isolation forest does', async () => {
    const X = heap(500, 3, 10);
    const model = await extendedIsolationForest({ extensionLevel: 0 }).fit(X);
    for (const { normals } of treesOf(model)) {
      for (let at = 0; at < normals.length; at += 3) {
        expect(normals.slice(at, at + 3).filter((slope) => slope !== 0)).toHaveLength(1);
      }
    }
    const plain = await (await isolationForest().fit(X)).score(X);
    expect(correlation(await model.score(X), plain)).toBeGreaterThan(0.98);
  });

  it('combines level + 1 columns, all of them by default', async () => {
    const X = heap(300, 4, 5);
    for (const [level, active] of [
      [2, 3],
      ['full', 4],
    ] as const) {
      const [tree] = treesOf(await extendedIsolationForest({ extensionLevel: level, nEstimators: 1 }).fit(X));
      expect(tree!.normals.slice(0, 4).filter((slope) => slope !== 0)).toHaveLength(active);
    }
  });

  it('leaves none of the bands of low score beside two clusters that axis-parallel cuts leave', async () => {
    // Clusters at (0, 10) and (10, 0): an isolation forest takes (0, 0) and (10, 10) for far more ordinary than they are.
    const stream = randomStream(4);
    const X = dense(
      Array.from({ length: 800 }, (_, i) =>
        i % 2 ? [stream.normal(), 10 + stream.normal()] : [10 + stream.normal(), stream.normal()],
      ).flat(),
      2,
    );
    const ghosts = dense([0, 0, 10, 10, 0, 10, 10, 0], 2);
    const apart = (scores: Float64Array) => scores[0]! + scores[1]! - scores[2]! - scores[3]!;
    const plain = apart(await (await isolationForest().fit(X)).score(ghosts));
    const extended = apart(await (await extendedIsolationForest().fit(X)).score(ghosts));
    expect(extended).toBeGreaterThan(1.3 * plain);
  });

  it('has every row of the sample in one leaf and keeps to depth ⌈log2 ψ⌉', async () => {
    for (const { left, sizes } of treesOf(await extendedIsolationForest({ maxSamples: 64 }).fit(heap(300, 3, 5)))) {
      const depths = [0];
      left.forEach((child, node) => {
        if (child >= 0) depths[child] = depths[child + 1] = depths[node]! + 1;
      });
      expect(Math.max(...depths)).toBeLessThanOrEqual(6);
      expect(sizes.reduce((a, b) => a + b)).toBe(64);
    }
  });

  it('lowers a level that the columns do not allow, and says so', async () => {
    const model = await extendedIsolationForest({ extensionLevel: 5 }).fit(heap(300, 2, 5));
    expect(model.notices.map(({ code, numbers }) => [code, numbers])).toEqual([
      ['extension-clamped', { asked: 5, level: 1 }],
    ]);
    expect(() => extendedIsolationForest({ extensionLevel: -1 })).toThrow(/extensionLevel/);
  });
});
