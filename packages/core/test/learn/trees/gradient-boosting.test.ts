import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import {
  depthOf,
  gradientBoosting,
  gradientBoostingModelFromJSON,
  leavesOf,
  type Tree,
} from '../../../src/learn/index.ts';
import { createKernelRuntime } from '../../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { leafOf, type ReferenceNode, referenceBoosting, referenceClassBoosting } from './boosting-reference.ts';

interface Sample {
  readonly rows: number[][];
  readonly labels: number[];
  readonly weights: number[];
}

/** Rows of few distinct values with ties, holes and weights; more than 255 distinct values nowhere, so bins lose nothing. */
function sample(seed: number, count: number, holes: boolean, weighted: boolean): Sample {
  const stream = randomStream(seed, 'boosting');
  const rows: number[][] = [];
  const labels: number[] = [];
  for (let i = 0; i < count; i++) {
    const row = [
      Math.round(stream.normal() * 8) / 4,
      stream.normal(),
      stream.integer(3),
      holes && stream.uniform() < 0.25 ? Number.NaN : Math.round(stream.normal() * 10),
      stream.uniform() < 0.7 ? 0 : stream.integer(4),
    ];
    const z =
      row[0]! * row[1]! + (row[2] === 1 ? 1.3 : -0.4) + (Number.isNaN(row[3]!) ? 1 : row[3]! / 10) - row[4]! / 3;
    rows.push(row);
    labels.push(z + stream.normal() > 0.8 ? 1 : 0);
  }
  const weights = rows.map(() => (weighted ? 1 + stream.integer(3) : 1));
  return { rows, labels, weights };
}

const dataOf = ({ rows, labels, weights }: Sample) => ({
  X: matrix(Float64Array.from(rows.flat()), rows.length, rows[0]!.length),
  y: { codes: Int32Array.from(labels), classes: ['no', 'yes'] },
  weights: Float64Array.from(weights),
});

/** The tree as nested nodes. */
function nested(tree: Tree, node = 0): ReferenceNode {
  const at = { feature: tree.feature[node]!, value: tree.value[node]! };
  const rule = { threshold: tree.threshold[node]!, missingLeft: tree.missingLeft[node] === 1 };
  if (at.feature < 0) return { ...at, ...rule };
  return { ...at, ...rule, left: nested(tree, tree.left[node]!), right: nested(tree, tree.right[node]!) };
}

function expectSame(ours: ReferenceNode, theirs: ReferenceNode): void {
  expect(ours.feature).toBe(theirs.feature);
  if (!theirs.left || !theirs.right) {
    expect(ours.value).toBeCloseTo(theirs.value, 8);
    return;
  }
  expect(ours.threshold).toBe(theirs.threshold);
  expectSame(ours.left!, theirs.left);
  expectSame(ours.right!, theirs.right);
}

describe('gradient boosting', () => {
  it.each([
    [1, false, false, 0, 0],
    [2, true, false, 0, 0],
    [3, true, true, 0, 1],
    [4, false, true, 0.5, 0.3],
    [5, true, false, 1, 2],
  ])(
    'grows the trees of the formulas, seed %i, holes %s, weights %s, L1 %d, L2 %d',
    async (seed, holes, weighted, l1, l2) => {
      const data = sample(seed, 250, holes, weighted);
      const options = { rounds: 8, leaves: 7, learningRate: 0.3, minRows: 12 };
      const reference = referenceBoosting(data.rows, data.labels, data.weights, { ...options, l1, l2 });
      const model = await gradientBoosting({
        maxIterations: options.rounds,
        maxLeafNodes: options.leaves,
        learningRate: options.learningRate,
        minSamplesLeaf: options.minRows,
        l1Regularization: l1,
        l2Regularization: l2,
      }).fit(dataOf(data));
      expect(model.initial[0]).toBeCloseTo(reference.initial, 12);
      expect(model.trees.length).toBe(options.rounds);
      for (const [t, { tree }] of model.trees.entries()) expectSame(nested(tree), reference.trees[t]!);
      const p = await model.predictProba(dataOf(data).X);
      data.rows.forEach((row, i) => {
        const z = reference.trees.reduce((sum, tree) => sum + leafOf(tree, row).value, reference.initial);
        expect(p.data[2 * i + 1]).toBeCloseTo(1 / (1 + Math.exp(-z)), 9);
      });
    },
  );

  it.each([
    [21, false, false],
    [22, true, true],
  ])(
    'grows the trees of the formulas for three classes, seed %i, holes %s, weights %s',
    async (seed, holes, weighted) => {
      const data = sample(seed, 240, holes, weighted);
      const labels = data.labels.map((label, i) => (label === 1 && data.rows[i]![2] === 2 ? 2 : label));
      const options = { rounds: 5, leaves: 6, learningRate: 0.3, minRows: 12, l1: 0, l2: 0.5 };
      const reference = referenceClassBoosting(data.rows, labels, data.weights, 3, options);
      const model = await gradientBoosting({
        maxIterations: options.rounds,
        maxLeafNodes: options.leaves,
        learningRate: options.learningRate,
        minSamplesLeaf: options.minRows,
        l2Regularization: options.l2,
      }).fit({ ...dataOf(data), y: { codes: Int32Array.from(labels), classes: ['a', 'b', 'c'] } });
      model.initial.forEach((start, k) => {
        expect(start).toBeCloseTo(reference.initial[k]!, 12);
      });
      expect(model.trees.map(({ output }) => output)).toEqual(reference.trees.flatMap(() => [0, 1, 2]));
      for (const [t, { tree }] of model.trees.entries())
        expectSame(nested(tree), reference.trees[Math.floor(t / 3)]![t % 3]!);
      const p = await model.predictProba(dataOf(data).X);
      reference.scores.forEach((z, i) => {
        const total = z.reduce((sum, score) => sum + Math.exp(score), 0);
        z.forEach((score, k) => {
          expect(p.data[3 * i + k]).toBeCloseTo(Math.exp(score) / total, 9);
        });
      });
    },
  );

  it('does not change where zeros share a column of bytes: sparse rows of levels give the trees of their codes', async () => {
    const stream = randomStream(9, 'levels');
    const codes = Array.from({ length: 400 }, () => stream.integer(12));
    const labels = codes.map((code) => (stream.uniform() < [0.1, 0.6, 0.3][code % 3]! ? 1 : 0));
    const levels = codes.flatMap((code) => Array.from({ length: 12 }, (_, k) => (k === code ? 1 : 0)));
    const y = { codes: Int32Array.from(labels), classes: [0, 1] };
    // A column that is never 0 keeps the levels from being told apart by order; each is on its own.
    const together = await gradientBoosting({ maxIterations: 5, minSamplesLeaf: 5 }).fit({
      X: matrix(Float64Array.from(levels), 400, 12),
      y,
    });
    const apart = await gradientBoosting({ maxIterations: 5, minSamplesLeaf: 5 }).fit({
      X: matrix(
        Float64Array.from(levels, (level) => level + 1),
        400,
        12,
      ),
      y,
    });
    together.trees.forEach(({ tree }, t) => {
      const other = apart.trees[t]!.tree;
      expect([...tree.feature]).toEqual([...other.feature]);
      expect([...tree.value]).toEqual([...other.value]);
      expect([...tree.cover]).toEqual([...other.cover]);
    });
  });

  it('keeps to its limits: leaves, depth, rows a leaf', async () => {
    const data = dataOf(sample(6, 600, true, false));
    const narrow = await gradientBoosting({ maxLeafNodes: 9, minSamplesLeaf: 25, maxIterations: 10 }).fit(data);
    for (const { tree } of narrow.trees) {
      expect(leavesOf(tree)).toBeLessThanOrEqual(9);
      tree.feature.forEach((feature, node) => {
        if (feature < 0) expect(tree.cover[node]).toBeGreaterThanOrEqual(25);
      });
    }
    const flat = await gradientBoosting({ maxDepth: 2, maxIterations: 10 }).fit(data);
    expect(Math.max(...flat.trees.map(({ tree }) => depthOf(tree)))).toBe(2);
  });

  it('grows the same tree either way where leaves are not limited', async () => {
    const data = dataOf(sample(7, 500, true, false));
    const options = { maxIterations: 6, maxLeafNodes: 1000, maxDepth: 5 };
    const leafWise = await gradientBoosting({ ...options, growth: 'leaf-wise' }).fit(data);
    const depthWise = await gradientBoosting({ ...options, growth: 'depth-wise' }).fit(data);
    expect(JSON.stringify(depthWise.trees.map(({ tree }) => nested(tree)))).toBe(
      JSON.stringify(leafWise.trees.map(({ tree }) => nested(tree))),
    );
  });

  it('never falls along a column that may only rise', async () => {
    const data = dataOf(sample(8, 500, false, false));
    const model = await gradientBoosting({ monotonicConstraints: { 1: 1, 0: -1 }, maxIterations: 40 }).fit(data);
    for (let i = 0; i < 40; i++) {
      const row = data.X.data.slice(i * 5, i * 5 + 5);
      for (const [column, sign] of [
        [1, 1],
        [0, -1],
      ] as const) {
        const line = Float64Array.from({ length: 61 * 5 }, (_, at) =>
          at % 5 === column ? (Math.floor(at / 5) - 30) / 10 : row[at % 5]!,
        );
        const p = await model.predictProba(matrix(line, 61, 5));
        for (let k = 1; k < 61; k++) {
          expect(sign * (p.data[2 * k + 1]! - p.data[2 * k - 1]!)).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  it('splits category codes by sets: one split finds what order hides', async () => {
    const stream = randomStream(3, 'codes');
    const codes = Array.from({ length: 900 }, () => stream.integer(8));
    const wanted = new Set([1, 4, 6]);
    const labels = Int32Array.from(codes, (code) => (stream.uniform() < (wanted.has(code) ? 0.9 : 0.1) ? 1 : 0));
    const X = matrix(Float64Array.from(codes), 900, 1);
    const y = { codes: labels, classes: [0, 1] };
    const options = { maxIterations: 1, maxLeafNodes: 2 };
    const { trees } = await gradientBoosting({ ...options, categoricalFeatures: [0] }).fit({ X, y });
    const sets = [...trees[0]!.tree.categories.values()].map((set) => [...set].sort());
    expect([[[1, 4, 6]], [[0, 2, 3, 5, 7]]]).toContainEqual(sets);
  });

  it('gives the same bytes on any number of threads where the work is shared out', async () => {
    const data = dataOf(sample(10, 40000, true, false));
    const written = [];
    for (const threads of [1, 2, 3]) {
      const runtime = await createKernelRuntime({ threads });
      written.push(JSON.stringify(await gradientBoosting({ maxIterations: 4 }).fit(data, { runtime })));
      await runtime.dispose();
    }
    expect(written[1] === written[0] && written[2] === written[0]).toBe(true);
  });

  it('samples rows and columns by its seed alone', async () => {
    const data = dataOf(sample(11, 300, false, false));
    const options = { maxIterations: 5, subsample: 0.6, maxFeatures: 0.5 };
    const fitted = async (seed: number) => JSON.stringify(await gradientBoosting({ ...options, seed }).fit(data));
    expect(await fitted(1)).toBe(await fitted(1));
    expect(await fitted(1)).not.toBe(await fitted(2));
    const { trees } = await gradientBoosting({ ...options, minSamplesLeaf: 5 }).fit(data);
    for (const { tree } of trees) expect(tree.cover[0]).toBe(180);
  });

  it('refuses what it cannot take, before it starts', async () => {
    for (const options of [
      { learningRate: 0 },
      { maxIterations: 1.5 },
      { maxLeafNodes: 1 },
      { maxBins: 256 },
      { subsample: 0 },
      { growth: 'wide' as never },
      { monotonicConstraints: { 0: 2 as never } },
      { categoricalFeatures: 3 as never },
      { categoricalFeatures: 'all' as never },
      { categoricalFeatures: [0.5] },
    ]) {
      expect(() => gradientBoosting(options)).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
    const data = dataOf(sample(12, 50, false, false));
    data.X.data[7] = Number.POSITIVE_INFINITY;
    await expect(gradientBoosting().fit(data)).rejects.toMatchObject({ code: 'not-finite', details: { row: 1 } });
  });

  it.each([
    [2, 0],
    [3, 2],
  ])('reads no model of %i classes whose start or sum is no score, and says which field it is', async (classes, at) => {
    const drawn = dataOf(sample(14, 120, false, false));
    const y = { codes: drawn.y.codes.map((code, i) => (i % 3 === 2 ? classes - 1 : code)), classes: ['a', 'b', 'c'] };
    const model = await gradientBoosting({ maxIterations: 2 }).fit({ X: drawn.X, y });
    const bent = (bend: (json: { initial: unknown[]; trees: { value: number[] }[]; iterations: number }) => void) => {
      const json = JSON.parse(JSON.stringify(model));
      bend(json);
      return () => gradientBoostingModelFromJSON(json);
    };
    // JSON writes NaN and infinity as null.
    for (const start of [1e308, -1e308, 1e300, 1e7, null, Number.NaN, Number.POSITIVE_INFINITY, '0', true]) {
      const refused = { code: 'bad-model', message: expect.stringContaining('"initial"') };
      expect(
        bent((json) => {
          json.initial[at] = start;
        }),
      ).toThrow(expect.objectContaining(refused));
    }
    const leaves = bent(({ trees }) => {
      for (const tree of trees) tree.value.fill(1e308);
    });
    expect(leaves).toThrow(expect.objectContaining({ code: 'bad-model', message: expect.stringContaining('"trees"') }));
    const rounds = bent((json) => {
      json.iterations = 7;
    });
    expect(rounds).toThrow(/field "iterations" is 7, but there are \d trees/);
    expect(bent(() => {})().initial).toEqual(model.initial);
  });

  it('reads a start that weights within their bounds and an adjustment can lead to', async () => {
    const data = dataOf(sample(15, 60, false, false));
    const weights = Float64Array.from(data.y.codes, (code) => (code ? 1e-199 : 1e99));
    const loss = { name: 'logit-adjusted', tau: 100 } as const;
    for (const options of [{}, { loss }]) {
      const model = await gradientBoosting({ maxIterations: 2, ...options }).fit({ ...data, weights });
      expect(Math.abs(model.initial[0]!)).toBeGreaterThan(500);
      const read = gradientBoostingModelFromJSON(JSON.parse(JSON.stringify(model)));
      expect((await read.predictProba(data.X)).data).toEqual((await model.predictProba(data.X)).data);
    }
  });

  it('reads no model that was tampered with', async () => {
    const model = await gradientBoosting({ maxIterations: 2 }).fit(dataOf(sample(13, 100, false, false)));
    const written = () => JSON.parse(JSON.stringify(model));
    const bent = [
      (json: ReturnType<typeof written>) => json.trees[0].left.fill(0),
      (json: ReturnType<typeof written>) => json.trees[0].value.pop(),
      (json: ReturnType<typeof written>) => json.trees[1].feature.fill(99),
      (json: ReturnType<typeof written>) => json.initial.push(0),
      (json: ReturnType<typeof written>) => json.classes.pop(),
    ];
    for (const bend of bent) {
      const json = written();
      bend(json);
      expect(() => gradientBoostingModelFromJSON(json)).toThrow(expect.objectContaining({ code: 'bad-model' }));
    }
  });
});

it('a leaf of rare rows moves the log-odds by a bounded step', async () => {
  const rows = 6000;
  const rare = 30;
  const X = matrix(
    Float64Array.from({ length: rows }, (_, i) => (i < rare ? 1 : 0)),
    rows,
    1,
  );
  const y = { classes: [0, 1], codes: Int32Array.from({ length: rows }, (_, i) => (i < rare ? 1 : 0)) };
  const stepOf = async (maxLeafStep?: number) => {
    const model = await gradientBoosting({ maxIterations: 1, maxLeafStep }).fit({ X, y });
    const { data } = await model.predictProba(X);
    return Math.log(data[1]! / data[0]!) - Math.log(rare / (rows - rare));
  };
  // The Newton step of 30 rows of share 1 / 200 is 1 / p = 200, though log-odds of 20 mean certainty.
  expect(await stepOf(Number.POSITIVE_INFINITY)).toBeCloseTo(0.1 * 200, 1);
  expect(await stepOf()).toBeCloseTo(0.1 * 16, 9);
  expect(await stepOf(3)).toBeCloseTo(0.1 * 3, 9);
});

it('flags that too few rows have change nothing, and are named as what stands in the way', async () => {
  const count = 400;
  const codes = Int32Array.from({ length: count }, (_, i) => (i < 6 || i % 9 === 0 ? 1 : 0));
  const y = { codes, classes: ['no', 'yes'] };
  const rare = (i: number) => (i < 6 ? 1 : 0);
  const wide = matrix(
    Float64Array.from({ length: 2 * count }, (_, at) => (at & 1 ? rare(at >> 1) : (at >> 1) % 11)),
    count,
    2,
  );
  const narrow = matrix(
    Float64Array.from({ length: count }, (_, i) => i % 11),
    count,
    1,
  );
  const fitted = async (X: typeof wide, weights?: Float64Array) => {
    const data = weights ? { X, y, weights } : { X, y };
    return await gradientBoosting({ maxIterations: 5, minSamplesLeaf: 10 }).fit(data);
  };
  expect((await fitted(wide)).trees).toEqual((await fitted(narrow)).trees);
  // Whole weights count as so many rows.
  const twice = await fitted(wide, new Float64Array(count).fill(2));
  expect(twice.trees.some(({ tree }) => tree.feature.includes(1))).toBe(true);
  const alone = matrix(
    Float64Array.from({ length: count }, (_, i) => rare(i)),
    count,
    1,
  );
  const [notice] = (await fitted(alone)).notices;
  expect(notice!.code).toBe('fewer-rounds');
  expect(notice!.message).toContain('minSamplesLeaf');
});
