import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { extraTrees, forestModelFromJSON, randomForest } from '../../../src/learn/index.ts';
import { treeToJSON } from '../../../src/learn/trees/tree-json.ts';
import { rocAuc } from '../../../src/metrics/index.ts';
import { overlapping } from '../helpers.ts';

const second = (p: { data: Float64Array }) => p.data.filter((_value, i) => i % 2 === 1);

describe('forests', () => {
  it('out-of-bag shares judge as rows never seen do; shares of training rows do not', async () => {
    const all = overlapping(2000, 5, 2, 21);
    const half = (from: number) => ({
      X: matrix(all.X.data.slice(from * 5, (from + 1000) * 5), 1000, 5),
      y: { ...all.y, codes: all.y.codes.slice(from, from + 1000) },
    });
    const [train, test] = [half(0), half(1000)];
    const model = await randomForest({ oobScore: true, nEstimators: 60 }).fit(train);
    const area = (p: { data: Float64Array }, truth: Int32Array) => rocAuc({ scores: second(p), truth });
    const seen = area(await model.predictProba(train.X), train.y.codes);
    const unseen = area(await model.predictProba(test.X), test.y.codes);
    const outOfBag = area(model.outOfBag!, train.y.codes);
    expect(seen).toBeGreaterThan(0.999);
    expect(Math.abs(outOfBag - unseen)).toBeLessThan(0.03);
    expect(unseen).toBeLessThan(0.97);
  });

  it('draws about 63 of 100 rows and never loses a class, however rare', async () => {
    const data = overlapping(1000, 3, 2, 5);
    const codes = new Int32Array(1000);
    codes[17] = 1;
    const model = await randomForest({ oobScore: true, nEstimators: 50 }).fit({
      X: data.X,
      y: { codes, classes: [0, 1] },
    });
    for (const tree of model.trees) {
      expect(tree.value[1]).toBeGreaterThan(0);
      // Of the thousand draws each adds one; a class that was missed adds a row more.
      expect([1000, 1001]).toContain(tree.cover[0]);
    }
    const missed = [...model.outOfBag!.data].filter(Number.isNaN).length;
    expect(missed).toBeLessThanOrEqual(2);
  });

  it('leaves no row out without a bootstrap', async () => {
    const data = overlapping(300, 3, 2, 6);
    const { trees } = await extraTrees({ nEstimators: 5 }).fit(data);
    for (const tree of trees) expect(tree.cover[0]).toBe(300);
    expect(() => extraTrees({ oobScore: true })).toThrow(expect.objectContaining({ code: 'bad-option' }));
    for (const wrong of [{ bootstrap: 'no' }, { oobScore: 0 }, { maxFeatures: 1n }, { maxDepth: Symbol('deep') }]) {
      const options = wrong as unknown as Parameters<typeof randomForest>[0];
      expect(() => randomForest(options)).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
  });

  it('grows trees that differ, the same ones from the same seed', async () => {
    const data = overlapping(300, 4, 3, 8);
    const roots = async (seed: number) => {
      const { trees } = await extraTrees({ nEstimators: 30, seed }).fit(data);
      return trees.map((tree) => `${tree.feature[0]}:${tree.threshold[0]}`);
    };
    const first = await roots(1);
    expect(new Set(first).size).toBeGreaterThan(25);
    expect(await roots(1)).toEqual(first);
    expect(await roots(2)).not.toEqual(first);
  });

  it('draws thresholds evenly between the least and the greatest value', async () => {
    const X = matrix(
      Float64Array.from({ length: 200 }, (_, i) => (i < 199 ? i / 1000 : 1)),
      200,
      1,
    );
    const codes = Int32Array.from({ length: 200 }, (_, i) => i % 2);
    const { trees } = await extraTrees({ nEstimators: 400 }).fit({ X, y: { codes, classes: [0, 1] } });
    const below = trees.filter((tree) => tree.threshold[0]! < 0.5).length / 400;
    expect(Math.abs(below - 0.5)).toBeLessThan(0.1);
  });

  it('reads no model that was tampered with', async () => {
    const model = await randomForest({ nEstimators: 3 }).fit(overlapping(100, 2, 2, 9));
    const json = JSON.parse(JSON.stringify(model));
    json.trees[1].threshold = 'a:AP8=';
    expect(() => forestModelFromJSON('random-forest', json)).toThrow(expect.objectContaining({ code: 'bad-model' }));
    const listed = { ...json, trees: model.trees.map((tree) => JSON.parse(JSON.stringify(treeToJSON(tree)))) };
    expect(JSON.stringify(forestModelFromJSON('random-forest', listed))).toBe(JSON.stringify(model));
    listed.trees[1].value[0] = 3;
    expect(() => forestModelFromJSON('random-forest', listed)).toThrow(expect.objectContaining({ code: 'bad-model' }));
    expect(() => forestModelFromJSON('extra-trees', JSON.parse(JSON.stringify(model)))).toThrow(
      expect.objectContaining({ code: 'bad-model' }),
    );
  });
});
