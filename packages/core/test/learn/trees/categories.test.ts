import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import {
  balancedBagging,
  balancedRandomForest,
  easyEnsemble,
  rusBoost,
  selfPacedEnsemble,
  underBagging,
} from '../../../src/ensemble/index.ts';
import { memberFromJSON } from '../../../src/ensemble/registry.ts';
import { decisionTree, extraTrees, type ForestModel, leavesOf, randomForest } from '../../../src/learn/index.ts';
import { averagePrecision } from '../../../src/metrics/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { runtimesFor } from '../../runtime/runtimes-for.ts';

/** A column of categories, some missing, whose shares of the classes differ without order, and a number. */
function categorical(rows: number, categories: number, classes: number, seed: number) {
  const stream = randomStream(seed, 'categorical');
  const shares = Array.from({ length: categories + 1 }, () =>
    Array.from({ length: classes }, () => stream.uniform() ** 2),
  );
  const cells = new Float64Array(rows * 2);
  const codes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const category = Math.floor(stream.uniform() * (categories + 0.5));
    cells[2 * row] = category === categories ? Number.NaN : category;
    cells[2 * row + 1] = stream.normal();
    const own = shares[category]!;
    let left = stream.uniform() * own.reduce((sum, share) => sum + share, 0);
    while (left >= own[codes[row]!]! && codes[row]! + 1 < classes) {
      left -= own[codes[row]!]!;
      codes[row]!++;
    }
  }
  return {
    X: matrix(cells, rows, 2),
    y: { codes, classes: Array.from({ length: classes }, (_, k) => `c${k}`) },
  };
}

const impurities = {
  gini: (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : total - counts.reduce((sum, count) => sum + count ** 2, 0) / total;
  },
  entropy: (counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.reduce((sum, count) => sum - (count > 0 ? count * Math.log(count / total) : 0), 0);
  },
};

/** Of 1 and 2 threads. */
const runtimes = runtimesFor(1, 2);

describe('categories', () => {
  it.each(['gini', 'entropy'] as const)('of two classes are split by the best of all sets (%s)', async (criterion) => {
    for (let seed = 0; seed < 8; seed++) {
      const { X, y } = categorical(160, 6, 2, seed);
      const column = matrix(
        X.data.filter((_value, i) => i % 2 === 0),
        160,
        1,
      );
      const model = await decisionTree({ criterion, maxDepth: 1, categoricalFeatures: [0] }).fit({ X: column, y });
      const [tree] = model.trees;
      // Seven values with the missing one; a set and its complement are one split.
      const counts = Array.from({ length: 7 }, () => [0, 0]);
      column.data.forEach((value, row) => {
        counts[Number.isNaN(value) ? 6 : value]![y.codes[row]!]!++;
      });
      const sum = (inside: (category: number) => boolean) =>
        counts.reduce((all, own, at) => (inside(at) ? [all[0]! + own[0]!, all[1]! + own[1]!] : all), [0, 0]);
      const impurity = impurities[criterion];
      let most = 0;
      for (let set = 1; set < 127; set++) {
        const inside = (category: number) => ((set >> category) & 1) === 1;
        most = Math.max(most, impurity(sum(() => true)) - impurity(sum(inside)) - impurity(sum((c) => !inside(c))));
      }
      expect(tree!.gain[0]).toBeCloseTo(most, 8);
      // The lighter side goes left, so that a category never seen goes with most rows.
      expect(tree!.cover[1]).toBeLessThanOrEqual(tree!.cover[2]!);
      const unseen = await model.predictProba(matrix(Float64Array.of(200), 1, 1));
      expect([...unseen.data]).toEqual([...tree!.value.subarray(4, 6)]);
    }
  });

  it('are told apart wholly by a tree that grows to the end, of four classes too', async () => {
    const { X, y } = categorical(300, 9, 4, 3);
    const pure = {
      X,
      y: {
        ...y,
        codes: Int32Array.from(
          X.data.filter((_v, i) => i % 2 === 0),
          (value) => (Number.isNaN(value) ? 3 : (value * 7) % 4),
        ),
      },
    };
    const model = await decisionTree({ categoricalFeatures: [0] }).fit(pure);
    const p = await model.predictProba(X);
    pure.y.codes.forEach((code, row) => {
      expect(p.data[4 * row + code]).toBe(1);
    });
    // Four classes of categories need three sets; thresholds need one for nearly each category.
    expect(leavesOf(model.trees[0]!)).toBe(4);
    expect(leavesOf((await decisionTree().fit(pure)).trees[0]!)).toBeGreaterThan(6);
  });

  it.each([
    ['random forest', () => randomForest({ nEstimators: 20, categoricalFeatures: [0], seed: 2 })],
    ['extra trees', () => extraTrees({ nEstimators: 20, categoricalFeatures: [0], seed: 2 })],
    ['balanced random forest', () => balancedRandomForest({ nEstimators: 20, categoricalFeatures: [0] })],
    ['balanced bagging', () => balancedBagging({ categoricalFeatures: [0] })],
    ['under-bagging', () => underBagging({ categoricalFeatures: [0] })],
    ['EasyEnsemble', () => easyEnsemble({ nEstimators: 3, rounds: 8, categoricalFeatures: [0] })],
    ['RUSBoost', () => rusBoost({ nEstimators: 10, categoricalFeatures: [0] })],
    ['self-paced ensemble', () => selfPacedEnsemble({ categoricalFeatures: [0] })],
  ])('are used by a %s: same bytes on any threads, read back, whatever classes are called', async (_name, make) => {
    const data = categorical(400, 30, 2, 5);
    const texts: string[] = [];
    for (const runtime of runtimes) texts.push(JSON.stringify(await make().fit(data, { runtime })));
    expect(texts[1]).toBe(texts[0]);
    const model = memberFromJSON(JSON.parse(texts[0]!));
    const p = await model.predictProba(data.X);
    const fitted = await make().fit(data);
    expect((await fitted.predictProba(data.X)).data).toEqual(p.data);
    for (const row of [0, 7]) {
      const alone = await fitted.predictProba(matrix(data.X.data.slice(2 * row, 2 * row + 2), 1, 2));
      expect([...alone.data]).toEqual([...p.data.subarray(2 * row, 2 * row + 2)]);
    }
    const turned = { X: data.X, y: { classes: ['x', 'y'], codes: data.y.codes.map((code) => 1 - code) } };
    const back = (await (await make().fit(turned)).predictProba(data.X)).data;
    p.data.forEach((share, at) => {
      expect(Math.abs(share - back[at ^ 1]!)).toBeLessThan(1e-9);
    });
    const trees = 'members' in fitted ? (fitted.members as ForestModel[]).flatMap((one) => one.trees) : fitted.trees;
    expect(trees.some((tree) => tree.categories.size > 0)).toBe(true);
  });

  it('rank new rows better than their codes taken for numbers, in stumps of EasyEnsemble', async () => {
    const all = categorical(3000, 40, 2, 11);
    const rare = [...all.y.codes.keys()].filter((row) => all.y.codes[row] === 0 || row % 8 === 0);
    const part = (rows: readonly number[]) => ({
      X: matrix(
        Float64Array.from(rows.flatMap((row) => [...all.X.data.subarray(2 * row, 2 * row + 2)])),
        rows.length,
        2,
      ),
      y: { ...all.y, codes: Int32Array.from(rows, (row) => all.y.codes[row]!) },
    });
    const [train, test] = [part(rare.filter((row) => row < 2000)), part(rare.filter((row) => row >= 2000))];
    const precision = async (categoricalFeatures: readonly number[]) => {
      const model = await easyEnsemble({ nEstimators: 5, rounds: 10, categoricalFeatures }).fit(train);
      const scores = (await model.predictProba(test.X)).data.filter((_share, i) => i % 2 === 1);
      return averagePrecision({ scores, truth: test.y.codes });
    };
    expect(await precision([0])).toBeGreaterThan((await precision([])) + 0.02);
  });

  it('are refused where they are no codes, too many for the bins, or not there', async () => {
    const data = categorical(60, 5, 2, 1);
    const bad = { code: 'bad-option' };
    await expect(randomForest({ categoricalFeatures: [1] }).fit(data)).rejects.toMatchObject(bad);
    await expect(balancedRandomForest({ categoricalFeatures: [2] }).fit(data)).rejects.toMatchObject(bad);
    await expect(decisionTree({ categoricalFeatures: [0], maxBins: 3 }).fit(data)).rejects.toMatchObject(bad);
    expect(() => easyEnsemble({ categoricalFeatures: [0.5] })).toThrow(expect.objectContaining(bad));
  });
});
