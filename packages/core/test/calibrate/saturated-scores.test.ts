import { describe, expect, it } from 'vitest';
import { calibratorByName } from '../../src/calibrate/index.ts';
import { matrix } from '../../src/data/matrix.ts';

/** 200 rows of probability 0, of which 3 are positive; 100 of probability 1, of which 8 are not. */
const scores = matrix(
  Float64Array.from({ length: 300 }, (_, row) => Number(row >= 200)),
  300,
  1,
);
const y = {
  codes: Int32Array.from({ length: 300 }, (_, row) => Number(row < 3 || row >= 208)),
  classes: ['no', 'yes'],
};
const ends = matrix(Float64Array.of(0, 1), 2, 1);

describe('probabilities that are all 0 or 1', () => {
  it('become the observed shares by isotonic', async () => {
    const calibration = await calibratorByName('isotonic').create().fit(scores, y);
    const { data } = calibration.apply(ends);
    expect([data[1], data[3]]).toEqual([3 / 200, 92 / 100]);
  });

  it.each(['vector-scaling', 'matrix-scaling', 'beta', 'dirichlet'])('come near them by %s', async (name) => {
    // Two distinct scores leave curves of three parameters open: smoothed shares (n + 1) / (N + 2) of each class decide.
    const { data } = (await calibratorByName(name).create().fit(scores, y)).apply(ends);
    expect(Math.abs(data[1]! - 3 / 200)).toBeLessThan(0.006);
    expect(Math.abs(data[3]! - 92 / 100)).toBeLessThan(0.02);
  });
});
