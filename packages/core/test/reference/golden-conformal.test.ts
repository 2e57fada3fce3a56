import { describe, expect, it } from 'vitest';
import {
  aps,
  type ConformalScore,
  conformalQuantile,
  conformalRank,
  labelsInSet,
  lac,
  margin,
  matrix,
  pas,
  rowsNeeded,
  saps,
  simpleJumper,
  splitConformal,
  wpas,
} from '../../src/index.ts';
import { expectAllPrinted, expectPrinted, rowsOf } from './golden.ts';

const probabilities = rowsOf([
  [0.5, 0.3, 0.15, 0.05],
  [0.25, 0.4, 0.3, 0.05],
  [0.1, 0.2, 0.3, 0.4],
  [0.6, 0.25, 0.1, 0.05],
  [0.3, 0.3, 0.2, 0.2],
  [0.05, 0.15, 0.35, 0.45],
]);
const codes = Int32Array.of(0, 2, 3, 1, 0, 2);

function scoresOf(score: ConformalScore, u = 0): number[] {
  const out = new Float64Array(24);
  score.scoreRows(probabilities.data, 4, 0, 6, new Float64Array(6).fill(u), out);
  return Array.from(codes, (label, row) => out[4 * row + label]!);
}

describe('scores of six rows', () => {
  it('LAC and margin', () => {
    expectAllPrinted(scoresOf(lac()), '.5 .7 .6 .75 .7 .65');
    expectAllPrinted(scoresOf(margin()), '-.2 .1 -.1 .35 0 .1');
  });

  it('APS with u = 0 and u = 0.3, SAPS with weight 0.2 and u = 0.3', () => {
    expectAllPrinted(scoresOf(aps({ randomised: false })), '.5 .7 .4 .85 .3 .8');
    expectAllPrinted(scoresOf(aps(), 0.3), '.35 .61 .28 .775 .21 .695');
    expectAllPrinted(scoresOf(saps({ weight: 0.2 }), 0.3), '.15 .46 .12 .66 .09 .51');
  });

  it('PAS, and WPAS weighted by the shares, which is LAC less 1', () => {
    const shares = Float64Array.of(0.4, 0.3, 0.2, 0.1);
    expectAllPrinted(scoresOf(pas({ shares })), '-1.25 -1.5 -4 -.8333 -.75 -1.75');
    scoresOf(wpas({ shares, importance: shares })).forEach((score, row) => {
      expectPrinted(score, String(scoresOf(lac())[row]! - 1));
    });
  });
});

describe('sets and p-values', () => {
  it('LAC at 0.3: rank 5, bound 0.7, the sets, boundary cases included', () => {
    expect(conformalRank(6, 0.3)).toBe(5);
    const model = splitConformal({ score: lac() }).fit(probabilities, { codes, classes: [0, 1, 2, 3] });
    expect([...model.thresholds!(0.3)]).toEqual([0.7, 0.7, 0.7, 0.7]);
    const sets = model.sets(probabilities, { alpha: 0.3 });
    expect(Array.from(codes, (_, row) => labelsInSet(sets, row))).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [0],
      [0, 1],
      [2, 3],
    ]);
  });

  it('p-values and bounds of nine scores', () => {
    const calibration = [0.1, 0.2, 0.2, 0.3, 0.45, 0.5, 0.6, 0.7, 0.9];
    const column = (scores: readonly number[]) =>
      matrix(
        Float64Array.from(scores, (s) => 1 - s),
        scores.length,
        1,
      );
    const labels = { codes: new Int32Array(9), classes: ['only'] };
    const model = splitConformal().fit(column(calibration), labels);
    expectPrinted(model.pValues!(column([0.2])).data[0]!, '.9');
    const ties = Float64Array.of(0.5);
    expectPrinted(model.pValues!(column([0.2]), { smoothed: true, ties }).data[0]!, '.75');
    expect(conformalRank(9, 0.1)).toBe(9);
    expect(conformalQuantile(Float64Array.from(calibration), 0.25)).toBe(0.7);
    expect(conformalQuantile(Float64Array.from(calibration), 0.05)).toBe(Number.POSITIVE_INFINITY);
  });

  it('the rank is exact where floats are not, and where quantile routines take one more', () => {
    expect(Math.ceil((99 + 1) * (1 - 0.42))).toBe(59);
    expect(conformalRank(99, 0.42)).toBe(58);
    expect([19, 99, 199, 499, 999].map((n) => conformalRank(n, 0.1))).toEqual([18, 90, 180, 450, 900]);
    expect([0.1, 0.05, 0.2, 0.01].map(rowsNeeded)).toEqual([9, 19, 4, 99]);
  });
});

describe('the simple jumper', () => {
  it('follows the published path', () => {
    const { values } = simpleJumper(Float64Array.of(0.01, 0.02, 0.3, 0.005, 0.8, 0.04), { jump: 0.01 });
    expectAllPrinted(
      values,
      '1 1.1552319999999998 1.2826251999999998 1.6752739623255999 1.3003383723586839 1.6866588952679105',
    );
  });
});
