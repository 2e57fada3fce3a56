import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { balancedRandomForest } from '../../../src/ensemble/index.ts';
import {
  decisionTree,
  extraTrees,
  forestModelFromJSON,
  gainImportance,
  randomForest,
  type Tree,
} from '../../../src/learn/index.ts';
import { packNumbers, unpackNumbers } from '../../../src/learn/trees/pack-numbers.ts';
import { type PackedTreeJSON, packTree } from '../../../src/learn/trees/packed-tree.ts';
import { treeFromJSON, treeToJSON } from '../../../src/learn/trees/tree-json.ts';
import { overlapping } from '../helpers.ts';

describe('packed numbers', () => {
  it('are the same numbers again, whatever they are', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const whole = fc.integer({ min: -5, max: 300 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(finite, whole, fc.maxSafeInteger(), fc.float({ noNaN: true, noDefaultInfinity: true }))),
        (values) => {
          const read = unpackNumbers(packNumbers(values), values.length);
          expect([...read!]).toEqual(values.map((value) => value + 0));
        },
      ),
    );
  });

  it('take the smallest type that holds them, and a list of the distinct ones where that is shorter', () => {
    expect(packNumbers([0, 255])).toBe('a:AP8=');
    expect(packNumbers([256])).toBe('b:AAE=');
    expect(packNumbers([-1])).toBe('c://///w==');
    expect(packNumbers([0.5])).toBe('f:AAAAPw==');
    expect(packNumbers([0.1])).toBe('g:mpmZmZmZuT8=');
    // 2^24 + 1 is no 32-bit float, though each of these fits one of the types before.
    expect([...unpackNumbers(packNumbers([16777217, 0.5]), 2)!]).toEqual([16777217, 0.5]);
    const few = Array.from({ length: 400 }, (_, i) => 1 / (1 + (i % 7)));
    expect(packNumbers(few).length).toBeLessThan(700);
    expect([...unpackNumbers(packNumbers(few), 400)!]).toEqual(few);
  });

  it.each([
    ['another number of them', 'a:AP8=', 3],
    ['fewer bytes', 'g:AAAA', 1],
    ['an unknown type', 'z:AP8=', 2],
    ['no base64', 'a:A!8=', 2],
    ['infinity', 'f:AACAfw==', 1],
    ['a place past the list', 'd2:a:AAE=:a:AgA=', 2],
    ['a list that is none', 'd0:a::a:', 0],
    ['no text', 5, 1],
  ])('are refused with %s', (_what, text, count) => {
    expect(unpackNumbers(text, count)).toBeUndefined();
  });
});

describe('packed trees', () => {
  const fields = (tree: Tree) => ({ ...tree, categories: [...tree.categories] });

  it.each([
    ['whole weights', undefined],
    ['weights of any size', Float64Array.from({ length: 300 }, (_, i) => 0.3 + (i % 7) / 3)],
  ])('are the same trees again, to the last bit (%s)', async (_name, weights) => {
    const data = { ...overlapping(300, 4, 3, 6), ...(weights ? { weights } : {}) };
    for (const learner of [decisionTree(), randomForest({ nEstimators: 5 }), extraTrees({ nEstimators: 5 })]) {
      for (const tree of (await learner.fit(data)).trees) {
        const json = JSON.parse(JSON.stringify(packTree(tree)));
        expect(fields(treeFromJSON(json, 4, 3)!)).toEqual(fields(tree));
        // Files of before, with plain lists, are read as ever.
        expect(fields(treeFromJSON(JSON.parse(JSON.stringify(treeToJSON(tree))), 4, 3)!)).toEqual(fields(tree));
        expect('counts' in json).toBe(weights === undefined);
      }
    }
  });

  it('with categories and missing values too', async () => {
    const cells = Float64Array.from({ length: 400 }, (_, i) => (i % 13 === 0 ? Number.NaN : (i * 7) % 9));
    const codes = Int32Array.from({ length: 200 }, (_, i) => ((i * i) % 5 < 2 ? 1 : 0));
    const data = { X: matrix(cells, 200, 2), y: { codes, classes: ['a', 'b'] } };
    const model = await randomForest({ nEstimators: 4, categoricalFeatures: [0] }).fit(data);
    const read = forestModelFromJSON('random-forest', JSON.parse(JSON.stringify(model)));
    expect(read.trees.map(fields)).toEqual(model.trees.map(fields));
    expect(gainImportance(read)).toEqual(gainImportance(model));
    expect(model.trees.some((tree) => tree.categories.size > 0)).toBe(true);
  });

  it('take less than a third of the room of plain lists', async () => {
    const model = await balancedRandomForest({ nEstimators: 5 }).fit(overlapping(4000, 6, 2, 1));
    const trees = model.members.flatMap((member) => (member as unknown as { trees: readonly Tree[] }).trees);
    const size = (write: (tree: Tree) => object) => JSON.stringify(trees.map(write)).length;
    expect(size(packTree)).toBeLessThan(size(treeToJSON) / 3);
    // Gains by Gini follow from the counts; others are written.
    expect(trees.every((tree) => packTree(tree).gain === undefined)).toBe(true);
    const other = (await decisionTree({ criterion: 'entropy', maxDepth: 3 }).fit(overlapping(200, 3, 2, 2))).trees[0]!;
    expect(packTree(other).gain).toBeDefined();
    expect(fields(treeFromJSON(packTree(other), 3, 2)!)).toEqual(fields(other));
  });

  it('are refused when tampered with', async () => {
    const tree = (await decisionTree({ maxDepth: 3 }).fit(overlapping(200, 3, 2, 2))).trees[0]!;
    const json = packTree(tree);
    const inner = (json.nodes - 1) / 2;
    const broken: Partial<Record<keyof PackedTreeJSON, unknown>>[] = [
      { nodes: json.nodes + 2 },
      { nodes: -1 },
      { nodes: 1e12 + 1 },
      { feature: packNumbers(new Float64Array(json.nodes)) },
      { feature: packNumbers(tree.feature.map((feature) => (feature < 0 ? 0 : 9))) },
      { threshold: 'g:' },
      { left: packNumbers(new Float64Array(inner)) },
      { left: packNumbers(new Float64Array(inner).fill(1e6)) },
      { left: packNumbers(new Float64Array(inner).fill(1)) },
      { missingLeft: packNumbers(new Float64Array(inner).fill(2)) },
      { counts: packNumbers(new Float64Array(2 * (inner + 1))) },
      { counts: packNumbers(new Float64Array(2 * (inner + 1)).fill(-1)) },
      { counts: undefined },
      { categories: [[0, [300]]] },
    ];
    for (const part of broken) expect(treeFromJSON({ ...json, ...part }, 3, 2)).toBeUndefined();
    expect(treeFromJSON(json, 3, 2)).toBeDefined();
  });
});
