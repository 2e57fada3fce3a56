import { describe, expect, it } from 'vitest';
import {
  clusteredConformal,
  conformalPredictors,
  coveredRows,
  exactQuantiles,
  mondrianConformal,
  splitConformal,
} from '../../src/conformal/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows, sample } from './rows.ts';

describe('sets of exact coverage', () => {
  it('draws between ranks k - 1 and k by how far each is off', () => {
    const sorted = Float64Array.from({ length: 10 }, (_, i) => i);
    // 11 x 0.85 = 9.35: rank 10 is 0.65 ranks too much.
    expect(exactQuantiles(sorted, 0.15)).toEqual({ lower: 8, upper: 9, lowerShare: expect.closeTo(0.65, 12) });
    // 10 x 0.9 = 9 exactly: nothing to draw.
    expect(exactQuantiles(sorted.subarray(0, 9), 0.1)).toMatchObject({ upper: 8, lowerShare: 0 });
    // Too few rows: the label is taken but for a share of the rows.
    expect(exactQuantiles(sorted.subarray(0, 4), 0.1)).toEqual({
      lower: 3,
      upper: Number.POSITIVE_INFINITY,
      lowerShare: expect.closeTo(0.5, 12),
    });
  });

  it('covers 1 - alpha, where sets of finite calibration cover more', () => {
    const stream = randomStream(71, 'exact');
    const shares = [0.6, 0.3, 0.1];
    const rounds = 4000;
    const hits = { exact: 0, usual: 0 };
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(12, shares, stream);
      const test = drawRows(20, shares, stream);
      const model = splitConformal().fit(calibration.probabilities, calibration.labels);
      const exact = Float64Array.from({ length: 20 }, stream.uniform);
      const count = (sets: ReturnType<typeof model.sets>) =>
        coveredRows(sets, test.labels.codes).reduce((sum, hit) => sum + hit, 0);
      hits.exact += count(model.sets(test.probabilities, { alpha: 0.2, exact }));
      hits.usual += count(model.sets(test.probabilities, { alpha: 0.2 }));
    }
    const error = Math.sqrt((0.16 / 14 + 0.16 / 20) / rounds);
    expect(Math.abs(hits.exact / (20 * rounds) - 0.8)).toBeLessThan(4 * error);
    expect(Math.abs(hits.usual / (20 * rounds) - 11 / 13)).toBeLessThan(4 * error);
  });

  it('does so for each class of Mondrian sets, also a rare one', () => {
    const stream = randomStream(72, 'exact by class');
    const shares = [0.9, 0.1];
    const rounds = 1500;
    const seen = [0, 0];
    const hits = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(60, shares, stream, 1);
      const test = drawRows(60, shares, stream, 1);
      const model = mondrianConformal().fit(calibration.probabilities, calibration.labels);
      const exact = Float64Array.from({ length: 60 }, stream.uniform);
      const covered = coveredRows(model.sets(test.probabilities, { alpha: 0.25, exact }), test.labels.codes);
      test.labels.codes.forEach((code, row) => {
        seen[code]!++;
        hits[code]! += covered[row]!;
      });
    }
    // About 6 calibration rows of the rare class a round, now and then none.
    const error = Math.sqrt((0.19 / 6 + 0.19 / 6) / rounds);
    expect(Math.abs(hits[1]! / seen[1]! - 0.75)).toBeLessThan(4 * error);
    expect(Math.abs(hits[0]! / seen[0]! - 0.75)).toBeLessThan(4 * error);
  });

  it('lies between the sets of two ranks, and is refused where a model bounds more than a score', () => {
    const rows = sample(90, [0.6, 0.4], 3);
    const model = clusteredConformal({ clusters: 1 }).fit(rows.probabilities, rows.labels);
    const all = (value: number) =>
      model.sets(rows.probabilities, { alpha: 0.13, exact: new Float64Array(90).fill(value) });
    expect(all(1).members).toEqual(model.sets(rows.probabilities, { alpha: 0.13 }).members);
    expect(all(0).sizes.every((size, row) => size <= all(1).sizes[row]!)).toBe(true);
    expect(() => model.sets(rows.probabilities, { alpha: 0.1, exact: new Float64Array(1) })).toThrow(/exact/);
    const able = new Set([
      'split',
      'mondrian',
      'mondrian-category',
      'mondrian-class-and-category',
      'clustered',
      'tuned-raps',
    ]);
    for (const entry of conformalPredictors) {
      const side = { categories: new Int32Array(90), folds: new Int32Array(90) };
      const made = entry.create().fit(rows.probabilities, rows.labels, side);
      const ask = () =>
        made.sets(entry.needs === 'folds' ? [rows.probabilities] : rows.probabilities, {
          alpha: 0.2,
          exact: new Float64Array(90),
          categories: side.categories,
        });
      if (able.has(entry.name)) expect(ask().rows).toBe(90);
      else expect(ask).toThrow(expect.objectContaining({ code: 'bad-option' }));
    }
  });
});
