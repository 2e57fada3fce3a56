import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { type BinnedFeature, type BinnedRows, binRows } from '../../../src/learn/trees/binned-rows.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { type Work, withKernels } from '../../../src/runtime/work.ts';
import { toSparse } from '../helpers.ts';

const missing = Number.NaN;

/** Levels of two categorical columns as zeros and ones, flags that are mostly 1, few values, many values, holes, a constant. */
function mixed(count: number) {
  const stream = randomStream(5, 'mixed');
  const rows = Array.from({ length: count }, () => {
    const level = (levels: number) => {
      const own = stream.integer(levels + 1);
      return Array.from({ length: levels }, (_, k) => (k === own ? 1 : 0));
    };
    const flags = Array.from({ length: 9 }, () => (stream.uniform() < 0.8 ? 1 : 0));
    const holes = Array.from({ length: 2 }, () => (stream.uniform() < 0.2 ? missing : stream.integer(2)));
    const sparse = stream.uniform() < 0.8 ? 0 : stream.integer(5) - 2;
    return [...level(7), ...flags, stream.integer(5) - 2, ...level(40), stream.normal(), ...holes, sparse, -3];
  });
  return matrix(Float64Array.from(rows.flat()), count, rows[0]!.length);
}

/** Bin of each row of a feature, read from the stored column. */
function binsOf({ memory }: Work, rows: BinnedRows, feature: BinnedFeature): number[] {
  const { address, width } = rows.cellsOf(feature.column);
  const bytes = new Uint8Array(memory.bytes(16).view().buffer, address);
  return Array.from({ length: rows.rows }, (_, row) => {
    const byte = Math.floor(bytes[row * width]! / feature.stride) % feature.radix;
    const { firstByte, defaultBin, bins } = feature;
    if (defaultBin < 0) return byte;
    if (byte < firstByte || byte >= firstByte + bins - 1) return defaultBin;
    return byte - firstByte + (byte - firstByte >= defaultBin ? 1 : 0);
  });
}

describe('binned rows', () => {
  for (const leaves of [undefined, 2]) {
    it(`keep every cell, ${leaves ? 'also of joined columns' : 'bundled'}`, async () => {
      const X = mixed(1013);
      for (const rows of [X, toSparse(X)]) {
        await withKernels(undefined, async (work) => {
          const options = { maxBins: 255, categorical: new Set<number>(), leaves };
          const binned = await binRows(work, rows, { count: X.rows }, options);
          expect(binned.features.length).toBe(X.columns - 1);
          expect(binned.joined.length > 0).toBe(leaves !== undefined);
          for (const feature of binned.features) {
            const shift = feature.missing ? 1 : 0;
            binsOf(work, binned, feature).forEach((bin, row) => {
              const value = X.data[row * X.columns + feature.feature]!;
              if (Number.isNaN(value)) expect([feature.missing, bin]).toEqual([true, 0]);
              else {
                expect(value).toBeGreaterThanOrEqual(feature.lows[bin - shift]!);
                expect(value).toBeLessThanOrEqual(feature.highs[bin - shift]!);
              }
            });
          }
        });
      }
    });
  }

  it('put the levels of a column in one, and eight flags in one where rows are many', async () => {
    const X = mixed(1013);
    const stored = (leaves: number | undefined) =>
      withKernels(undefined, async (work) => {
        const options = { maxBins: 255, categorical: new Set<number>(), leaves };
        return (await binRows(work, X, { count: X.rows }, options)).columns;
      });
    const levels = [8, 41];
    expect(await stored(undefined)).toEqual([levels[0], ...Array(9).fill(2), 5, levels[1], 255, 3, 3, 5]);
    // 41 x 5, 8 x 5 x 3 x 2, 3 and the other flags, by size.
    const joined = await stored(2);
    expect(joined.length).toBe(5);
    expect(Math.max(...joined)).toBeLessThanOrEqual(256);
    expect(await stored(1e6)).toEqual(await stored(undefined));
  });

  it('leave out flags that too few rows have, or have not', async () => {
    const count = 200;
    const rows = Array.from({ length: count }, (_, i) => [
      i < 4 ? 1 : 0,
      i < 5 ? 1 : 0,
      i < 196 ? 7 : 8,
      i < 195 ? 7 : 8,
    ]);
    const X = matrix(Float64Array.from(rows.flat()), count, 4);
    await withKernels(undefined, async (work) => {
      const options = { maxBins: 255, categorical: new Set<number>(), least: 5 };
      const { features } = await binRows(work, X, { count }, options);
      expect(features.map(({ feature }) => feature)).toEqual([1, 3]);
    });
  });
});
