import { describe, expect, it } from 'vitest';
import { classPairs } from '../../src/measure/class-pairs.ts';
import { labelled } from './difficulty-sets.ts';

describe('classPairs', () => {
  it('are all pairs of up to 20 classes, and beyond that give each class equally many', () => {
    const of = (count: number) =>
      labelled(
        Array.from({ length: count }, (_, i) => [i]),
        Array.from({ length: count }, (_, i) => i),
      ).y;
    expect(classPairs(of(20), 0)).toMatchObject({ complete: true, pairs: expect.objectContaining({ length: 190 }) });
    for (const count of [21, 50, 300]) {
      const { pairs, complete } = classPairs(of(count), 1);
      expect(complete).toBe(false);
      expect(new Set(pairs.map(({ a, b }) => `${a} ${b}`)).size).toBe(pairs.length);
      const seen = new Int32Array(count);
      for (const { a, b } of pairs) {
        expect(a).toBeLessThan(b);
        seen[a]!++;
        seen[b]!++;
      }
      expect(new Set(seen).size).toBe(1);
    }
  });
});
