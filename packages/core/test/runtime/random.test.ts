import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/runtime/random.ts';

describe('randomStream', () => {
  it('gives the same numbers for the same seed and names, others for others', () => {
    const draw = (...names: (string | number)[]) => Array.from({ length: 4 }, randomStream(7, ...names).uint32);
    expect(draw('fold', 1)).toEqual(draw('fold', 1));
    expect(draw('fold', 1)).not.toEqual(draw('fold', 2));
    expect(draw('fold', 1)).not.toEqual(draw('fold', '1'));
    expect(draw('ab', 'c')).not.toEqual(draw('a', 'bc'));
  });

  it('gives children that do not depend on what the parent drew', () => {
    const fresh = randomStream(3);
    const used = randomStream(3);
    used.uniform();
    expect(used.child('x').uint32()).toBe(fresh.child('x').uint32());
  });

  it.each([1, 5, 2_097_153, 3_000_000_000, 4_294_967_296])('draws ranks below %i and gaps as one by one', (n) => {
    const bulk = randomStream(5, n);
    const single = randomStream(5, n);
    const ranks = new Int32Array(300);
    const gaps = new Float64Array(300);
    for (let round = 0; round < 2; round++) {
      bulk.ranksAndGaps(n, ranks, gaps);
      for (let i = 0; i < 300; i++) {
        expect(ranks[i]).toBe(single.integer(n) | 0);
        expect(gaps[i]).toBe(single.uniform());
      }
      expect(bulk.uint32()).toBe(single.uint32());
    }
  });

  it('draws integers evenly, also where a remainder would favour small values', () => {
    const stream = randomStream(1);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[stream.integer(6)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(20.5); // 99.9 % point of chi-squared with 5 degrees of freedom
    const n = 3_000_000_000;
    let below = 0;
    for (let i = 0; i < 20_000; i++) if (stream.integer(n) < n / 2) below++;
    expect(Math.abs(below - 10_000)).toBeLessThan(3.3 * Math.sqrt(5_000));
  });

  it('draws uniforms and normals with their moments', () => {
    const stream = randomStream(2);
    let mean = 0;
    let squares = 0;
    let uniformMean = 0;
    const n = 100_000;
    for (let i = 0; i < n; i++) {
      const z = stream.normal();
      mean += z / n;
      squares += (z * z) / n;
      uniformMean += stream.uniform() / n;
    }
    expect(Math.abs(mean)).toBeLessThan(3.3 / Math.sqrt(n));
    expect(Math.abs(squares - 1)).toBeLessThan(3.3 * Math.sqrt(2 / n));
    expect(Math.abs(uniformMean - 0.5)).toBeLessThan(3.3 * Math.sqrt(1 / 12 / n));
  });

  it('permutes without losing a row', () => {
    expect([...randomStream(5).permutation(100)].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  });

  it('refuses a seed that is no non-negative integer', () => {
    expect(() => randomStream(-1)).toThrow('seed must be an integer');
    expect(() => randomStream(0.5)).toThrow('seed must be an integer');
  });
});
