import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classEntropyImbalance, classRatioImbalance } from '../../src/measure/class-balance.ts';
import { shareDistances } from '../../src/measure/class-distances.ts';
import { effectiveClasses, effectiveNumber } from '../../src/measure/effective-number.ts';
import { imbalanceDegree } from '../../src/measure/imbalance-degree.ts';
import { likelihoodRatioDegree } from '../../src/measure/likelihood-ratio-degree.ts';
import { measureImbalance } from '../../src/measure/measure-imbalance.ts';

const counts = [60, 25, 10, 5];

describe('imbalanceDegree', () => {
  it.each([
    ['euclidean', 1.7023769168568492],
    ['chebyshev', 1.7],
    ['kullback-leibler', 1.4286380521392656],
    ['hellinger', 1.5410239778120234],
    ['total-variation', 1.7],
    ['chi-square', 1.4933333333333334],
  ] as const)('has the value of the field on 60, 25, 10, 5: %s', (distance, expected) => {
    expect(imbalanceDegree(counts, distance)).toBeCloseTo(expected, 14);
  });

  it('does not take a class of exactly 1/K for a rarer one, whatever the rounding', () => {
    // 1/49 * 49 rounds below 1, and so does 7 / 343 against 1/49 in many orders of computing.
    for (const classes of [3, 6, 7, 49, 98, 103]) {
      expect(imbalanceDegree(Array(classes).fill(7))).toBe(0);
      // One class gives a row to another: one is rarer, the degree is in (0, 1).
      const moved = [8, 6, ...Array<number>(classes - 2).fill(7)];
      for (const distance of shareDistances) {
        const degree = imbalanceDegree(moved, distance);
        expect(degree).toBeGreaterThan(0);
        expect(degree).toBeLessThan(1);
      }
    }
  });

  it('lies between m - 1 and m with m rare classes, and is m for the most extreme of such sets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 7 }),
        fc.constantFrom(...shareDistances),
        (of, distance) => {
          const rows = of.reduce((a, b) => a + b, 0);
          fc.pre(rows > 0);
          const rare = of.filter((count) => count * of.length < rows).length;
          const degree = imbalanceDegree(of, distance);
          if (rare === 0) return degree === 0;
          return degree > rare - 1 && degree <= rare + 1e-9;
        },
      ),
    );
    expect(imbalanceDegree([0, 0, 5, 15], 'hellinger')).toBeCloseTo(2, 14);
  });
});

describe('other measures of counts', () => {
  it('have the values of the field on 60, 25, 10, 5', () => {
    expect(likelihoodRatioDegree(counts)).toBeCloseTo(70.63605472064387, 12);
    expect(classEntropyImbalance(counts)).toBeCloseTo(0.254765714633586, 14);
    // 3/4 (60/40 + 25/75 + 10/90 + 5/95) = 683/456
    expect(classRatioImbalance(counts)).toBeCloseTo(227 / 683, 15);
  });

  it('are 0 when balanced; LRID grows with the number of rows and the others do not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 6 }), (of) => {
        fc.pre(of.some((count) => count > 0));
        const tenfold = of.map((count) => 10 * count);
        expect(likelihoodRatioDegree(tenfold)).toBeCloseTo(10 * likelihoodRatioDegree(of), 8);
        expect(classEntropyImbalance(tenfold)).toBeCloseTo(classEntropyImbalance(of), 12);
        expect(classRatioImbalance(tenfold)).toBeCloseTo(classRatioImbalance(of), 12);
        expect(imbalanceDegree(tenfold)).toBeCloseTo(imbalanceDegree(of), 12);
        for (const measure of [likelihoodRatioDegree, classEntropyImbalance, classRatioImbalance, imbalanceDegree]) {
          expect(measure([...of].reverse())).toBeCloseTo(measure(of), 10);
          expect(measure(of)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
    for (const even of [
      [3, 3],
      [7, 7, 7],
    ]) {
      expect([likelihoodRatioDegree(even), classEntropyImbalance(even), classRatioImbalance(even)]).toEqual([0, 0, 0]);
    }
    expect([classEntropyImbalance([5, 0]), classRatioImbalance([5, 0])]).toEqual([1, 1]);
  });

  it('counts effective rows as Cui et al. do, without losing digits near beta = 1', () => {
    // 1 + 0.9 + 0.81
    expect(effectiveNumber([3, 0], 0.9)[0]).toBeCloseTo(2.71, 14);
    expect(Array.from(effectiveNumber([4, 0, 9], 0))).toEqual([1, 0, 1]);
    const rare = effectiveNumber([1, 2, 1e9]);
    expect(rare[0]).toBeCloseTo(1, 14);
    // 1 + beta, with beta = 1 - 1 / 1000000003
    expect(rare[1]! - 2).toBeCloseTo(-1 / 1000000003, 15);
    expect(rare[2]).toBeCloseTo(1000000003 * (1 - Math.exp(-1)), -2);
    expect(effectiveClasses([5, 5, 5])).toBeCloseTo(3, 14);
    expect(effectiveClasses([5, 0])).toBe(1);
  });

  it('pass over classes without rows, and refuse what is no count', () => {
    const measured = measureImbalance({ classes: ['a', 'b', 'c'], codes: Int32Array.from([0, 0, 0, 2]) });
    expect(measured).toMatchObject({
      counts: [3, 0, 1],
      imbalanceRatio: 3,
      effectiveNumber: [expect.any(Number), 0, expect.closeTo(1, 14)],
    });
    expect(measured.imbalanceDegree.euclidean).toBe(imbalanceDegree([3, 1]));
    expect(() => measureImbalance({ classes: ['a'], codes: new Int32Array(0) })).toThrow(
      expect.objectContaining({ code: 'no-rows' }),
    );
    expect(() => imbalanceDegree([1, -1])).toThrow(expect.objectContaining({ code: 'bad-counts' }));
    expect(() => classRatioImbalance([0, 0])).toThrow(expect.objectContaining({ code: 'bad-counts' }));
    expect(() => imbalanceDegree([1, 2], 'cosine' as 'euclidean')).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    );
    expect(() => effectiveNumber([1, 2], 1)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
});
