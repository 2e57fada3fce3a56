import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolAdjacentViolators } from '../../src/metrics/index.ts';

/** The max-min formula of isotonic regression: max over starts, min over ends, of the weighted mean between. */
function maxMin(values: readonly number[], weights: readonly number[]): number[] {
  return values.map((_, at) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let start = 0; start <= at; start++) {
      let least = Number.POSITIVE_INFINITY;
      for (let end = at; end < values.length; end++) {
        let sum = 0;
        let weight = 0;
        for (let i = start; i <= end; i++) {
          sum += weights[i]! * values[i]!;
          weight += weights[i]!;
        }
        least = Math.min(least, sum / weight);
      }
      best = Math.max(best, least);
    }
    return best;
  });
}

describe('poolAdjacentViolators', () => {
  it('equals the max-min formula exactly for whole numbers', () => {
    const entry = fc.tuple(fc.integer({ min: -3, max: 4 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (entries) => {
        const values = entries.map(([value]) => value);
        const weights = entries.map(([, weight]) => weight);
        const fitted = poolAdjacentViolators(Float64Array.from(values), Float64Array.from(weights));
        expect([...fitted].map((value) => value + 0)).toEqual(maxMin(values, weights).map((value) => value + 0));
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('takes integer weights as repetition, and weight 0 as absence', () => {
    const weighted = poolAdjacentViolators(Float64Array.of(3, 1, 2, 9, 2), Float64Array.of(2, 1, 3, 0, 1));
    const repeated = poolAdjacentViolators(Float64Array.of(3, 3, 1, 2, 2, 2, 2));
    expect([...repeated]).toEqual(new Array(7).fill(15 / 7));
    expect([...weighted]).toEqual(new Array(5).fill(15 / 7));
    expect([...poolAdjacentViolators(Float64Array.of(7, 1, 5, 2), Float64Array.of(0, 1, 0, 1))]).toEqual([1, 1, 1, 2]);
  });

  it('leaves an ordered sequence alone, and takes none', () => {
    expect([...poolAdjacentViolators(Float64Array.of(-2, 0, 0, 5))]).toEqual([-2, 0, 0, 5]);
    expect(poolAdjacentViolators(new Float64Array(0))).toHaveLength(0);
  });

  it('refuses what has no mean', () => {
    expect(() => poolAdjacentViolators(Float64Array.of(Number.NaN))).toThrowError(/finite/);
    expect(() => poolAdjacentViolators(Float64Array.of(1), Float64Array.of(-1))).toThrowError(/weights/);
    expect(() => poolAdjacentViolators(Float64Array.of(1), Float64Array.of(1, 1))).toThrowError(/1 entries/);
  });
});
