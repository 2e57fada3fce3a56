import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coveredRows,
  labelsInSet,
  lac,
  setsFromPValues,
  splitConformal,
  summarisePValues,
} from '../../src/conformal/index.ts';
import { matrix } from '../../src/data/matrix.ts';
import { randomStream } from '../../src/runtime/random.ts';
import { drawRows, sixRows } from './rows.ts';

/** One class only, so that the LAC score of a row is 1 - p and nothing else matters. */
const oneClass = (scores: readonly number[]) => ({
  probabilities: matrix(
    Float64Array.from(scores, (score) => 1 - score),
    scores.length,
    1,
  ),
  labels: { codes: new Int32Array(scores.length), classes: ['only'] },
});

describe('split conformal prediction', () => {
  it('gives the published sets', () => {
    const model = splitConformal().fit(sixRows.probabilities, sixRows.labels);
    expect(model.thresholds!(0.3)).toEqual(new Float64Array(4).fill(0.7));
    const sets = model.sets(sixRows.probabilities, { alpha: 0.3 });
    const expected = [[0, 1], [1, 2], [2, 3], [0], [0, 1], [2, 3]];
    expect(expected.map((_labels, row) => labelsInSet(sets, row))).toEqual(expected);
    expect([...sets.sizes]).toEqual([2, 2, 2, 1, 2, 2]);
  });

  it('gives the published p-values, ties included', () => {
    // Probabilities that are exact in binary, so that 1 - p is the score to the last bit.
    const eighths = [1, 2, 2, 3, 4, 5, 6, 7, 8].map((value) => value / 8);
    const { probabilities, labels } = oneClass(eighths);
    const model = splitConformal().fit(probabilities, labels);
    const asked = matrix(Float64Array.of(1 - 2 / 8), 1, 1);
    expect(model.pValues!(asked).data[0]).toBe(0.9);
    expect(model.pValues!(asked, { smoothed: true, ties: Float64Array.of(0.5) }).data[0]).toBe(0.75);
    expect(model.thresholds!(0.1)[0]).toBe(1);
    expect(model.thresholds!(0.25)[0]).toBe(7 / 8);
    expect(model.thresholds!(0.05)[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it('equals the definition on random scores with ties', () => {
    const eighth = fc.integer({ min: 0, max: 8 }).map((value) => value / 8);
    fc.assert(
      fc.property(fc.array(eighth, { maxLength: 30 }), eighth, eighth, (scores, score, v) => {
        const { probabilities, labels } = oneClass(scores);
        const model = splitConformal().fit(probabilities, labels);
        const asked = matrix(Float64Array.of(1 - score), 1, 1);
        const above = scores.filter((one) => one > score).length;
        const equal = scores.filter((one) => one === score).length;
        expect(model.pValues!(asked).data[0]).toBe((above + equal + 1) / (scores.length + 1));
        const smoothed = model.pValues!(asked, { smoothed: true, ties: Float64Array.of(v) }).data[0];
        expect(smoothed).toBe((above + v * (equal + 1)) / (scores.length + 1));
      }),
      { seed: 2 },
    );
  });

  it('covers k / (n + 1) of exchangeable rows: 90 % at n = 99 and alpha 0.1, not 91 %', () => {
    const stream = randomStream(11, 'marginal');
    const shares = [0.6, 0.3, 0.1];
    const rounds = 3000;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const calibration = drawRows(99, shares, stream);
      const test = drawRows(40, shares, stream);
      const model = splitConformal().fit(calibration.probabilities, calibration.labels);
      const hits = coveredRows(model.sets(test.probabilities, { alpha: 0.1 }), test.labels.codes);
      covered += hits.reduce((sum, hit) => sum + hit, 0);
    }
    // Var of a round's share: Beta(90, 10) gives .0009/..., plus .09 / 40: standard error of the mean .0010.
    const error = Math.sqrt((0.09 / 101 + 0.09 / 40) / rounds);
    expect(Math.abs(covered / (40 * rounds) - 0.9)).toBeLessThan(4 * error);
    expect(4 * error).toBeLessThan(0.005);
  });

  it('throws where it is told to when rows are too few', () => {
    const model = splitConformal({ tooFew: 'error' }).fit(sixRows.probabilities, sixRows.labels);
    expect(() => model.sets(sixRows.probabilities, { alpha: 0.1 })).toThrow(
      expect.objectContaining({ code: 'too-few-rows' }),
    );
    expect(model.sets(sixRows.probabilities, { alpha: 0.3 }).sizes[3]).toBe(1);
  });

  it('says that sets are full for want of rows', () => {
    const model = splitConformal({ score: lac() }).fit(sixRows.probabilities, sixRows.labels);
    const [notice] = model.sets(sixRows.probabilities, { alpha: 0.1 }).notices;
    expect(notice).toMatchObject({ code: 'too-few-calibration-rows', numbers: { needed: 9, classes: 4, alpha: 0.1 } });
    expect(model.sets(sixRows.probabilities, { alpha: 0.3 }).notices).toEqual([]);
  });
});

describe('summarisePValues', () => {
  it('gives confidence 1 - second and credibility first', () => {
    const p = matrix(Float64Array.of(0.9, 0.2, 0.05, 0.1, 0.1, 0.02), 2, 3);
    const { predictions, confidence, credibility } = summarisePValues(p);
    expect([...predictions]).toEqual([0, 0]);
    expect([...confidence]).toEqual([0.8, 0.9]);
    expect([...credibility]).toEqual([0.9, 0.1]);
    const one = summarisePValues(matrix(Float64Array.of(0.3), 1, 1));
    expect([one.confidence[0], one.credibility[0]]).toEqual([1, 0.3]);
  });
});

describe('setsFromPValues', () => {
  it('takes p strictly above alpha', () => {
    const sets = setsFromPValues(matrix(Float64Array.of(0.1, 0.2, 0.1, 0.05), 2, 2), ['a', 'b'], 0.1);
    expect([labelsInSet(sets, 0), labelsInSet(sets, 1)]).toEqual([['b'], []]);
  });
});
