import { describe, expect, it } from 'vitest';
import { dimensionality } from '../../src/measure/dimensionality.ts';
import { linearSvm } from '../../src/measure/linear-svm.ts';
import { linearity } from '../../src/measure/linearity.ts';
import { symmetricEigenvalues } from '../../src/measure/symmetric-eigenvalues.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { caseData, clouds, type LabelledSet, labelled, measureCases, transformed } from './difficulty-sets.ts';

function standardised({ X }: LabelledSet): Float64Array {
  const out = X.data.slice();
  for (let f = 0; f < X.columns; f++) {
    const column = Array.from({ length: X.rows }, (_, row) => X.data[row * X.columns + f]!);
    const mean = column.reduce((sum, value) => sum + value, 0) / X.rows;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / X.rows);
    for (let row = 0; row < X.rows; row++) out[row * X.columns + f] = (column[row]! - mean) / deviation;
  }
  return out;
}

describe('linearSvm', () => {
  it('finds the minimum that scipy finds', async () => {
    for (const item of measureCases) {
      const data = caseData(item);
      const signs = Int8Array.from(data.y.codes, (code) => 2 * code - 1);
      const { weights, intercept } = await linearSvm(standardised(data), signs, data.X.columns, 1);
      for (const [j, expected] of item.hyperplane.entries()) {
        expect([...weights, intercept][j]).toBeCloseTo(expected, 6);
      }
    }
  });

  it('has no slope left at its minimum, whatever the weight of the loss', async () => {
    for (const C of [1e-3, 1, 1e3]) {
      const data = clouds([90, 10], 5, 4, 0.5);
      const X = standardised(data);
      const signs = Int8Array.from(data.y.codes, (code) => 2 * code - 1);
      const { weights, intercept } = await linearSvm(X, signs, 5, C);
      const slope = [...weights, 0];
      for (const [row, sign] of signs.entries()) {
        const values = [...X.subarray(row * 5, row * 5 + 5), 1];
        const decision = values.reduce((sum, value, j) => sum + value * [...weights, intercept][j]!, 0);
        const pull = -2 * C * Math.max(0, 1 - sign * decision) * sign;
        for (const [j, value] of values.entries()) slope[j]! += pull * value;
      }
      for (const part of slope) expect(Math.abs(part) / (1 + 100 * C)).toBeLessThan(1e-8);
    }
  });
});

describe('L1, L2, L3', () => {
  it('have the values of the minimum that scipy finds', async () => {
    for (const item of measureCases) {
      const { l1, l2 } = await linearity(caseData(item));
      expect(l1.value).toBeCloseTo(item.l1 as number, 6);
      expect(l2.value).toBeCloseTo(item.l2 as number, 14);
      expect(l2.perClass[1]).toBeCloseTo(item.l2Minority as number, 14);
    }
  });

  it('are 0 for classes that a line separates, and give up a rare class that none does', async () => {
    const apart = labelled(
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [5, 5],
        [6, 5],
      ],
      [0, 0, 0, 1, 1],
    );
    const { l1, l2, l3 } = await linearity(apart);
    expect([l1.value, l2.value, l3.value]).toEqual([0, 0, 0]);
    const ring = [...Array.from({ length: 40 }, (_, i) => [Math.cos(i), Math.sin(i)]), [0, 0], [0.01, 0], [0, 0.01]];
    const inside = await linearity(
      labelled(
        ring,
        ring.map((_, i) => (i < 40 ? 0 : 1)),
      ),
    );
    expect(inside.l2).toEqual({ value: 3 / 43, perClass: [0, 1] });
    expect(inside.l3.perClass).toEqual([0, 1]);
    expect(inside.l1.perClass[1]).toBeGreaterThan(0.5);
  });

  it('stay numbers on constant columns, and do not change when columns are shifted and stretched', async () => {
    const constant = await linearity(labelled([[3], [3], [3]], [0, 0, 1]));
    expect(constant.l1).toEqual({ value: 1, perClass: [0, 1] });
    expect(constant.l2).toEqual({ value: 1 / 3, perClass: [0, 1] });
    const data = clouds([40, 12, 9], 3, 6);
    const moved = transformed(data, (value, f) => value * [2, 0.5, 1024][f]! + [1, -8, 4][f]!);
    const [before, after] = [await linearity(data), await linearity(moved)];
    expect(after.l1.value).toBeCloseTo(before.l1.value, 8);
    expect(after.l2).toEqual(before.l2);
    await expect(linearity(data, { C: 0 })).rejects.toMatchObject({ code: 'bad-option' });
  });
});

describe('T2, T3, T4', () => {
  it('equal problexity', () => {
    for (const item of measureCases) {
      const { t2, t3, t4 } = dimensionality(caseData(item));
      expect(t2.value).toBeCloseTo(item.columns / item.rows, 14);
      expect(t3.value).toBeCloseTo(item.t3 as number, 14);
      expect(t4.value).toBeCloseTo(item.t4 as number, 14);
    }
  });

  it('count directions of the data, for each class its own, with more columns than rows as well', () => {
    // Class 0 varies along a line in six columns, class 1 in a plane; one row does not vary.
    const line = [0, 1, 2, 3].map((t) => [t, 2 * t, -t, t, 0, 7]);
    const plane = [
      [0, 0],
      [3, 0],
      [0, 2],
      [1, 1],
    ].map(([a, b]) => [a!, b!, a! - b!, 0, 0, 7]);
    const data = labelled([...line, ...plane, [1, 2, 3, 4, 5, 6]], [0, 0, 0, 0, 1, 1, 1, 1, 2]);
    const { components, t3, t4 } = dimensionality(data);
    expect(components.perClass).toEqual([1, 2, 0]);
    expect(t3.perClass).toEqual([1 / 4, 2 / 4, 0]);
    expect(t4.perClass).toEqual([1 / 6, 2 / 6, 0]);
  });
});

describe('symmetricEigenvalues', () => {
  it('has the trace and the squared norm of the matrix, and known spectra', () => {
    expect(Array.from(symmetricEigenvalues(Float64Array.from([2, 1, 1, 2]), 2))).toEqual([
      expect.closeTo(3, 14),
      expect.closeTo(1, 14),
    ]);
    // Second differences: 2 - 2 cos(pi j / (n + 1)).
    for (const size of [1, 2, 3, 10, 40]) {
      const A = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        A[i * size + i] = 2;
        if (i > 0) A[i * size + i - 1] = A[(i - 1) * size + i] = -1;
      }
      const found = symmetricEigenvalues(A, size);
      for (let j = 0; j < size; j++) {
        expect(found[j]).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (size - j)) / (size + 1)), 12);
      }
    }
    const stream = randomStream(3, 'symmetric');
    for (const size of [4, 17, 50]) {
      const A = new Float64Array(size * size);
      for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) A[i * size + j] = A[j * size + i] = stream.normal();
      const trace = A.reduce((sum, value, at) => sum + (at % (size + 1) === 0 ? value : 0), 0);
      const squares = A.reduce((sum, value) => sum + value * value, 0);
      const found = symmetricEigenvalues(A.slice(), size);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 10);
      expect(found.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 8);
    }
  });
});
