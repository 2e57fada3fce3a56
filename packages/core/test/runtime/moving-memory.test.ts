import { afterAll, describe, expect, test, vi } from 'vitest';
import { detectors } from '../../src/anomaly/registry.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { matrix } from '../../src/data/matrix.ts';
import { ensembles } from '../../src/ensemble/registry.ts';
import { learners } from '../../src/learn/registry.ts';
import { gradientBoostingRegression } from '../../src/learn/trees/gradient-boosting-regression.ts';
import { createKernelRuntime } from '../../src/runtime/kernel-runtime.ts';
import { randomStream } from '../../src/runtime/random.ts';

/**
 * A memory that grows leaves old views empty. Here it does so each time a block is taken, so that work which holds a view
 * across that fails at any size and not only where the memory happens to be full.
 */
vi.mock('../../src/runtime/kernel-memory.ts', async (original) => {
  const real = await original<typeof import('../../src/runtime/kernel-memory.ts')>();
  return {
    ...real,
    kernelMemory(memory: WebAssembly.Memory, base: number, maximumPages: number) {
      const blocks = real.kernelMemory(memory, base, maximumPages);
      const allocate = (bytes: number) => {
        const address = blocks.allocate(bytes);
        memory.grow(0);
        return address;
      };
      return { ...blocks, allocate };
    },
  };
});

const runtime = await createKernelRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

function rowsOfTwoClasses(weigh: boolean): Dataset {
  const stream = randomStream(1, 'rows');
  const count = 80;
  const codes = Int32Array.from({ length: count }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const values = Float64Array.from({ length: 3 * count }, (_, at) => stream.uniform() + codes[Math.floor(at / 3)]! / 2);
  const weights = Float64Array.from({ length: count }, (_, i) => 1 + (i % 3));
  return { X: matrix(values, count, 3), y: { classes: ['a', 'b'], codes }, ...(weigh ? { weights } : {}) };
}

describe('no view is held while blocks are taken', () => {
  const data = rowsOfTwoClasses(true);

  test.each(learners.map((entry) => [entry.name, entry] as const))('learner %s', async (_name, { create }) => {
    const model = await create().fit(data, { runtime });
    expect((await model.predictProba(data.X, { runtime })).rows).toBe(data.X.rows);
  });

  test.each([...ensembles])('ensemble %s', async (_name, { create }) => {
    const model = await create({ nEstimators: 2 }).fit(data, { runtime });
    expect((await model.predictProba(data.X, { runtime })).rows).toBe(data.X.rows);
  });

  test.each(detectors.map((entry) => [entry.name, entry] as const))('detector %s', async (_name, entry) => {
    const { X } = rowsOfTwoClasses(false);
    const model = await entry.create({}).fit(X, { runtime });
    expect((await model.score(X, { runtime })).length).toBe(X.rows);
  });

  test('regression', async () => {
    const targets = Float64Array.from(data.y.codes);
    const model = await gradientBoostingRegression({ maxIterations: 3 }).fit({ X: data.X, targets }, { runtime });
    expect((await model.predict(data.X, { runtime })).length).toBe(data.X.rows);
  });
});
