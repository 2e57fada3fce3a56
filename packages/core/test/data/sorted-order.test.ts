import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedOrder } from '../../src/data/sorted-order.ts';

describe('sortedOrder', () => {
  it('sorts like a comparison sort, equal values in their order and NaN last, whatever the length', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, Number.NaN, 5e-324, -5e-324, 1e308), fc.integer());
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300, size: 'max' }), (list) => {
        const values = Float64Array.from(list, (x) => x + 0);
        const expected = [...values.keys()].sort((a, b) => {
          const [x, y] = [values[a]!, values[b]!];
          if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
          return x < y ? -1 : x > y ? 1 : a - b;
        });
        expect([...sortedOrder(values)]).toEqual(expected);
      }),
    );
  });
});
