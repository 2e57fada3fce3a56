import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { type Matrix, matrix } from '../../../src/data/matrix.ts';
import { gradientBoosting } from '../../../src/learn/index.ts';
import { randomStream } from '../../../src/runtime/random.ts';

/** Rows of numbers, codes and holes whose class hangs on all of them. */
function mixed(rows: number, classes: number): Dataset & { X: Matrix } {
  const stream = randomStream(5, 'mixed', classes);
  const data = new Float64Array(rows * 4);
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const x = [
      stream.normal(),
      stream.normal(),
      stream.integer(9),
      stream.uniform() < 0.2 ? Number.NaN : stream.normal(),
    ];
    data.set(x, i * 4);
    const score = x[0]! * x[1]! + (x[2]! % 3) + (Number.isNaN(x[3]!) ? 1 : x[3]!) + stream.normal() * 0.3;
    codes[i] = Math.min(classes - 1, Math.max(0, Math.floor(score + classes / 4)));
  }
  return { X: matrix(data, rows, 4), y: { codes, classes: Array.from({ length: classes }, (_, k) => k) } };
}

const first = (X: Matrix, rows: number) => matrix(X.data.slice(0, rows * X.columns), rows, X.columns);

describe('scoring', () => {
  it.each([
    [2, 20],
    [2, 50],
    [3, 31],
    [2, 100],
  ])(
    'gives many rows at once (tables of leaves) the bytes of few (walks), %i classes, %i leaves',
    async (classes, leaves) => {
      const data = mixed(6000, classes);
      const options = { maxIterations: 40, maxLeafNodes: leaves, minSamplesLeaf: 3, categoricalFeatures: [2] };
      const model = await gradientBoosting(options).fit({
        ...data,
        X: first(data.X, 2000),
        y: { ...data.y, codes: data.y.codes.slice(0, 2000) },
      });
      data.X.data[2] = 77; // a code that was never seen
      data.X.data[6] = Number.NaN;
      data.X.data[8] = Number.NaN;
      const many = await model.predictProba(data.X);
      for (let from = 0; from < 6000; from += 1000) {
        const part = matrix(data.X.data.slice(from * 4, (from + 1000) * 4), 1000, 4);
        const few = await model.predictProba(part);
        expect(many.data.slice(from * classes, (from + 1000) * classes)).toEqual(few.data);
      }
    },
  );
});
