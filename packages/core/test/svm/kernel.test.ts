import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { sparseMatrix } from '../../src/data/sparse.ts';
import { defaultRuntime } from '../../src/runtime/default-runtime.ts';
import { resolveKernel } from '../../src/svm/kernel.ts';
import { columnMeans, kernelOfItself, kernelRows, swapCells } from '../../src/svm/kernel-rows.ts';

// Cells 0, 2, 0, 0, 4, 0: mean 1, variance 14 / 6.
const dense = matrix(Float64Array.of(0, 2, 0, 0, 4, 0), 3, 2);
const sparse = sparseMatrix(Int32Array.of(0, 1, 1, 2), Int32Array.of(1, 0), Float64Array.of(2, 4), 2);

describe('resolveKernel', () => {
  it('works gamma out from the cells, stored or not', () => {
    for (const X of [dense, sparse]) expect(resolveKernel('rbf', 'scale', X).gamma).toBeCloseTo(1 / (2 * (14 / 6)), 14);
    expect(resolveKernel('rbf', 'auto', dense).gamma).toBe(0.5);
    expect(resolveKernel('rbf', 3, dense).gamma).toBe(3);
    expect(resolveKernel('rbf', 'scale', matrix(new Float64Array(6).fill(2), 3, 2)).gamma).toBe(1);
    expect(resolveKernel('linear', 'scale', dense).gamma).toBe(0);
  });
});

describe('the kernel of rows in blocks', () => {
  it('is that of the definition, for any blocks, also after rows changed places', async () => {
    const memory = await (await defaultRuntime()).open();
    const placed = (values: Float64Array, length = values.length) => {
      const block = memory.float64(length, 'zero');
      block.view().set(values);
      return block;
    };
    const rows = 21;
    const X = matrix(
      Float64Array.from({ length: rows * 3 }, (_, i) => Math.sin(i * i)),
      rows,
      3,
    );
    const cell = (row: number, j: number) => X.data[row * 3 + j]!;
    const product = (a: number, b: number) => [0, 1, 2].reduce((sum, j) => sum + cell(a, j) * cell(b, j), 0);
    const squared = (a: number, b: number) => [0, 1, 2].reduce((sum, j) => sum + (cell(a, j) - cell(b, j)) ** 2, 0);
    for (const kernel of [
      { name: 'linear', gamma: 0 },
      { name: 'rbf', gamma: 0.7 },
    ] as const) {
      const prepared = kernelRows(X, kernel, columnMeans(X));
      const order = Array.from({ length: rows }, (_, i) => i);
      for (const [a, b] of [
        [2, 17],
        [8, 9],
        [0, 20],
      ] as const) {
        swapCells(prepared.cells, 3, a, b);
        [prepared.halves[a], prepared.halves[b]] = [prepared.halves[b]!, prepared.halves[a]!];
        [order[a], order[b]] = [order[b]!, order[a]!];
      }
      const value = (a: number, b: number) =>
        kernel.name === 'linear' ? product(order[a]!, order[b]!) : Math.exp(-0.7 * squared(order[a]!, order[b]!));
      const cells = placed(prepared.cells);
      const halves = placed(prepared.halves, 24);
      const scratch = memory.float64(3);
      for (const [i, from, to] of [
        [0, 0, 3],
        [7, 1, 3],
        [20, 2, 3],
        [5, 0, 1],
        [4, 1, 1],
      ] as const) {
        const target = placed(new Float64Array(24).fill(-9));
        const rbf = kernel.name === 'rbf' ? halves.address : 0;
        const own = [cells.address, i, prepared.halves[i]!, 3, scratch.address] as const;
        memory.call('svmKernels', ...own, cells.address, rbf, target.address, from, to);
        const found = target.view();
        for (let t = 0; t < rows; t++) {
          expect(found[t]).toBeCloseTo(t >= 8 * from && t < 8 * to ? value(i, t) : -9, 13);
        }
        expect(kernelOfItself(prepared, i)).toBeCloseTo(value(i, i), 13);
      }
    }
    memory.close();
  });
});
