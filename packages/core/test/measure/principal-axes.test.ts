import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import { principalAxes, projectRows } from '../../src/measure/principal-axes.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { toSparse } from '../learn/helpers.ts';

interface AxesCase {
  readonly rows: number;
  readonly columns: number;
  readonly X: number[];
  readonly axes: number[];
  readonly explained: number[];
  readonly scores: number[];
}

const golden: Record<'tall' | 'wide', AxesCase> = JSON.parse(
  readFileSync(new URL('../fixtures/principal-axes.json', import.meta.url), 'utf8'),
);

describe('principalAxes', () => {
  it('are those of scikit-learn, from columns and from rows, dense and sparse', () => {
    for (const { rows, columns, X, axes, explained, scores } of Object.values(golden)) {
      const dense = matrix(Float64Array.from(X), rows, columns);
      for (const rowsOf of [dense, toSparse(dense)]) {
        const found = principalAxes(rowsOf, 2);
        for (const [i, value] of axes.entries()) expect(found.axes[i]).toBeCloseTo(value, 11);
        for (const [i, value] of explained.entries()) expect(found.explained[i]).toBeCloseTo(value, 12);
        const places = projectRows(rowsOf, found);
        for (const [i, value] of scores.entries()) expect(places.data[i]).toBeCloseTo(value, 10);
      }
    }
  });

  it('are orthogonal unit vectors that project to uncorrelated places, also where eigenvalues are equal', () => {
    const stream = randomStream(1, 'axes');
    const sets = [
      matrix(
        Float64Array.from({ length: 300 * 40 }, () => stream.normal()),
        300,
        40,
      ),
      // The corners of a cube: three equal eigenvalues.
      matrix(Float64Array.from([0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [i & 1, (i >> 1) & 1, i >> 2])), 8, 3),
    ];
    for (const X of sets) {
      const { axes, explained } = principalAxes(X, 2);
      const first = axes.subarray(0, X.columns);
      const second = axes.subarray(X.columns);
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      expect(dot(first, first)).toBeCloseTo(1, 12);
      expect(dot(second, second)).toBeCloseTo(1, 12);
      expect(dot(first, second)).toBeCloseTo(0, 10);
      const { data } = projectRows(X, principalAxes(X, 2));
      let product = 0;
      for (let i = 0; i < X.rows; i++) product += data[2 * i]! * data[2 * i + 1]!;
      expect(product / X.rows).toBeCloseTo(0, 10);
      expect(explained[0]).toBeGreaterThanOrEqual(explained[1]!);
    }
  });

  it('say that nothing is explained where nothing varies, and one axis where one column is', () => {
    expect(principalAxes(matrix(new Float64Array(6).fill(2), 3, 2), 2).explained).toEqual([0, 0]);
    const line = principalAxes(matrix(Float64Array.from([1, 2, 4]), 3, 1), 2);
    expect(line.explained).toEqual([1, 0]);
    expect(Array.from(projectRows(matrix(Float64Array.from([1, 2, 4]), 3, 1), line).data)).toEqual([
      expect.closeTo(-4 / 3, 14),
      0,
      expect.closeTo(-1 / 3, 14),
      0,
      expect.closeTo(5 / 3, 14),
      0,
    ]);
  });
});
