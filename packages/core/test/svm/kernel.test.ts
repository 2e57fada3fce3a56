import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { sparseMatrix } from '../../src/data/sparse.ts';
import { resolveKernel } from '../../src/svm/kernel.ts';
import { columnMeans, kernelOfItself, kernelRows, kernelSlice, swapCells } from '../../src/svm/kernel-rows.ts';

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

describe('kernelSlice', () => {
  it('is the kernel of the definition, for any slice, also after rows changed places', () => {
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
      for (const [i, from, to] of [
        [0, 0, 21],
        [7, 3, 20],
        [20, 9, 11],
        [5, 8, 16],
        [4, 6, 6],
      ] as const) {
        const target = new Float64Array(rows).fill(-9);
        kernelSlice(prepared, i, prepared, target, from, to);
        target.forEach((found, t) => {
          expect(found).toBeCloseTo(t >= from && t < to ? value(i, t) : -9, 13);
        });
        expect(kernelOfItself(prepared, i)).toBeCloseTo(value(i, i), 13);
      }
    }
  });
});
