import { describe, expect, it } from 'vitest';
import { replayProvenance } from '../../src/resample/replay.ts';
import type { Provenance } from '../../src/resample/resampler.ts';

/** Rows 0 and 2 copied, one row between 0 and 2, one made from 2 alone. */
const provenance: Provenance = {
  source: Int32Array.of(0, 2, -1, -1),
  base: Int32Array.of(-1, -1, 0, 2),
  neighbour: Int32Array.of(-1, -1, 2, -1),
  gap: Float64Array.of(Number.NaN, Number.NaN, 0.25, Number.NaN),
  dropped: Int32Array.of(1),
};

describe('replayProvenance', () => {
  it('gives synthetic rows their base row’s value', () => {
    expect(replayProvenance(provenance, ['x', 'y', 'z'])).toEqual(['x', 'z', 'x', 'z']);
    expect(replayProvenance(provenance, Int32Array.of(5, 6, 7))).toEqual(Int32Array.of(5, 7, 5, 7));
    expect(replayProvenance(provenance, Float64Array.of(5, 6, 7))).toEqual(Float64Array.of(5, 7, 5, 7));
    expect(replayProvenance(provenance, [true, false, null])).toEqual([true, null, true, null]);
  });

  it('interpolates numbers when asked, and takes the base where there is no neighbour', () => {
    const interpolated = { synthetic: 'interpolate' } as const;
    expect(replayProvenance(provenance, Float64Array.of(1, 2, 3), interpolated)).toEqual(Float64Array.of(1, 3, 1.5, 3));
    expect(replayProvenance(provenance, [1, 2, 3], interpolated)).toEqual([1, 3, 1.5, 3]);
    expect(() => replayProvenance(provenance, ['x', 'y', 'z'], interpolated)).toThrow('can be interpolated');
    expect(() => replayProvenance(provenance, Int32Array.of(1, 2, 3), interpolated)).toThrow('can be interpolated');
  });

  it('stays finite where a difference overflows, exact where it does not', () => {
    const interpolated = { synthetic: 'interpolate' } as const;
    const wide = replayProvenance(provenance, Float64Array.of(-1.7e308, 0, 1.7e308), interpolated);
    expect(wide[2]).toBeCloseTo(-0.85e308, -300);
    expect(replayProvenance(provenance, Float64Array.of(0.1, 0, 0.7), interpolated)[2]).toBe(0.1 + 0.25 * (0.7 - 0.1));
  });

  it('refuses an array that is too short', () => {
    expect(() => replayProvenance(provenance, ['x', 'y'])).toThrow('speaks of row 2, the side array has 2');
  });
});
