import { expect, test } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { trainingRows } from '../../../src/learn/logistic-data.ts';
import { binWeights } from '../../../src/learn/trees/bin-weights.ts';
import { decisionTree } from '../../../src/learn/trees/forest.ts';
import { randomStream } from '../../../src/runtime/random.ts';

const dataset = (X: number[], codes: number[], weights?: number[]) => ({
  X: matrix(Float64Array.from(X), X.length, 1),
  y: { classes: [0, 1], codes: Int32Array.from(codes) },
  ...(weights ? { weights: Float64Array.from(weights) } : {}),
});

test('a class counts with the square root of its rows, and equal classes leave bins as they are', () => {
  const found = binWeights(trainingRows(dataset([1, 2, 3, 4, 5], [0, 0, 0, 0, 1])))!;
  expect(found[4]! / found[0]!).toBeCloseTo(2, 5);
  expect(binWeights(trainingRows(dataset([1, 2], [0, 1])))).toBeUndefined();
});

test('a row of weight 3 weighs what three rows do, to the bit', () => {
  const one = binWeights(trainingRows(dataset([1, 2, 3], [0, 0, 1], [3, 4, 1])))!;
  const many = binWeights(trainingRows(dataset([1, 1, 1, 2, 2, 2, 2, 3], [0, 0, 0, 0, 0, 0, 0, 1])))!;
  expect(one[0]).toBe(many[0]! + many[1]! + many[2]!);
  expect(one[2]).toBe(many[7]);
});

test('a tree finds the threshold of a rare class among many more values than there are bins', async () => {
  // 20,000 common rows lie in 0 .. 1000, and every row above 999 is rare: less than a bin of equal numbers of rows.
  const stream = randomStream(1, 'bins');
  const common = Array.from({ length: 20000 }, () => 999 * stream.uniform());
  const rare = Array.from({ length: 20 }, () => 999 + stream.uniform());
  const X = [...common, ...rare];
  const codes = X.map((_, i) => (i < common.length ? 0 : 1));
  const model = await decisionTree({ maxDepth: 1 }).fit(dataset(X, codes));
  const [threshold] = model.trees[0]!.threshold;
  // Rows of the two classes share at most the one bin in which the border lies.
  expect(X.filter((x, i) => x > threshold! !== (codes[i] === 1)).length).toBeLessThan(40);
});
