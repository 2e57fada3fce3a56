import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeOf, sortedSteps } from '../../src/anomaly/sorted-steps.ts';

const number = fc.oneof(
  fc.integer({ min: -4, max: 4 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
);

it('counts the distinct values below any value, and the values below each of them', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 40 }), fc.array(number), (list, others) => {
      const sorted = Float64Array.from(list, (value) => value + 0).sort();
      const distinct = [...new Set(sorted)];
      const steps = sortedSteps(sorted);
      expect([...steps.values]).toEqual(distinct);
      expect([...steps.upTo]).toEqual([...distinct, Infinity].map((value) => sorted.filter((x) => x < value).length));
      for (const value of [...list, ...others, Infinity, -Infinity]) {
        expect(placeOf(steps, value)).toBe(distinct.filter((x) => x < value).length);
      }
    }),
  );
});

it('finds places in a long column whose values crowd in a corner of their range', () => {
  const sorted = Float64Array.from({ length: 30_000 }, (_, i) => (i / 30_000) ** 9 * 1e5);
  const steps = sortedSteps(sorted);
  for (let i = 0; i < 30_000; i += 7) {
    expect(placeOf(steps, sorted[i]!)).toBe(i);
    expect(placeOf(steps, sorted[i]! + 1e-9 * (1 + sorted[i]!))).toBeGreaterThan(i);
  }
});
