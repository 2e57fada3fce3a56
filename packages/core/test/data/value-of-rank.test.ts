import fc from 'fast-check';
import { expect, it } from 'vitest';
import { valueOfRank } from '../../src/data/value-of-rank.ts';

it('is what a sort puts there, and leaves no larger value before it', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.nat(), (list, draw) => {
      const given = Float64Array.from(list, (value) => value + 0);
      const k = draw % given.length;
      const sorted = given.slice().sort();
      const found = valueOfRank(given, k);
      expect(found).toBe(sorted[k]);
      expect(given.slice(0, k).every((value) => value <= found)).toBe(true);
      expect(given.slice().sort()).toEqual(sorted);
    }),
  );
});
