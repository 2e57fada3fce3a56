import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gradientBoosting,
  gradientBoostingModelFromJSON,
  gradientBoostingRegression,
  modelToXgboost,
  randomForest,
} from '../../../src/index.ts';
import { firstFloat32Not, float32Condition, leastFloat32Above } from '../../../src/learn/export/float32-threshold.ts';
import { overlapping } from '../helpers.ts';
import { casesFolder, expectAsXgboost, writeCases, xgboostCases } from './xgboost-cases.ts';

describe('models for XGBoost', () => {
  it.runIf(casesFolder)('are written for it to predict with', async () => {
    writeCases('model', await xgboostCases());
  });

  it.skipIf(casesFolder)('are predicted by XGBoost as by us, at thresholds, missing and unknown', async () => {
    for (const one of await xgboostCases()) expectAsXgboost(one, one.name === 'regression' ? 2e-5 : 1e-6);
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

  it('send a decimal at the threshold where it goes in float64', () => {
    const decimals = fc.tuple(fc.integer({ min: -9999999, max: 9999999 }), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(decimals, fc.integer({ min: 1, max: 1000 }), ([whole, digits], step) => {
        fc.pre(step < 10 * Math.abs(whole));
        const decimal = (count: number) => Number(`${count}e-${digits}`);
        // Half-way between two decimals lies a third, or almost: the sum is rounded, the worse the nearer it is to 0.
        const threshold = (decimal(whole - step) + decimal(whole + step)) / 2;
        const condition = float32Condition((value) => value <= threshold);
        for (const value of [whole - step, whole, whole + step].map(decimal))
          expect(Math.fround(value) < condition).toBe(value <= threshold);
      }),
    );
  });

  it('send the raw decimal where its encoded value goes', () => {
    const numbers = fc.record({
      whole: fc.integer({ min: 1, max: 99999 }),
      digits: fc.integer({ min: 0, max: 4 }),
      centre: fc.double({ noNaN: true, min: -100, max: 100 }),
      deviation: fc.double({ noNaN: true, min: 0.1, max: 100 }),
    });
    fc.assert(
      fc.property(numbers, ({ whole, digits, centre, deviation }) => {
        const decimal = (count: number) => Number(`${count}e-${digits}`);
        const encoded = (value: number) => (value - centre) / deviation;
        const threshold = (encoded(decimal(whole - 1)) + encoded(decimal(whole + 1))) / 2;
        const condition = float32Condition((v) => encoded(v) <= threshold, 16 * Number.EPSILON * Math.abs(centre));
        for (const value of [whole - 1, whole, whole + 1].map(decimal))
          expect(Math.fround(value) < condition).toBe(encoded(value) <= threshold);
      }),
    );
  });

  it('part float32 values half-way between which they lie', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, min: Math.fround(0.001), max: 1e6 }),
        fc.integer({ min: 1, max: 9 }),
        (low, steps) => {
          let high = low;
          for (let i = 0; i < steps; i++) high = leastFloat32Above(high);
          const threshold = (low + high) / 2;
          const condition = float32Condition((value) => value <= threshold);
          expect([low < condition, high < condition]).toEqual([true, false]);
        },
      ),
    );
  });
});

describe('numbers that float32 cannot hold', () => {
  it('are refused in leaves and starts, and cut in what no prediction hangs on', async () => {
    const json = (await gradientBoosting({ maxIterations: 2 }).fit(overlapping(60, 2, 2))).toJSON();
    const written = (change: (copy: Changeable) => void) => {
      const copy = JSON.parse(JSON.stringify(json)) as Changeable;
      change(copy);
      return modelToXgboost(gradientBoostingModelFromJSON(copy as never));
    };
    const refusal = expect.objectContaining({ code: 'not-exportable', message: expect.stringContaining('float32') });
    const regression = gradientBoostingRegression({ maxIterations: 2 });
    const { X } = overlapping(60, 2, 2);
    const far = await regression.fit({ X, targets: new Float64Array(60).fill(1e39) });
    expect(() => modelToXgboost(far)).toThrow(refusal);
    expect(() => written(({ trees }) => trees[0]!.value.fill(1e39))).toThrow(refusal);
    const cut = written(({ trees }) => trees[0]!.gain.fill(1e39, 0, 1));
    expect(cut).not.toMatch(/NaN|Infinity|null/);
  });
});

interface Changeable {
  readonly trees: readonly { readonly value: number[]; readonly gain: number[] }[];
}
