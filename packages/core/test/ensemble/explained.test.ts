import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import {
  adaBoost,
  balancedBagging,
  balancedRandomForest,
  easyEnsemble,
  rusBoost,
  selfPacedEnsemble,
  smoteBoost,
  underBagging,
  voting,
} from '../../src/ensemble/index.ts';
import { memberFromJSON } from '../../src/ensemble/registry.ts';
import { gainImportance, logisticRegression, randomForest, treeShap } from '../../src/learn/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { largestGap, overlapping } from '../learn/helpers.ts';

const few = { nEstimators: 5, seed: 2 };

describe.each([
  ['balanced random forest', balancedRandomForest(few)],
  ['balanced bagging', balancedBagging(few)],
  ['under-bagging', underBagging(few)],
  ['self-paced ensemble', selfPacedEnsemble(few)],
  ['AdaBoost', adaBoost({ ...few, maxDepth: 2 })],
  ['RUSBoost', rusBoost(few)],
  ['EasyEnsemble', easyEnsemble({ nEstimators: 2, rounds: 4 })],
  ['SMOTEBoost', smoteBoost(few)],
] as const)('Shapley values of %s', (_name, learner) => {
  it.each([2, 3])('add up to what the model of %i classes says', async (classes) => {
    const data = overlapping(240, 4, classes, 31);
    const model = await learner.fit(data);
    const { values, base } = await treeShap(model, data.X);
    const p = await model.predictProba(data.X);
    const said = new Float64Array(p.data.length);
    for (let i = 0; i < p.rows; i++) {
      const sums = values.map(({ data: cells }, k) =>
        cells.subarray(4 * i, 4 * i + 4).reduce((sum, value) => sum + value, base[k]!),
      );
      // Boosted votes are log-odds, the others shares.
      const odds = sums.map((sum) => (model.forestFactor === undefined ? sum : Math.exp(sum)));
      const total = odds.reduce((sum, value) => sum + value, 0);
      said.set(
        odds.map((value) => value / total),
        classes * i,
      );
    }
    expect(largestGap(said, p.data)).toBeLessThan(1e-11);
    const read = memberFromJSON(JSON.parse(JSON.stringify(model)));
    expect((await treeShap(read, data.X)).values[0]!.data).toEqual(values[0]!.data);
  });

  it('and gains name the column that tells', async () => {
    const stream = randomStream(4, 'telling');
    const X = matrix(
      Float64Array.from({ length: 1200 }, () => stream.normal()),
      300,
      4,
    );
    const y = {
      codes: Int32Array.from({ length: 300 }, (_, i) => (X.data[4 * i + 2]! > 0.8 ? 1 : 0)),
      classes: [0, 1],
    };
    const model = await learner.fit({ X, y });
    const gains = gainImportance(model);
    expect(gains.length).toBe(4);
    expect(gains.indexOf(Math.max(...gains))).toBe(2);
    const { values } = await treeShap(model, X);
    const sizes = [0, 1, 2, 3].map((j) =>
      values[1]!.data.reduce((sum, v, at) => (at % 4 === j ? sum + Math.abs(v) : sum), 0),
    );
    expect(sizes.indexOf(Math.max(...sizes))).toBe(2);
  });
});

it('a balanced forest of all rows is explained as a random forest is', async () => {
  const data = overlapping(200, 3, 2, 8);
  const { trees, columns, present, classes } = await randomForest({ nEstimators: 4, seed: 1 }).fit(data);
  const forest = await randomForest({ nEstimators: 4, seed: 1 }).fit(data);
  const own = { forest, classes, notices: [], predictProba: forest.predictProba, toJSON: forest.toJSON };
  expect([trees.length, columns, present.length]).toEqual([4, 3, 2]);
  expect((await treeShap(own, data.X)).values[1]!.data).toEqual((await treeShap(forest, data.X)).values[1]!.data);
  expect(gainImportance(own)).toEqual(gainImportance(forest));
});

it('ensembles of other members have no trees to explain', async () => {
  const data = overlapping(80, 3, 2, 9);
  for (const learner of [voting(), balancedBagging({ ...few, learner: logisticRegression() })]) {
    const model = await learner.fit(data);
    expect(model.forest).toBeUndefined();
    await expect(treeShap(model, data.X)).rejects.toMatchObject({ code: 'no-trees' });
  }
});
