import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { decisionTree, depthOf, type ForestModel, type Tree } from '../../../src/learn/index.ts';
import { overlapping } from '../helpers.ts';

interface Node {
  readonly shares: readonly number[];
  readonly feature?: number;
  readonly threshold?: number;
  readonly left?: Node;
  readonly right?: Node;
}

interface Case {
  readonly seed: number;
  readonly classes: number;
  readonly criterion: 'gini' | 'entropy';
  readonly depth: number;
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly tree: Node;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../fixtures/decision-trees.json', import.meta.url), 'utf8'),
);

function expectNode(tree: Tree, node: number, wanted: Node): void {
  const shares = tree.value.subarray(node * tree.outputs, (node + 1) * tree.outputs);
  wanted.shares.forEach((share, k) => {
    expect(shares[k]).toBeCloseTo(share, 12);
  });
  expect(tree.feature[node]).toBe(wanted.feature ?? -1);
  if (!wanted.left || !wanted.right) return;
  expect(tree.threshold[node]).toBe(wanted.threshold);
  expectNode(tree, tree.left[node]!, wanted.left);
  expectNode(tree, tree.right[node]!, wanted.right);
}

const dataOf = (one: Case) => ({
  X: matrix(
    Float64Array.from(one.rows.flat(), (value) => value ?? Number.NaN),
    one.rows.length,
    4,
  ),
  y: { codes: Int32Array.from(one.labels), classes: Array.from({ length: one.classes }, (_, k) => k) },
  weights: Float64Array.from(one.weights),
});

describe('decision tree', () => {
  it.each(cases.map((one) => [one.seed, one.criterion, one.classes, one] as const))(
    'has the splits and the leaves of scikit-learn (case %i: %s, %i classes)',
    async (_seed, criterion, _classes, one) => {
      const model = await decisionTree({ criterion, maxDepth: one.depth }).fit(dataOf(one));
      expectNode(model.trees[0]!, 0, one.tree);
    },
  );

  it('ends only in pure leaves or rows that no column tells apart', async () => {
    const data = overlapping(400, 3, 3, 7);
    const model = await decisionTree().fit(data);
    const p = await model.predictProba(data.X);
    data.y.codes.forEach((code, i) => {
      const zeros = data.X.data.subarray(i * 3, i * 3 + 3).every((value) => value === 0);
      if (!zeros) expect(p.data[i * 3 + code]).toBe(1);
    });
  });

  it('splits where no single split gains: exclusive or', async () => {
    const X = matrix(Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1), 4, 2);
    const y = { codes: Int32Array.of(0, 1, 1, 0), classes: [0, 1] };
    const p = await (await decisionTree().fit({ X, y })).predictProba(X);
    expect([...p.data]).toEqual([1, 0, 0, 1, 0, 1, 1, 0]);
  });

  it('learns the side of missing values', async () => {
    const value = (i: number) => (i % 3 === 0 ? Number.NaN : i % 3);
    const X = matrix(
      Float64Array.from({ length: 90 }, (_, i) => value(i)),
      90,
      1,
    );
    const codes = Int32Array.from({ length: 90 }, (_, i) => (i % 3 === 2 ? 0 : 1));
    const model: ForestModel = await decisionTree().fit({ X, y: { codes, classes: [0, 1] } });
    expect(depthOf(model.trees[0]!)).toBe(1);
    const p = await model.predictProba(matrix(Float64Array.of(Number.NaN, 1, 2), 3, 1));
    expect([...p.data]).toEqual([0, 1, 0, 1, 1, 0]);
  });

  it('takes fractional weights as shares of the leaves', async () => {
    const X = matrix(new Float64Array(3).fill(1), 3, 1);
    const y = { codes: Int32Array.of(0, 1, 1), classes: [0, 1] };
    const p = await (await decisionTree().fit({ X, y, weights: Float64Array.of(0.3, 0.5, 0.7) })).predictProba(X);
    expect(p.data[1]).toBeCloseTo(0.8, 12);
  });

  it('keeps leaves above their least weight', async () => {
    const { trees } = await decisionTree({ minSamplesLeaf: 30 }).fit(overlapping(500, 4, 2, 1));
    trees[0]!.feature.forEach((feature, node) => {
      if (feature < 0) expect(trees[0]!.cover[node]).toBeGreaterThanOrEqual(30);
    });
  });
});
