import { describe, expect, it } from 'vitest';
import type { CombinedModel } from '../../src/ensemble/combined-model.ts';
import { ensembles } from '../../src/ensemble/registry.ts';
import { kNearestNeighbours, kNearestNeighboursFromJSON, type ModelJSON } from '../../src/learn/index.ts';
import { costTreeModelFromJSON } from '../../src/learn/trees/cost-tree-model.ts';
import { costSensitiveTree, decisionTree, forestModelFromJSON } from '../../src/learn/trees/index.ts';
import { treeToJSON } from '../../src/learn/trees/tree-json.ts';
import { overlapping } from '../learn/helpers.ts';

const data = overlapping(60, 2, 2, 1, 0);
const plain = (model: { toJSON(): ModelJSON }): ModelJSON => JSON.parse(JSON.stringify(model));
const refused = expect.objectContaining({ code: 'bad-model' });

describe('models that were tampered with are refused', () => {
  it.each([1e308, 1e-320])('an ensemble whose weights are all %f', async (weight) => {
    const json = plain(await ensembles.get('balanced-bagging')!.create({ nEstimators: 2 }).fit(data));
    const read = (weights: number[]) => ensembles.get('balanced-bagging')!.fromJSON({ ...json, weights });
    expect((read([1, 2]) as CombinedModel).weights).toEqual(Float64Array.of(1, 2));
    expect(() => read([weight, weight])).toThrow(refused);
  });

  it('a tree whose shares do not sum to 1', async () => {
    const tree = await decisionTree({ maxDepth: 1 }).fit(data);
    const costly = await costSensitiveTree().fit(data);
    const forest = (value: number[]) =>
      forestModelFromJSON('decision-tree', {
        ...plain(tree),
        trees: [{ ...treeToJSON(tree.trees[0]!), value }],
      });
    const cost = (value: number[]) =>
      costTreeModelFromJSON({
        ...plain(costly),
        tree: { ...treeToJSON(costly.trees[0]), value },
      });
    const own = [...tree.trees[0]!.value];
    const ownCost = [...costly.trees[0].value];
    expect(forest(own).trees[0]!.value).toEqual(tree.trees[0]!.value);
    expect(cost(ownCost).trees[0].value).toEqual(costly.trees[0].value);
    for (const wrong of [0, 1, 0.9]) {
      expect(() => forest(own.map(() => wrong))).toThrow(refused);
      expect(() => cost(ownCost.map(() => wrong))).toThrow(refused);
    }
  });

  it('nearest neighbours whose votes overflow or vanish', async () => {
    const json = plain(await kNearestNeighbours().fit(data));
    const read = (fields: object) => kNearestNeighboursFromJSON({ ...json, ...fields });
    expect(read({}).name).toBe('k-nearest-neighbours');
    expect(() => read({ factors: [1e308, 1e308] })).toThrow(refused);
    const pointWeights = (json['pointWeights'] as number[]).map(() => 1e-200);
    expect(() => read({ factors: [1e-200, 1], pointWeights })).toThrow(refused);
  });
});
