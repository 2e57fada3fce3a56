import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priorCorrection, priorCorrectionFromJSON } from '../../src/calibrate/index.ts';
import { matrix } from '../../src/data/matrix.ts';

const shares = (...values: number[]) => Float64Array.from(values);
const pair = (p: number) => matrix(Float64Array.of(1 - p, p), 1, 2);

describe('priorCorrection', () => {
  it("gives Dal Pozzolo's value for undersampling: p = .8 at beta = .1", () => {
    // 1,000 negatives and 100 positives; a tenth of the negatives was kept.
    const correction = priorCorrection({ trueShares: shares(1000, 100), seenShares: shares(100, 100) });
    expect(correction.apply(pair(0.8)).data[1]).toBeCloseTo(0.28571428571428575, 15);
    expect(correction.thresholdToCorrected(0.8)).toBeCloseTo(0.28571428571428575, 15);
    const beta = 0.1;
    for (const p of [0.01, 0.3, 0.5, 0.99]) {
      expect(correction.apply(pair(p)).data[1]).toBeCloseTo((beta * p) / ((beta - 1) * p + 1), 15);
    }
  });

  it('turns the threshold one half of balanced data into the prevalence', () => {
    const correction = priorCorrection({ trueShares: shares(0.97, 0.03), seenShares: shares(0.5, 0.5) });
    expect(correction.thresholdToCorrected(0.5)).toBeCloseTo(0.03, 15);
    expect(correction.thresholdToRaw(0.03)).toBeCloseTo(0.5, 15);
  });

  it('recovers the true posterior of many classes by Bayes', () => {
    const likelihood = [0.2, 0.05, 0.6];
    const posterior = (prior: number[]) => {
      const joint = prior.map((share, label) => share * likelihood[label]!);
      return joint.map((value) => value / joint.reduce((sum, other) => sum + other, 0));
    };
    const correction = priorCorrection({ trueShares: shares(0.9, 0.08, 0.02), seenShares: shares(0.4, 0.4, 0.2) });
    const corrected = correction.apply(matrix(Float64Array.from(posterior([0.4, 0.4, 0.2])), 1, 3));
    posterior([0.9, 0.08, 0.02]).forEach((value, label) => {
      expect(corrected.data[label]).toBeCloseTo(value, 15);
    });
  });

  it('changes no bit where the shares are equal, on whatever scale they are given', () => {
    const odd = matrix(Float64Array.of(0.1 + 0.2, 0.7, 1, 0, 5e-324, 1, 0.3, 0.3), 4, 2);
    for (const seenShares of [shares(3, 7), shares(30, 70), shares(0.3, 0.7)]) {
      const identity = priorCorrection({ trueShares: shares(30, 70), seenShares });
      expect(identity.isIdentity).toBe(true);
      expect(identity.apply(odd)).toBe(odd);
      expect(identity.thresholdToRaw(0.1 + 0.2)).toBe(0.1 + 0.2);
    }
  });

  it('keeps 0 and 1 exactly, and thresholds beyond them', () => {
    const correction = priorCorrection({ trueShares: shares(0.999, 0.001), seenShares: shares(0.5, 0.5) });
    expect([...correction.apply(matrix(Float64Array.of(0, 1, 1, 0), 2, 2)).data]).toEqual([0, 1, 1, 0]);
    for (const threshold of [0, 1, -0.5, 1 + Number.EPSILON, Number.POSITIVE_INFINITY]) {
      expect(correction.thresholdToRaw(threshold)).toBe(threshold);
      expect(correction.thresholdToCorrected(threshold)).toBe(threshold);
    }
  });

  it('is undone by the opposite correction, and decides alike before and after', () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(share, share, share, share, fc.constantFrom(0, 1), (truth, seen, p, threshold, positive) => {
        const there = priorCorrection({
          trueShares: shares(1 - truth, truth),
          seenShares: shares(1 - seen, seen),
          positive,
        });
        const back = priorCorrection({
          trueShares: shares(1 - seen, seen),
          seenShares: shares(1 - truth, truth),
          positive,
        });
        const corrected = there.apply(pair(p));
        expect(back.apply(corrected).data[1]).toBeCloseTo(p, 9);
        expect(there.thresholdToRaw(there.thresholdToCorrected(threshold))).toBeCloseTo(threshold, 9);
        const raw = positive === 1 ? p : 1 - p;
        if (Math.abs(raw - threshold) > 1e-9) {
          expect(corrected.data[positive]! >= there.thresholdToCorrected(threshold)).toBe(raw >= threshold);
        }
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('survives a round through JSON without changing a bit', () => {
    const correction = priorCorrection({ trueShares: shares(910, 73, 17), seenShares: shares(91, 91, 91) });
    const again = priorCorrectionFromJSON(JSON.parse(JSON.stringify(correction)));
    const rows = matrix(Float64Array.of(0.2, 0.3, 0.5, 0.7, 0.1, 0.2), 2, 3);
    expect(again.apply(rows)).toEqual(correction.apply(rows));
    expect(again.toJSON()).toEqual(correction.toJSON());
  });

  it('leaves a row alone that has no corrected form, and a class that neither side holds', () => {
    const never = priorCorrection({ trueShares: shares(1, 0), seenShares: shares(1, 1) });
    expect([...never.apply(matrix(Float64Array.of(0, 1, 0.4, 0.6), 2, 2)).data]).toEqual([0, 1, 1, 0]);
    const absent = priorCorrection({ trueShares: shares(0.5, 0.5, 0), seenShares: shares(0.5, 0.5, 0) });
    expect(absent.isIdentity).toBe(true);
  });

  it('refuses what it cannot correct', () => {
    const code = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'none';
    };
    expect(code(() => priorCorrection({ trueShares: shares(1, 1), seenShares: shares(1, 0) }))).toBe('bad-shares');
    expect(code(() => priorCorrection({ trueShares: shares(1, -1), seenShares: shares(1, 1) }))).toBe('bad-shares');
    expect(code(() => priorCorrection({ trueShares: shares(1), seenShares: shares(1, 0) }))).toBe('shape-mismatch');
    expect(code(() => priorCorrectionFromJSON({ kind: 'prior-correction', trueShares: [1, 'x'] }))).toBe('bad-model');
    expect(code(() => priorCorrectionFromJSON(null))).toBe('bad-model');
    const three = priorCorrection({ trueShares: shares(1, 1, 1), seenShares: shares(1, 2, 1) });
    expect(code(() => three.thresholdToRaw(0.5))).toBe('bad-option');
    expect(code(() => three.apply(pair(0.5)))).toBe('shape-mismatch');
  });
});
