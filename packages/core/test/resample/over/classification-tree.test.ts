import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { classificationTree } from '../../../src/resample/over/classification-tree.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { rowAt } from '../data.ts';

interface Labelled {
  readonly x: number[];
  readonly code: number;
}

const gini = (rows: readonly Labelled[]) => {
  const counts = new Map<number, number>();
  for (const { code } of rows) counts.set(code, (counts.get(code) ?? 0) + 1);
  return 1 - [...counts.values()].reduce((sum, count) => sum + (count / rows.length) ** 2, 0);
};

/** Tries every split of every column, recursively. */
function treeByHand(rows: readonly Labelled[]): (x: readonly number[]) => number {
  const counts = new Map<number, number>();
  for (const { code } of rows) counts.set(code, (counts.get(code) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const leaf = () => Math.min(...[...counts.keys()].filter((code) => counts.get(code) === most));
  if (counts.size === 1) return leaf;
  const splits = rows[0]!.x.flatMap((_, column) => {
    const values = [...new Set(rows.map(({ x }) => x[column]!))].sort((a, b) => a - b);
    return values.slice(1).flatMap((high, i) => {
      const low = values[i]!;
      const left = rows.filter(({ x }) => x[column]! <= low);
      const right = rows.filter(({ x }) => x[column]! > low);
      if (left.length < 2 || right.length < 2) return [];
      const impurity = (left.length * gini(left) + right.length * gini(right)) / rows.length;
      return [
        { column, at: (low + high) / 2, impurity, width: (high - low) / (values.at(-1)! - values[0]!), left, right },
      ];
    });
  });
  const better = splits.filter(({ impurity }) => impurity < gini(rows) - 1e-12);
  if (better.length === 0) return leaf;
  const least = Math.min(...better.map(({ impurity }) => impurity));
  const best = better
    .filter(({ impurity }) => impurity < least + 1e-12)
    .reduce((a, b) => (b.width > a.width + 1e-12 ? b : a));
  const [left, right] = [treeByHand(best.left), treeByHand(best.right)];
  return (x) => (x[best.column]! <= best.at ? left(x) : right(x));
}

describe('classificationTree', () => {
  it('splits where trying every split says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(5000), fc.integer({ min: 2, max: 3 }), (n, seed, classes) => {
        const stream = randomStream(seed, 'tree');
        const rows = Array.from({ length: n }, () => {
          const x = [stream.normal(), stream.normal(), Math.round(2 * stream.normal())];
          return { x, code: stream.uniform() < 0.3 ? stream.integer(classes) : x[0]! + x[2]! > 0 ? 1 : 0 };
        });
        const X = matrix(Float64Array.from(rows.flatMap(({ x }) => x)), n, 3);
        const tree = classificationTree(
          X,
          Int32Array.from(rows, ({ code }) => code),
          classes,
        );
        const byHand = treeByHand(rows);
        const asked = Array.from({ length: 60 }, () => [stream.normal(), stream.normal(), 2 * stream.normal()]);
        const A = matrix(Float64Array.from(asked.flat()), 60, 3);
        for (let i = 0; i < 60; i++) expect(tree(A, i)).toBe(byHand(rowAt(A, i)));
        for (let i = 0; i < n; i++) expect(tree(X, i)).toBe(byHand(rows[i]!.x));
      }),
      { numRuns: 200 },
    );
  });

  it('knows one class, and rows that it cannot tell apart', () => {
    const X = matrix(Float64Array.of(3, 3, 3, 3, 3), 5, 1);
    expect(classificationTree(X, Int32Array.of(1, 1, 1, 1, 1), 2)(X, 0)).toBe(1);
    expect(classificationTree(X, Int32Array.of(2, 1, 1, 2, 0), 3)(X, 0)).toBe(1);
    expect(classificationTree(X, Int32Array.of(0, 1, 1, 0, 1), 3)(X, 4)).toBe(1);
  });
});
