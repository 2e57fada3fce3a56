import { describe, expect, it } from 'vitest';
import { mixup } from '../../../src/resample/over/mixup.ts';
import { createTableResampler } from '../../../src/resample/tables/table-registry.ts';
import { numeric, repeat, table } from '../../data/tables.ts';
import { gaussianDataset, labelsOf, rowAt, rowsOf } from '../data.ts';
import { moments } from './by-hand.ts';

const data = gaussianDataset(
  [
    ['a', 300],
    ['b', 25],
    ['c', 100],
  ],
  3,
  2,
);

describe('mixup', () => {
  it('mixes two rows and shares the weight of an example over both labels', async () => {
    const weights = Float64Array.from({ length: 425 }, (_, i) => 0.5 + (i % 4));
    const { data: made, provenance, notices } = await mixup({ alpha: 0.8, seed: 1 }).resample({ ...data, weights });
    const label = (i: number) => made.y.codes[i]!;
    let examples = 0;
    let i = 425;
    while (i < made.X.rows) {
      const [base, neighbour, gap] = [provenance.base[i]!, provenance.neighbour[i]!, provenance.gap[i]!];
      expect(base).not.toBe(neighbour);
      expect(label(i)).toBe(data.y.codes[base]);
      const mixed = rowAt(data.X, base).map((value, j) => (1 - gap) * value + gap * rowAt(data.X, neighbour)[j]!);
      const weight = (1 - gap) * weights[base]! + gap * weights[neighbour]!;
      const paired = data.y.codes[base] !== data.y.codes[neighbour];
      for (const row of paired ? [i, i + 1] : [i]) {
        rowAt(made.X, row).forEach((value, j) => {
          expect(value).toBeCloseTo(mixed[j]!, 12);
        });
      }
      if (paired) {
        expect([provenance.base[i + 1], provenance.neighbour[i + 1]]).toEqual([neighbour, base]);
        expect(made.weights![i]).toBeCloseTo((1 - gap) * weight, 12);
        expect(made.weights![i + 1]).toBeCloseTo(gap * weight, 12);
        expect(label(i + 1)).toBe(data.y.codes[neighbour]);
      } else {
        expect(made.weights![i]).toBeCloseTo(weight, 12);
      }
      examples++;
      i += paired ? 2 : 1;
    }
    // 275 examples from b and 200 from c.
    expect(examples).toBe(475);
    expect(made.weights!.subarray(0, 425)).toEqual(weights);
    expect(notices.map(({ code, class: of, numbers }) => [code, of, numbers!['examples']])).toEqual([
      ['soft-labels', 'b', 275],
      ['soft-labels', 'c', 200],
    ]);
  });

  it('gives a weighted mean the label that the mix has', async () => {
    // The log loss is linear in the label: what counts is the weighted share of a class on a spot.
    const pair = { X: rowsOf([[0], [1], [1], [1]]), y: labelsOf(['b', 'a', 'a', 'a']) };
    const { data: made } = await mixup({ alpha: 1, seed: 4, samplingStrategy: { b: 2001 } }).resample(pair);
    for (let i = 4; i < made.X.rows; i += 2) {
      const total = made.weights![i]! + made.weights![i + 1]!;
      expect(total).toBeCloseTo(1, 12);
      // At x, the share x of the rows at 1, and so of class a.
      expect(made.weights![i + 1]! / total).toBeCloseTo(rowAt(made.X, i)[0]!, 12);
    }
    expect(made.weights!.subarray(0, 4)).toEqual(Float64Array.of(1, 1, 1, 1));
  });

  it.each([0.05, 0.2, 0.5, 1, 3])('draws the mixing share from Beta(%d, itself)', async (alpha) => {
    const many = 20_000;
    const { provenance } = await mixup({ alpha, seed: 3, samplingStrategy: { b: 25 + many } }).resample(data);
    const shares: number[] = [];
    for (let i = 425; i < provenance.source.length; i++) {
      if (data.y.codes[provenance.base[i]!] === 1) shares.push(provenance.gap[i]!);
    }
    const { mean, variance } = moments(shares);
    const expected = 1 / (4 * (2 * alpha + 1));
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(expected / shares.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
    const below = shares.filter((share) => share < 0.25).length / shares.length;
    // Arcsine law and uniform law: P(x < 1/4) is 1/3 and 1/4.
    if (alpha === 0.5) expect(below).toBeCloseTo(1 / 3, 1.5);
    if (alpha === 1) expect(below).toBeCloseTo(1 / 4, 1.5);
  });

  it('starts evenly from the rows of the class and ends at all other rows alike', async () => {
    const { provenance } = await mixup({ alpha: 1, seed: 5, samplingStrategy: { b: 25 + 10_000 } }).resample(data);
    const starts = new Int32Array(425);
    const ends = new Int32Array(425);
    for (let i = 425; i < provenance.source.length; i++) {
      const [base, neighbour] = [provenance.base[i]!, provenance.neighbour[i]!];
      starts[base]!++;
      ends[neighbour]!++;
      // The second row of the same example.
      if (data.y.codes[base] !== data.y.codes[neighbour]) i++;
    }
    expect(starts.filter((_, row) => data.y.codes[row] === 1)).toEqual(new Int32Array(25).fill(400));
    const expected = 10_000 / 425;
    const chiSquared = ends.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(424 + 5 * Math.sqrt(848));
  });

  it('gives no weights where no label is soft', async () => {
    const { data: made, notices } = await mixup({ samplingStrategy: { a: 300 } }).resample(data);
    expect(made.weights).toBeUndefined();
    expect(notices.map(({ code }) => code)).toEqual(['nothing-to-resample']);
  });

  it('brings the weights of soft labels to tables too', async () => {
    const spread = repeat(40, (i) => i * 0.37);
    const y = labelsOf(repeat(40, (i) => (i % 8 === 0 ? 'few' : 'many')));
    const { data: made } = await createTableResampler('mixup', { seed: 1, alpha: 1 }).resample({
      X: table(numeric('x', spread)),
      y,
    });
    const weights = made.weights!;
    expect(weights.length).toBe(made.X.rows);
    expect(weights.subarray(0, 40).every((weight) => weight === 1)).toBe(true);
    // 30 examples of weight 1 in all.
    expect(weights.subarray(40).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(30, 9);
  });

  it('refuses a parameter that the Beta distribution has not', () => {
    for (const alpha of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => mixup({ alpha })).toThrow('alpha must be a number above 0');
    }
    expect(() => mixup({ kappa: 3 } as never)).toThrow('mixup has no option "kappa"');
  });
});
