import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/data/matrix.ts';
import {
  calibrationError,
  minorityCalibrationError,
  topCalibrationError,
  topLabelCalibrationError,
} from '../../src/metrics/index.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { twenty, twoColumns } from './fixture-cases.ts';

describe('the bins of MAPIE', () => {
  const withEnds = { ...twenty, scores: twenty.scores.with(0, 0).with(1, 0).with(19, 1) };

  it.each([
    [2, 'uniform', 0.0155, 0.0215],
    [2, 'quantile', 0.0205, 0.0215],
    [10, 'uniform', 0.1075, 0.1085],
    [10, 'quantile', 0.1775, 0.1785],
    [50, 'uniform', 0.2905, 0.2915],
  ] as const)('give its error: %i, %s', (bins, strategy, inside, ends) => {
    const options = { preset: 'mapie', bins, strategy } as const;
    expect(calibrationError({ ...twenty, ...options }).expected).toBeCloseTo(inside, 13);
    expect(calibrationError({ ...withEnds, ...options }).expected).toBeCloseTo(ends, 13);
  });

  it('are one fewer than they are called, and one for zeros', () => {
    expect(calibrationError({ ...twenty, preset: 'mapie' }).expected).toBeCloseTo(0.2905, 13);
    const tenth = calibrationError({ ...twenty, preset: 'mapie', bins: 11 });
    expect(tenth.expected).toBe(calibrationError({ ...twenty, bins: 10 }).expected);
    expect(() => calibrationError({ ...twenty, preset: 'mapie', bins: 1 })).toThrow(/bins/);
  });
});

describe('debiased square', () => {
  it('is the mean square gap less the variance of each bin', () => {
    const { bins, rootMeanSquare, debiasedSquare } = calibrationError({ ...twenty, bins: 4 });
    const noise = bins.map(({ observed, rows }) => (rows / 20) * ((observed * (1 - observed)) / (rows - 1)));
    expect(debiasedSquare).toBeCloseTo(rootMeanSquare ** 2 - noise.reduce((sum, value) => sum + value, 0), 15);
  });

  it('is 0 in the mean where probabilities are right, where the square itself is not', () => {
    const stream = randomStream(3, 'debiased');
    const runs = 3000;
    let debiased = 0;
    let squares = 0;
    let plain = 0;
    for (let run = 0; run < runs; run++) {
      // Probabilities in the middle of each bin, so that a bin is exactly calibrated.
      const scores = Float64Array.from({ length: 60 }, () => 0.1 + stream.integer(5) / 5);
      const truth = Int32Array.from(scores, (p) => Number(stream.uniform() < p));
      const { debiasedSquare, rootMeanSquare } = calibrationError({ scores, truth, bins: 5 });
      debiased += debiasedSquare / runs;
      squares += debiasedSquare ** 2 / runs;
      plain += rootMeanSquare ** 2 / runs;
    }
    const error = Math.sqrt(squares / runs);
    expect(Math.abs(debiased)).toBeLessThan(4 * error);
    expect(plain).toBeGreaterThan(20 * error);
  });
});

describe('topCalibrationError', () => {
  it('speaks of the rows at the top, all of a tie', () => {
    const top = topCalibrationError({ ...twenty, share: 0.2 });
    const chosen = [16, 17, 18, 19];
    const alone = {
      scores: Float64Array.from(chosen, (row) => twenty.scores[row]!),
      truth: Int32Array.from(chosen, (row) => twenty.truth[row]!),
    };
    expect(top).toEqual(calibrationError(alone));
    // The fifth from the top shares its probability with the sixth.
    const five = topCalibrationError({ ...twenty, share: 0.25 });
    expect(five.bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(6);
    expect(topCalibrationError({ ...twenty, share: 1 })).toEqual(calibrationError(twenty));
    expect(topCalibrationError(twenty).bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(2);
  });

  it('takes integer weights for repeated rows, and refuses shares that cannot be', () => {
    const weights = Float64Array.from({ length: 20 }, (_, row) => (row * 7) % 4);
    const rows = [...weights].flatMap((count, row) => new Array<number>(count).fill(row));
    const repeated = {
      scores: Float64Array.from(rows, (row) => twenty.scores[row]!),
      truth: Int32Array.from(rows, (row) => twenty.truth[row]!),
    };
    for (const share of [0.1, 0.3, 0.5, 0.77]) {
      const weighted = topCalibrationError({ ...twenty, weights, share });
      expect(weighted.expected).toBeCloseTo(topCalibrationError({ ...repeated, share }).expected, 14);
      expect(weighted.debiasedSquare).toBeCloseTo(topCalibrationError({ ...repeated, share }).debiasedSquare, 14);
    }
    expect(() => topCalibrationError({ ...twenty, share: 0 })).toThrow(/share/);
    expect(topCalibrationError({ scores: new Float64Array(0), truth: new Int32Array(0) }).expected).toBeNaN();
  });
});

describe('minorityCalibrationError', () => {
  it('is that of the column of the rarest class', () => {
    const truth = twenty.truth.map((label, row) => (row < 10 ? 0 : label));
    const found = minorityCalibrationError({ probabilities: twoColumns(twenty.scores), truth });
    expect(found.class).toBe(1);
    expect(found.all).toEqual(calibrationError({ scores: twenty.scores, truth }));
    expect(found.topDecile).toEqual(topCalibrationError({ scores: twenty.scores, truth }));
  });

  it('shows what the error of the top label hides', () => {
    // One row in a hundred is positive; where 0.3 is said, one in twenty is.
    const stream = randomStream(4, 'hidden');
    const scores = Float64Array.from({ length: 20_000 }, (_, row) => (row % 10 === 0 ? 0.3 : 0.0056));
    const truth = Int32Array.from(scores, (p) => Number(stream.uniform() < (p === 0.3 ? 0.05 : 0.0056)));
    const probabilities = twoColumns(scores);
    const hidden = topLabelCalibrationError({ probabilities, truth, preset: 'guo' }).expected;
    expect(hidden).toBeLessThan(0.03);
    const { all, topDecile } = minorityCalibrationError({ probabilities, truth });
    expect(all.expected).toBeLessThan(0.03);
    expect(topDecile.expected).toBeGreaterThan(0.22);
  });

  it('has no class without rows, and says so', () => {
    const none = minorityCalibrationError({
      probabilities: matrix(new Float64Array(0), 0, 2),
      truth: new Int32Array(0),
    });
    expect(none.class).toBe(-1);
    expect(none.topDecile.expected).toBeNaN();
  });
});
