import { describe, expect, it } from 'vitest';
import { aps, coveredRows, rowRandomness, splitConformal, uniformityTest } from '../../src/conformal/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows, pick, renamed, sample } from './rows.ts';

describe('rowRandomness', () => {
  const rows = sample(5000, [0.5, 0.3, 0.2], 1);
  const u = rowRandomness(rows.probabilities, 7);

  it('is uniform and unlike for rows that differ in one bit', () => {
    expect(uniformityTest(u)!.pValue).toBeGreaterThan(0.01);
    const near = matrix(
      Float64Array.from({ length: 4000 }, (_, i) => 0.5 + Math.floor(i / 2) * (i % 2 ? -1 : 1) * 2 ** -53),
      2000,
      2,
    );
    expect(uniformityTest(rowRandomness(near, 7))!.pValue).toBeGreaterThan(0.01);
  });

  it('depends on the row and the seed alone', () => {
    expect(rowRandomness(pick(rows, [4, 999]).probabilities, 7)).toEqual(Float64Array.of(u[4]!, u[999]!));
    expect(rowRandomness(renamed(rows, [2, 0, 1]).probabilities, 7)).toEqual(u);
    const other = rowRandomness(rows.probabilities, 8);
    const mean = u.reduce((sum, value, i) => sum + (value - 0.5) * (other[i]! - 0.5), 0) / 5000;
    expect(Math.abs(mean * 12)).toBeLessThan(4 / Math.sqrt(5000));
  });

  it('keeps the exact coverage of APS for rows that are asked one by one', () => {
    const stream = randomStream(3, 'one by one');
    let covered = 0;
    const rounds = 2500;
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(39, [0.5, 0.3, 0.2], stream, 1);
      const model = splitConformal({ score: aps() }).fit(calibration.probabilities, calibration.labels);
      for (let i = 0; i < 4; i++) {
        const test = drawRows(1, [0.5, 0.3, 0.2], stream, 1);
        covered += coveredRows(model.sets(test.probabilities, { alpha: 0.2 }), test.labels.codes)[0]! / 4;
      }
    }
    // k = 32 of 40.
    expect(Math.abs(covered / rounds - 0.8)).toBeLessThan(4 * Math.sqrt((0.16 / 41 + 0.16 / 4) / rounds));
  });
});
