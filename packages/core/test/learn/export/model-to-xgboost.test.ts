import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientBoosting, modelToXgboost, randomForest } from '../../../src/index.ts';
import { firstFloat32Not, leastFloat32Above } from '../../../src/learn/export/float32-threshold.ts';
import { largestGap, overlapping } from '../helpers.ts';
import { casesFolder, goldenCase, writeCases, xgboostCases } from './xgboost-cases.ts';

describe('models for XGBoost', () => {
  it.runIf(casesFolder)('are written for it to predict with', async () => {
    writeCases('model', await xgboostCases());
  });

  it.skipIf(casesFolder)('are predicted by XGBoost as by us, at thresholds, missing and unknown', async () => {
    for (const one of await xgboostCases()) {
      const { predictions, asked, now } = goldenCase(one);
      expect(now, `${one.name}: the file is no longer the one that XGBoost was asked about`).toBe(asked);
      expect(largestGap(predictions, one.ours), one.name).toBeLessThan(one.name === 'regression' ? 2e-5 : 1e-6);
    }
  });

  it('hold as many rounds, trees and nodes as they say', async () => {
    for (const { text } of await xgboostCases()) {
      const { learner } = JSON.parse(text);
      const { model } = learner.gradient_booster;
      expect(model.trees).toHaveLength(Number(model.gbtree_model_param.num_trees));
      expect(model.tree_info).toHaveLength(model.trees.length);
      expect(model.iteration_indptr.at(-1)).toBe(model.trees.length);
      for (const tree of model.trees) {
        const nodes = Number(tree.tree_param.num_nodes);
        for (const key of ['left_children', 'right_children', 'parents', 'split_conditions', 'default_left'])
          expect(tree[key]).toHaveLength(nodes);
        const leaves = tree.left_children.filter((child: number) => child === -1).length;
        expect(nodes).toBe(2 * leaves - 1);
        // XGBoost looks for a right child at the place after the left one, whatever the file says.
        tree.left_children.forEach((child: number, node: number) => {
          expect(tree.right_children[node]).toBe(child === -1 ? -1 : child + 1);
        });
      }
    }
  });

  it('other models are refused, by name', async () => {
    const model = await randomForest({ nEstimators: 2 }).fit(overlapping(60, 2, 2));
    expect(() => modelToXgboost(model)).toThrow(
      "XGBoost's format holds boosted trees, and this model is of kind random-forest",
    );
  });

  it('names that XGBoost forbids are refused', async () => {
    const model = await gradientBoosting({ maxIterations: 1 }).fit(overlapping(60, 2, 2));
    expect(JSON.parse(modelToXgboost(model, { featureNames: ['a', 'b'] })).learner.feature_names).toEqual(['a', 'b']);
    expect(() => modelToXgboost(model, { featureNames: ['a', 'b < 3'] })).toThrow('"b < 3"');
    expect(() => modelToXgboost(model, { featureNames: ['a'] })).toThrow('names 1');
  });
});

describe('thresholds in float32', () => {
  // Above the largest there is no next one.
  const float32 = fc.float({ noNaN: true, min: Math.fround(-3e38), max: Math.fround(3e38) });

  it('part float32 values as the float64 threshold does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -3e38, max: 3e38 }), float32, (threshold, value) => {
        expect(value < leastFloat32Above(threshold)).toBe(value <= threshold);
      }),
    );
    fc.assert(
      fc.property(float32, (value) => {
        // At a threshold that is a float32 itself, and at the midpoint to the next one.
        expect(value < leastFloat32Above(value)).toBe(true);
        const next = leastFloat32Above(value);
        expect(Math.fround(next)).toBe(next);
        expect(next < leastFloat32Above(value / 2 + next / 2)).toBe(next <= value / 2 + next / 2);
      }),
    );
  });

  it('of a condition are found to the last digit', () => {
    fc.assert(
      fc.property(float32, (value) => {
        expect(firstFloat32Not((v) => v <= value)).toBe(leastFloat32Above(value));
      }),
    );
  });
});
