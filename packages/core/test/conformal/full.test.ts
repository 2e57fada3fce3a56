import { describe, expect, it } from 'vitest';
import { fullConformal, type Refit, summarisePValues, uniformityTest } from '../../src/conformal/index.ts';
import type { Labels } from '../../src/data/labels.ts';
import { type Matrix, matrix } from '../../src/data/matrix.ts';
import { type RandomStream, randomStream } from '../../src/runtime/random.ts';

/** Classes around two means on a line; probability from the distance to the means of the rows it is given. */
const nearestMean: Refit = ({ data, rows }: Matrix, { codes }: Labels) => {
  const sums = [0, 0];
  const counts = [0, 0];
  codes.forEach((code, row) => {
    sums[code]! += data[row]!;
    counts[code]!++;
  });
  const out = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    const far = [0, 1].map((code) => Math.exp(-((data[row]! - sums[code]! / Math.max(1, counts[code]!)) ** 2)) + 1e-12);
    out[2 * row] = far[0]! / (far[0]! + far[1]!);
    out[2 * row + 1] = 1 - out[2 * row]!;
  }
  return matrix(out, rows, 2);
};

function draw(rows: number, stream: RandomStream) {
  const codes = Int32Array.from({ length: rows }, () => (stream.uniform() < 0.8 ? 0 : 1));
  return {
    X: matrix(
      Float64Array.from(codes, (code) => stream.normal() + 1.5 * code),
      rows,
      1,
    ),
    labels: { codes, classes: ['a', 'b'] },
  };
}

describe('full conformal prediction', () => {
  it.each(['all', 'class'] as const)(
    'has uniform smoothed p-values of the true label, compared with %s',
    async (by) => {
      const stream = randomStream(1, 'full', by);
      const found: number[] = [];
      for (let round = 0; round < 400; round++) {
        const train = draw(20, stream);
        const test = draw(1, stream);
        const p = await fullConformal({ refit: nearestMean, by, seed: round })
          .fit(train.X, train.labels)
          .pValues(test.X, { smoothed: true });
        found.push(p.data[test.labels.codes[0]!]!);
      }
      expect(uniformityTest(Float64Array.from(found))!.pValue).toBeGreaterThan(0.01);
    },
  );

  it('ranks the candidate among rows of a model that has seen it', async () => {
    const X = matrix(Float64Array.of(0, 1, 4, 5), 4, 1);
    const labels = { codes: Int32Array.of(0, 0, 1, 1), classes: ['a', 'b'] };
    const model = fullConformal({ refit: nearestMean }).fit(X, labels);
    const p = await model.pValues(matrix(Float64Array.of(0.4, 20), 2, 1));
    for (const [row, x] of [0.4, 20].entries()) {
      for (const code of [0, 1]) {
        const extended = { codes: Int32Array.of(0, 0, 1, 1, code), classes: ['a', 'b'] };
        const probabilities = await nearestMean(matrix(Float64Array.of(0, 1, 4, 5, x), 5, 1), extended);
        const scores = Array.from(extended.codes, (own, i) => 1 - probabilities.data[2 * i + own]!);
        expect(p.data[2 * row + code]).toBe(scores.filter((score) => score >= scores[4]!).length / 5);
      }
    }
    expect(summarisePValues(p).predictions[0]).toBe(0);
    const sets = await model.sets(matrix(Float64Array.of(0.4), 1, 1), { alpha: 0.21 });
    expect([...sets.members]).toEqual([1, 0]);
  });

  it('obeys a signal, and refuses other columns', async () => {
    const train = draw(10, randomStream(2, 'x'));
    const model = fullConformal({ refit: nearestMean }).fit(train.X, train.labels);
    await expect(model.pValues(train.X, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    await expect(model.pValues(matrix(new Float64Array(2), 1, 2))).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});
