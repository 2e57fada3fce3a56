import { describe, expect, it } from 'vitest';
import { type Dataset, matrix } from '../../../src/data/index.ts';
import { ensembles } from '../../../src/ensemble/registry.ts';
import type { Learner } from '../../../src/learn/index.ts';
import {
  costSensitiveTree,
  decisionTree,
  extraTrees,
  gradientBoosting,
  randomForest,
} from '../../../src/learn/trees/index.ts';
import { labelCodes } from '../../../src/learn/trees/label-codes.ts';
import { withKernels } from '../../../src/runtime/work.ts';

/** A cell of a grid a class, two rows in each: trees of two columns tell them all apart. */
function grid(side: number): Dataset {
  const count = 2 * side * side;
  const codes = Int32Array.from({ length: count }, (_, i) => i >> 1);
  const values = Float64Array.from({ length: 2 * count }, (_, at) => {
    const code = at >> 2;
    return at % 2 === 0 ? code % side : Math.floor(code / side);
  });
  return { X: matrix(values, count, 2), y: { classes: Array.from({ length: side * side }, (_, k) => `c${k}`), codes } };
}

async function accuracy(learner: Learner, data: Dataset): Promise<number> {
  const { data: p, columns } = await (await learner.fit(data)).predictProba(data.X);
  let right = 0;
  data.y.codes.forEach((code, i) => {
    const line = p.subarray(i * columns, (i + 1) * columns);
    if (line.indexOf(Math.max(...line)) === code) right++;
  });
  return right / data.y.codes.length;
}

describe('more classes than a byte holds', () => {
  const data = grid(18);

  it.each<[string, Learner]>([
    ['decision tree', decisionTree()],
    ['random forest', randomForest({ nEstimators: 10, bootstrap: false })],
    ['extra trees', extraTrees({ nEstimators: 10 })],
    ['cost-sensitive tree', costSensitiveTree({ pruned: false, minGain: 0 })],
    ['gradient boosting', gradientBoosting({ maxIterations: 4, minSamplesLeaf: 1, minHessianLeaf: 1e-6 })],
    ['balanced bagging', ensembles.get('balanced-bagging')!.create({ nEstimators: 3 })],
    ['balanced random forest', ensembles.get('balanced-random-forest')!.create({ nEstimators: 10 })],
  ])('a %s tells all of them apart', async (_name, learner) => {
    expect(await accuracy(learner, data)).toBeGreaterThan(0.95);
  });

  it('refuses more than 65536 of them', async () => {
    const labels = Int32Array.of(0, 1);
    await withKernels(undefined, async ({ memory }) => {
      expect(() => labelCodes(memory, labels, 65537)).toThrow(expect.objectContaining({ code: 'too-many-classes' }));
    });
  });
});
