import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { balancedRandomForest } from '../../../src/ensemble/index.ts';
import {
  decisionTree,
  extraTrees,
  type ForestOptions,
  forestModelFromJSON,
  randomForest,
  type Tree,
  treeShap,
} from '../../../src/learn/index.ts';
import { createKernelRuntime } from '../../../src/runtime/kernel-runtime.ts';
import { overlapping, toSparse } from '../helpers.ts';
import { greatestBreach, noise, second, type Ways } from './monotone-data.ts';

interface Node {
  readonly shares: readonly number[];
  readonly feature?: number;
  /** Null where missing values alone go right. */
  readonly threshold?: number | null;
  readonly left?: Node;
  readonly right?: Node;
}

interface Case {
  readonly seed: number;
  readonly criterion: 'gini' | 'entropy';
  readonly depth: number;
  readonly ways: readonly (1 | 0 | -1)[];
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly tree: Node;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../fixtures/monotone-trees.json', import.meta.url), 'utf8'),
);

const waysOf = (one: Case): Ways =>
  Object.fromEntries([...one.ways.entries()].filter((entry): entry is [number, 1 | -1] => entry[1] !== 0));

const dataOf = (one: Case) => ({
  X: matrix(
    Float64Array.from(one.rows.flat(), (value) => value ?? Number.NaN),
    one.rows.length,
    4,
  ),
  y: { codes: Int32Array.from(one.labels), classes: [0, 1] },
  weights: Float64Array.from(one.weights),
});

function expectNode(tree: Tree, node: number, wanted: Node): void {
  wanted.shares.forEach((share, k) => {
    expect(tree.value[2 * node + k]).toBeCloseTo(share, 12);
  });
  expect(tree.feature[node]).toBe(wanted.feature ?? -1);
  if (!wanted.left || !wanted.right) return;
  expect(tree.threshold[node]).toBe(wanted.threshold ?? Number.MAX_VALUE);
  expectNode(tree, tree.left[node]!, wanted.left);
  expectNode(tree, tree.right[node]!, wanted.right);
}

const makers = {
  'decision tree': (options: ForestOptions) => {
    const { nEstimators: _, ...rest } = options;
    return decisionTree(rest);
  },
  'random forest': randomForest,
  'extra trees': extraTrees,
  'balanced random forest': balancedRandomForest,
};

describe('monotone trees', () => {
  it.each(cases.map((one) => [one.seed, one.criterion, one.ways.join(' '), one] as const))(
    'have the splits and the leaves of scikit-learn (data %i: %s, ways %s)',
    async (_seed, criterion, _ways, one) => {
      const options = { criterion, maxDepth: one.depth, minSamplesLeaf: 8, monotonicConstraints: waysOf(one) };
      const model = await decisionTree(options).fit(dataOf(one));
      expectNode(model.trees[0]!, 0, one.tree);
    },
  );

  it.each(Object.entries(makers))('%s: never fall along a column, whatever the others are', async (_name, make) => {
    const way = fc.constantFrom(1 as const, -1 as const);
    const ways = fc.dictionary(fc.constantFrom('0', '1', '2', '3'), way, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        ways,
        fc.constantFrom('gini' as const, 'entropy' as const),
        fc.constantFrom(0, 0.2),
        fc.constantFrom(3, Number.POSITIVE_INFINITY),
        async (seed, monotonicConstraints: Ways, criterion, missing, maxDepth) => {
          const data = noise(120, 4, seed, missing);
          const learner = make({ nEstimators: 7, seed, criterion, maxDepth, monotonicConstraints });
          const model = await learner.fit(data);
          expect(await greatestBreach(second(model), data.X, monotonicConstraints, 4)).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 25, seed: 7 },
    );
  });

  it('would fall without the constraint, and still learn with it', async () => {
    const data = noise(400, 4, 4);
    const ways: Ways = { 0: 1 };
    const free = await randomForest({ nEstimators: 10 }).fit(data);
    expect(await greatestBreach(second(free), data.X, ways)).toBeGreaterThan(0.1);
    const { trees } = await randomForest({ nEstimators: 10, monotonicConstraints: ways }).fit(data);
    for (const tree of trees) expect(tree.feature.includes(0)).toBe(true);
  });

  it('are the same ones with the classes swapped and the way turned', async () => {
    const data = noise(300, 4, 6);
    const swapped = { ...data, y: { ...data.y, codes: data.y.codes.map((code) => 1 - code) } };
    const first = await decisionTree({ maxDepth: 5, monotonicConstraints: { 0: 1, 2: -1 } }).fit(data);
    const turned = await decisionTree({ maxDepth: 5, monotonicConstraints: { 0: -1, 2: 1 } }).fit(swapped);
    expect([...turned.trees[0]!.feature]).toEqual([...first.trees[0]!.feature]);
    expect([...turned.trees[0]!.threshold]).toEqual([...first.trees[0]!.threshold]);
    first.trees[0]!.value.forEach((share, at) => {
      expect(turned.trees[0]!.value[at ^ 1]).toBeCloseTo(share, 12);
    });
  });

  it('are the plain ones where no split goes against the constraint', async () => {
    const X = matrix(
      Float64Array.from({ length: 60 }, (_, i) => Math.floor(i / 3)),
      60,
      1,
    );
    const y = { codes: Int32Array.from({ length: 60 }, (_, i) => (i % 3 < i / 15 ? 1 : 0)), classes: [0, 1] };
    const plain = await decisionTree().fit({ X, y });
    const monotone = await decisionTree({ monotonicConstraints: { 0: 1 } }).fit({ X, y });
    expect([...monotone.trees[0]!.threshold]).toEqual([...plain.trees[0]!.threshold]);
    const against = await decisionTree({ monotonicConstraints: { 0: -1 } }).fit({ X, y });
    expect(against.trees[0]!.feature).toHaveLength(1);
  });

  it('count a weight as so many rows', async () => {
    const data = noise(200, 4, 2);
    const copies = [...data.weights].flatMap((weight, i) => Array<number>(weight).fill(i));
    const repeated = {
      X: matrix(
        Float64Array.from(copies.flatMap((i) => [...data.X.data.subarray(4 * i, 4 * i + 4)])),
        copies.length,
        4,
      ),
      y: { ...data.y, codes: Int32Array.from(copies, (i) => data.y.codes[i]!) },
    };
    const learner = decisionTree({ maxDepth: 6, monotonicConstraints: { 0: 1, 1: -1 } });
    expect(JSON.stringify(await learner.fit(data))).toBe(JSON.stringify(await learner.fit(repeated)));
  });

  it('are the same of sparse rows, and where other columns are categories', async () => {
    const data = overlapping(300, 4, 2, 3, 0.6);
    const learner = randomForest({ nEstimators: 5, monotonicConstraints: { 0: 1, 3: -1 } });
    const dense = await learner.fit(data);
    expect(JSON.stringify(await learner.fit({ ...data, X: toSparse(data.X) }))).toBe(JSON.stringify(dense));
    const codes = noise(300, 4, 5);
    codes.X.data.forEach((value, at) => {
      if (at % 4 === 1) codes.X.data[at] = Math.floor(Math.abs(value) * 4) % 6;
    });
    const options = { nEstimators: 9, categoricalFeatures: [1], monotonicConstraints: { 0: 1, 2: -1 } as const };
    for (const make of [randomForest, extraTrees]) {
      const model = await make(options).fit(codes);
      expect(model.trees.some((tree) => tree.categories.size > 0)).toBe(true);
      expect(await greatestBreach(second(model), codes.X, options.monotonicConstraints)).toBeLessThanOrEqual(0);
    }
  });

  it('judge rows out of the bag by the leaves that the model has', async () => {
    const data = noise(150, 3, 8);
    const options = { nEstimators: 1, oobScore: true, monotonicConstraints: { 0: 1, 1: -1 } } as const;
    for (const model of [await randomForest(options).fit(data), await balancedRandomForest(options).fit(data)]) {
      const p = await model.predictProba(data.X);
      let judged = 0;
      model.outOfBag!.data.forEach((share, at) => {
        if (Number.isNaN(share)) return;
        judged++;
        expect(share).toBe(p.data[at]);
      });
      expect(judged).toBeGreaterThan(20);
    }
  });

  it('give the same bytes on any number of threads, and read back', async () => {
    const data = noise(500, 4, 9, 0.1);
    const options = { nEstimators: 12, oobScore: true, monotonicConstraints: { 0: 1, 1: 1, 3: -1 } } as const;
    const written = [];
    for (const threads of [1, 2, 3]) {
      const runtime = await createKernelRuntime({ threads });
      const model = await randomForest(options).fit(data, { runtime });
      written.push(`${JSON.stringify(model)}${[...model.outOfBag!.data]}`);
      if (threads === 1) {
        const read = forestModelFromJSON('random-forest', JSON.parse(JSON.stringify(model)));
        expect([...(await read.predictProba(data.X)).data]).toEqual([...(await model.predictProba(data.X)).data]);
        expect(JSON.stringify(read)).toBe(JSON.stringify(model));
      }
      await runtime.dispose();
    }
    expect(written[1] === written[0] && written[2] === written[0]).toBe(true);
  });

  it('are explained by values that add up to their clipped shares', async () => {
    const data = noise(200, 4, 12);
    const model = await randomForest({ nEstimators: 5, monotonicConstraints: { 0: 1, 1: -1 } }).fit(data);
    const { values, base } = await treeShap(model, data.X);
    const p = await model.predictProba(data.X);
    for (let i = 0; i < 200; i++) {
      const sum = values[1]!.data.subarray(4 * i, 4 * i + 4).reduce((a, b) => a + b, base[1]!);
      expect(sum).toBeCloseTo(p.data[2 * i + 1]!, 10);
    }
  });

  it('are refused for more than two classes, for categories and for what is no map of columns', async () => {
    const refused = expect.objectContaining({ code: 'bad-option' });
    const three = overlapping(60, 3, 3, 1);
    for (const make of [decisionTree, randomForest, extraTrees, balancedRandomForest]) {
      for (const wrong of [{ 0: 2 }, { '-1': 1 }, { x: 1 }, 'rising', 1, null, { 0.5: 1 }]) {
        expect(() => make({ monotonicConstraints: wrong as never })).toThrow(refused);
      }
      expect(() => make({ monotonicConstraints: { 1: 1 }, categoricalFeatures: [1] })).toThrow(refused);
      await expect(make({ monotonicConstraints: { 0: 1 } }).fit(three)).rejects.toThrow(/two classes/);
      await expect(make({ monotonicConstraints: { 9: 1 } }).fit(overlapping(60, 3, 2, 1))).rejects.toThrow(refused);
    }
  });
});
