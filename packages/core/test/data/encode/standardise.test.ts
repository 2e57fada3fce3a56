import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datePart } from '../../../src/data/encode/date-parts.ts';
import { medianInPlace } from '../../../src/data/encode/standardise.ts';
import { tokenise } from '../../../src/data/encode/tokens.ts';

describe('medianInPlace', () => {
  it('is the middle of the sorted values', () => {
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 100, size: 'max' }), (list) => {
        const sorted = Float64Array.from(list).sort();
        const middle = sorted.length >> 1;
        const expected = sorted.length % 2 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
        expect(medianInPlace(Float64Array.from(list)) + 0).toBe(expected + 0);
      }),
    );
  });
});

describe('datePart', () => {
  it('agrees with the calendar of the platform, before and after 1970', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }), (time) => {
        const date = new Date(time);
        expect([datePart('month', time), datePart('weekday', time), datePart('hour', time)]).toEqual([
          date.getUTCMonth(),
          date.getUTCDay(),
          date.getUTCHours(),
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('tokenise', () => {
  it('takes lower-cased words of any script, with how often each occurs', () => {
    const { vocabulary, offsets, ids, counts } = tokenise(['Ön ön, 42x!', '', '日本 <b>ön</b>', '__proto__ 👾']);
    const words = (i: number) =>
      Array.from(ids.subarray(offsets[i]!, offsets[i + 1]!), (id, at) => [vocabulary[id], counts[offsets[i]! + at]]);
    expect(words(0)).toEqual([
      ['ön', 2],
      ['42x', 1],
    ]);
    expect(words(1)).toEqual([]);
    expect(words(2)).toEqual([
      ['日本', 1],
      ['b', 2],
      ['ön', 1],
    ]);
    expect(words(3)).toEqual([['proto', 1]]);
  });

  it('is done with megabytes at once', () => {
    expect(tokenise(['x'.repeat(10_000_000), 'word '.repeat(2_000_000)]).vocabulary).toEqual(['word']);
  });
});
