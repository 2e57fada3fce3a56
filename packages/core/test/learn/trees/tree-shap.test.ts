import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import {
  type GradientBoostingModel,
  gainImportance,
  gradientBoosting,
  gradientBoostingRegression,
  logisticRegression,
  randomForest,
  type Tree,
  treeShap,
} from '../../../src/learn/index.ts';
import { goesLeft } from '../../../src/learn/trees/goes-left.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { largestGap, overlapping } from '../helpers.ts';

/** What the tree gives on average where only the columns of `known` are known. */
function expected(tree: Tree, row: Float64Array, known: ReadonlySet<number>, output: number, node = 0): number {
  const column = tree.feature[node]!;
  if (column < 0) return tree.value[node * tree.outputs + output]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const at = (child: number) => expected(tree, row, known, output, child);
  if (known.has(column)) return at(goesLeft(tree, node, row[column]!) ? left : right);
  const share = tree.cover[left]! / tree.cover[node]!;
  return share * at(left) + (tree.cover[right]! / tree.cover[node]!) * at(right);
}

/** Shapley values by their definition, over all subsets of the columns. */
function shapley(tree: Tree, row: Float64Array, output: number): Float64Array {
  const columns = row.length;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Float64Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let subset = 0; subset < 2 ** columns; subset++) {
      if ((subset >> j) & 1) continue;
      const known = new Set(Array.from({ length: columns }, (_c, k) => k).filter((k) => (subset >> k) & 1));
      const weight = (factorial(known.size) * factorial(columns - known.size - 1)) / factorial(columns);
      const without = expected(tree, row, known, output);
      sum += weight * (expected(tree, row, new Set([...known, j]), output) - without);
    }
    return sum;
  });
}

describe('Shapley values of trees', () => {
  it('are those of the definition, columns asked several times on a path, missing values and categories included', async () => {
    const stream = randomStream(4, 'shap');
    const data = overlapping(300, 5, 2, 12);
    for (let i = 0; i < 300; i++) {
      if (stream.uniform() < 0.2) data.X.data[i * 5 + 1] = Number.NaN;
      data.X.data[i * 5 + 2] = stream.integer(6);
    }
    const options = { maxIterations: 3, minSamplesLeaf: 4, categoricalFeatures: [2] };
    const model = await gradientBoosting(options).fit(data);
    const few = matrix(data.X.data.slice(0, 60), 12, 5);
    const { values } = await treeShap(model, few);
    for (let i = 0; i < 12; i++) {
      const row = few.data.slice(i * 5, i * 5 + 5);
      const wanted = new Float64Array(5);
      for (const { tree } of model.trees) shapley(tree, row, 0).forEach((value, j) => void (wanted[j]! += value));
      expect(largestGap(values[0]!.data.subarray(i * 5, i * 5 + 5), wanted)).toBeLessThan(1e-12);
    }
  });

  it('of a forest are those of the definition, a class each', async () => {
    const data = overlapping(150, 4, 3, 13);
    const model = await randomForest({ nEstimators: 3, maxDepth: 5 }).fit(data);
    const few = matrix(data.X.data.slice(0, 24), 6, 4);
    const { values, base } = await treeShap(model, few);
    expect(base.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    for (let i = 0; i < 6; i++) {
      for (let k = 0; k < 3; k++) {
        const wanted = new Float64Array(4);
        for (const tree of model.trees) {
          shapley(tree, few.data.slice(i * 4, i * 4 + 4), k).forEach((value, j) => void (wanted[j]! += value / 3));
        }
        expect(largestGap(values[k]!.data.subarray(i * 4, i * 4 + 4), wanted)).toBeLessThan(1e-12);
      }
    }
  });

  it('add up with the base to the score, two classes and more', async () => {
    for (const classes of [2, 3]) {
      const data = overlapping(400, 6, classes, 14);
      const model = await gradientBoosting({ maxIterations: 20 }).fit(data);
      const { values, base } = await treeShap(model, data.X);
      const p = await model.predictProba(data.X);
      for (let i = 0; i < 400; i++) {
        const scores = values.map(({ data: cells }, k) =>
          cells.subarray(i * 6, i * 6 + 6).reduce((sum, value) => sum + value, base[k]!),
        );
        const full = classes === 2 ? [0, scores[0]!] : scores;
        const total = full.reduce((sum, score) => sum + Math.exp(score), 0);
        full.forEach((score, k) => {
          expect(Math.exp(score) / total).toBeCloseTo(p.data[i * classes + k]!, 11);
        });
      }
    }
  });

  it('add up to the number of a regression, and gains name the column that it hangs on', async () => {
    const { X } = overlapping(300, 3, 2, 9);
    const targets = Float64Array.from({ length: 300 }, (_, i) => X.data[3 * i + 1]! ** 2);
    const model = await gradientBoostingRegression({ maxIterations: 20 }).fit({ X, targets });
    const { values, base } = await treeShap(model, X);
    const sums = targets.map((_, i) => values[0]!.data.subarray(3 * i, 3 * i + 3).reduce((a, b) => a + b, base[0]!));
    expect(largestGap(sums, await model.predict(X))).toBeLessThan(1e-12);
    const gains = gainImportance(model);
    expect(gains[1]).toBeGreaterThan(gains[0]! + gains[2]!);
  });

  it('are refused where there are no trees', async () => {
    const data = overlapping(30, 2, 2, 1);
    const model = (await logisticRegression().fit(data)) as unknown as GradientBoostingModel;
    const refusal = { code: 'no-trees', message: expect.stringContaining('got a model of logistic-regression') };
    await expect(treeShap(model, data.X)).rejects.toMatchObject(refusal);
    expect(() => gainImportance(model)).toThrow(expect.objectContaining(refusal));
    const trees = await randomForest({ nEstimators: 2 }).fit(data);
    const plain = [[1, 2]] as unknown as typeof data.X;
    await expect(treeShap(trees, plain)).rejects.toMatchObject({ code: 'bad-rows' });
  });
});
