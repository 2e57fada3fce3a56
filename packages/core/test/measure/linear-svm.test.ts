import { describe, expect, it } from 'vitest';
import { linearSvm } from '../../src/measure/linear-svm.ts';
import { caseData, clouds, type LabelledSet, measureCases } from './difficulty-sets.ts';

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
