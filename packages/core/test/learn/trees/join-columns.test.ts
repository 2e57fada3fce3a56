import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { binRows } from '../../../src/learn/trees/binned-rows.ts';
import { fixGradients, recordWeights } from '../../../src/learn/trees/gradient-records.ts';
import { type GrowthRules, treeGrower } from '../../../src/learn/trees/grow-tree.ts';
import { createKernelRuntime } from '../../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { withKernels } from '../../../src/runtime/work.ts';

const count = 6000;
const columns = 20;
const plain: GrowthRules = {
  l1: 0,
  l2: 0,
  maxStep: 16,
  minGain: 0,
  minRows: 5,
  minHessian: 1e-3,
  monotone: new Map(),
  categorySmooth: 10,
  categoryL2: 10,
  mostCategories: 32,
  maxLeaves: 40,
  maxDepth: Number.POSITIVE_INFINITY,
  growth: 'leaf-wise',
  maxFeatures: columns,
};

/** Flags that go together, a few codes, holes, and one column of many values. */
function table() {
  const stream = randomStream(8, 'flags');
  const cells = new Float64Array(count * columns);
  const gradients = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const mood = stream.normal();
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const flag = mood + 2 * stream.normal() > (j % 5) - 2 ? 1 : 0;
      const code = j % 7 === 3 ? stream.integer(6) : flag;
      const value = j === 19 ? mood : j % 4 === 1 && stream.uniform() < 0.1 ? Number.NaN : code;
      cells[i * columns + j] = value;
      sum += (Number.isNaN(value) ? 0.5 : value) * (j % 3 === 0 ? 1 : -0.4);
    }
    gradients[i] = Math.tanh(sum + stream.normal());
  }
  return { X: matrix(cells, count, columns), gradients };
}

/** Three trees grown on the columns, joined or not, on so many threads. */
async function trees(rules: GrowthRules, leaves: number | undefined, threads: number, categorical: number[]) {
  const { X, gradients } = table();
  const runtime = await createKernelRuntime({ threads });
  try {
    return await withKernels({ runtime }, async (work) => {
      const options = { maxBins: 255, categorical: new Set(categorical), leaves };
      const rows = await binRows(work, X, { count }, options);
      const grower = treeGrower(work, rows, rules);
      const records = work.memory.float64(2 * count);
      const ones = new Float64Array(count).fill(1);
      const weights = recordWeights(work, ones, ones);
      const grown = [];
      for (let t = 0; t < 3; t++) {
        const cells = records.view();
        for (let i = 0; i < count; i++) {
          cells[2 * i] = gradients[(i + t * 17) % count]! + gradients[i]! / (t + 1);
          cells[2 * i + 1] = 1;
        }
        const fixed = await fixGradients(work, records.address, count, weights);
        grown.push(grower.grow(fixed, undefined, 0.1, randomStream(t, 'tree')).tree);
      }
      return { grown, stored: rows.columns.length };
    });
  } finally {
    await runtime.dispose();
  }
}

describe('joined columns', () => {
  const cases: [string, Partial<GrowthRules>, number[]][] = [
    ['as they are', {}, []],
    ['of which some are drawn', { maxFeatures: 7 }, []],
    [
      'some monotone',
      {
        monotone: new Map([
          [0, 1],
          [2, -1],
          [3, 1],
        ]),
      },
      [],
    ],
    ['some of categories', {}, [3, 10]],
    ['level by level', { growth: 'depth-wise', maxDepth: 4 }, []],
  ];
  for (const [name, rules, categorical] of cases) {
    it(`grow the very trees of the columns apart, ${name}, on any number of threads`, async () => {
      const apart = await trees({ ...plain, ...rules }, undefined, 1, categorical);
      expect(apart.grown[0]!.feature.length).toBeGreaterThan(20);
      for (const threads of [1, 3]) {
        const joined = await trees({ ...plain, ...rules }, 40, threads, categorical);
        expect(joined.stored).toBeLessThan(apart.stored / 3);
        expect(joined.grown).toEqual(apart.grown);
      }
    });
  }
});
