import { describe, expect, it } from 'vitest';
import { inductiveVennAbers } from '../../src/calibrate/index.ts';
import { groupScores } from '../../src/calibrate/score-groups.ts';
import { randomStream } from '../../src/runtime/random.ts';

/** By a plain map, in the order of the rows. */
function byMap(scores: Float64Array, labels: Int32Array, weights: Float64Array | undefined) {
  const groups = new Map<number, [weight: number, positives: number]>();
  scores.forEach((score, row) => {
    const weight = weights?.[row] ?? 1;
    if (weight === 0) return;
    const group = groups.get(score + 0) ?? [0, 0];
    groups.set(score + 0, [group[0] + weight, group[1] + (labels[row] === 1 ? weight : 0)]);
  });
  const sorted = [...groups].sort((a, b) => a[0] - b[0]);
  return {
    scores: Float64Array.from(sorted, ([score]) => score),
    weights: Float64Array.from(sorted, ([, [weight]]) => weight),
    positives: Float64Array.from(sorted, ([, [, positives]]) => positives),
  };
}

describe('groupScores', () => {
  const rows = 20_000;
  const shapes: Readonly<Record<string, (u: number, row: number) => number>> = {
    'a few values': (u) => Math.floor(7 * u) - 3,
    'ten thousandths': (u) => Math.round(1e4 * u) / 1e4 / 5,
    'both zeros and extremes': (_, row) => [-0, 0, 5e-324, -5e-324, 1.7e308, -1.7e308][row % 6]!,
    'powers of two, which differ in few bits': (u) => 2 ** Math.floor(2000 * u - 1000),
    'all distinct': (u) => u,
    'distinct from half way on': (u, row) => (row < rows / 2 ? 1 : u),
  };
  for (const [name, score] of Object.entries(shapes)) {
    it(`gives distinct scores and their sums to the bit, with and without weights: ${name}`, () => {
      const stream = randomStream(1, name);
      const scores = Float64Array.from({ length: rows }, (_, row) => score(stream.uniform(), row));
      const labels = Int32Array.from({ length: rows }, () => Number(stream.uniform() < 0.3));
      const weights = Float64Array.from({ length: rows }, () => (stream.uniform() < 0.1 ? 0 : stream.uniform()));
      for (const used of [undefined, weights]) {
        const found = groupScores(scores, labels, used);
        expect(found).toEqual(byMap(scores, labels, used));
        expect(found.scores.some((one) => Object.is(one, -0))).toBe(false);
      }
    });
  }
});

describe('many look-ups at once', () => {
  it('give what single ones give, wherever the steps lie', () => {
    const shapes: readonly ((u: number) => number)[] = [
      (u) => u,
      (u) => 10 ** (-300 * u),
      (u) => (u < 0.5 ? -1.7e308 : 1.7e308) * u,
      (u) => 5e-324 * Math.floor(4 * u),
      () => 0.5,
      (u) => (u < 0.999 ? 1e-9 * u : 1e9),
    ];
    for (const [i, shape] of shapes.entries()) {
      const stream = randomStream(2, 'look-ups', i);
      const scores = Float64Array.from({ length: 3000 }, () => shape(stream.uniform()));
      const labels = Int32Array.from({ length: 3000 }, (_, row) =>
        Number(stream.uniform() < (row % 3 === 0 ? 0.9 : 0.1)),
      );
      const model = inductiveVennAbers({ scores, labels });
      const asked = Float64Array.from({ length: 2000 }, (_, row) =>
        row % 2 === 0 ? scores[row]! : shape(stream.uniform()) * (row % 3 === 0 ? -1 : 1),
      );
      asked.set([-1.7976931348623157e308, 1.7976931348623157e308, 0, -0, 5e-324, -5e-324]);
      const all = model.pairs(asked);
      asked.forEach((score, row) => {
        const { p0, p1 } = model.pairs(Float64Array.of(score));
        expect([all.p0[row], all.p1[row]]).toEqual([p0[0], p1[0]]);
      });
    }
  });
});
