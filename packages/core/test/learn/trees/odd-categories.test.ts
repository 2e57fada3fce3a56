import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/index.ts';
import type { Learner } from '../../../src/learn/index.ts';
import {
  costSensitiveTree,
  decisionTree,
  extraTrees,
  gradientBoosting,
  randomForest,
} from '../../../src/learn/trees/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';

/** Eight categories, even ones mostly of one class, beside a number that says nothing. */
function rows() {
  const stream = randomStream(2, 'categories');
  const count = 400;
  const codes = new Int32Array(count);
  const cells = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    cells[2 * i] = i % 8;
    cells[2 * i + 1] = stream.normal();
    codes[i] = stream.uniform() < (i % 2 === 0 ? 0.9 : 0.1) ? 1 : 0;
  }
  return { X: matrix(cells, count, 2), y: { classes: ['a', 'b'], codes } };
}

describe('a value that is no code of the training rows', () => {
  const data = rows();
  const categoricalFeatures = [0];

  it.each<[string, Learner]>([
    ['decision tree', decisionTree({ categoricalFeatures, maxDepth: 3 })],
    ['random forest', randomForest({ categoricalFeatures, nEstimators: 5 })],
    ['extra trees', extraTrees({ categoricalFeatures, nEstimators: 5 })],
    ['cost-sensitive tree', costSensitiveTree({ categoricalFeatures })],
    ['gradient boosting in batches', gradientBoosting({ categoricalFeatures, maxIterations: 5 })],
    [
      'gradient boosting of large trees',
      gradientBoosting({ categoricalFeatures, maxIterations: 3, maxLeafNodes: 100, minSamplesLeaf: 1 }),
    ],
  ])('is one unseen category to a %s, whatever it is', async (_name, learner) => {
    const model = await learner.fit(data);
    // 200 was a category of none of the rows; 1 and 6 were, and fractions beside them are no nearer to them than to others.
    const odd = [200, 1.5, 6.25, 0.999, 5e-324, -1, -0.5, 254.5, 1000, 1e300, -1e300];
    const cells = odd.flatMap((value) => [value, 0]);
    const { data: p } = await model.predictProba(matrix(Float64Array.from(cells), odd.length, 2));
    for (let i = 1; i < odd.length; i++) expect(p[2 * i]).toBe(p[0]);
  });
});
