import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/data/matrix.ts';
import { binColumns } from '../../../src/learn/trees/bin-columns.ts';
import { randomStream } from '../../../src/runtime/random.ts';
import { withKernels } from '../../../src/runtime/work.ts';
import { toSparse } from '../helpers.ts';

/** Bins of a single column, with the bytes of its rows. */
function binned(values: ArrayLike<number>, maxBins = 255, weights?: Float64Array, sparse = false) {
  const dense = matrix(Float64Array.from(values), values.length, 1);
  const X = sparse ? toSparse(dense) : dense;
  return withKernels(undefined, async (work) => {
    const { columns, bytes } = await binColumns(work, X, { count: values.length, weights }, maxBins);
    return { ...columns[0]!, bytes: bytes.view().slice() };
  });
}

const normal = (count: number) => Float64Array.from({ length: count }, randomStream(3, 'bins').normal);

describe('bins', () => {
  it('are the distinct values where there are few, -0 being 0', async () => {
    const values = [3, -0, 0, 7.5, 3, -2, 7.5, 5e-324];
    const { lows, highs, bytes } = await binned(values);
    expect([...lows]).toEqual([-2, 0, 5e-324, 3, 7.5]);
    expect(highs).toEqual(lows);
    expect([...bytes]).toEqual([3, 1, 1, 4, 3, 0, 4, 2]);
    const most = Float64Array.from({ length: 1000 }, (_, i) => ((i * 77) % 255) - 100);
    expect((await binned(most)).lows).toEqual(Float64Array.from({ length: 255 }, (_, i) => i - 100));
  });

  it('keep byte 0 for missing values where there are any', async () => {
    const { missing, lows, bytes } = await binned([2, Number.NaN, 1]);
    expect([missing, ...lows, ...bytes]).toEqual([true, 1, 2, 2, 0, 1]);
  });

  it('of a column of two values are in order, whichever comes first', async () => {
    for (const sparse of [false, true]) {
      const { lows, highs, bytes, missing } = await binned([5, 5, -1, 5], 255, undefined, sparse);
      expect([[...lows], [...highs], [...bytes], missing]).toEqual([[-1, 5], [-1, 5], [1, 1, 0, 1], false]);
      const zeros = await binned([-0, 3, 0], 255, undefined, sparse);
      expect([[...zeros.lows].map((low) => Object.is(low, -0)), [...zeros.bytes]]).toEqual([
        [false, false],
        [0, 1, 0],
      ]);
    }
    expect((await binned([7, 7])).lows).toEqual(Float64Array.of(7));
    expect((await binned([1, 2, 3], 255, Float64Array.of(1, 1, 0))).lows).toEqual(Float64Array.of(1, 2));
    await expect(binned([0, 1, Number.POSITIVE_INFINITY])).rejects.toMatchObject({ code: 'not-finite' });
  });

  it('notice a third value and a missing one wherever they come', async () => {
    const flags = Array.from({ length: 70000 }, (_, i) => i & 1);
    const third = await binned([...flags, 2]);
    expect([[...third.lows], third.bytes[1], third.bytes[70000]]).toEqual([[0, 1, 2], 1, 2]);
    const hole = await binned([...flags, Number.NaN]);
    expect([hole.missing, [...hole.lows], hole.bytes[1], hole.bytes[70000]]).toEqual([true, [0, 1], 2, 0]);
  });

  it('cover every value, in order, evenly: no bin of many values holds twice its share', async () => {
    const values = normal(20000);
    const { lows, highs, bytes } = await binned(values, 64);
    expect(lows.length).toBe(64);
    const counts = new Float64Array(64);
    values.forEach((value, i) => {
      const bin = bytes[i]!;
      counts[bin]!++;
      expect(value >= lows[bin]! && value <= highs[bin]!).toBe(true);
    });
    for (let b = 1; b < 64; b++) expect(lows[b]).toBeGreaterThan(highs[b - 1]!);
    expect(Math.max(...counts)).toBeLessThan((2 * 20000) / 64);
    expect(Math.min(...counts)).toBeGreaterThan(20000 / 64 / 2);
  });

  it('leave a value that is commoner than an average bin alone', async () => {
    const values = normal(4000).map((value, i) => (i % 3 === 0 ? 0.25 : value));
    const { lows, highs } = await binned(values, 32);
    const at = lows.indexOf(0.25);
    expect(highs[at]).toBe(0.25);
    expect(lows.length).toBeGreaterThan(28);
  });

  it('take a weight as copies of the row, sparse rows as dense ones', async () => {
    const values = normal(900).map((value, i) => (i % 5 ? value : 0));
    const weights = Float64Array.from({ length: 900 }, (_, i) => i % 4);
    const copies = [...values].flatMap((value, i) => Array<number>(weights[i]!).fill(value));
    const weighted = await binned(values, 100, weights);
    const repeated = await binned(copies, 100);
    expect([weighted.lows, weighted.highs]).toEqual([repeated.lows, repeated.highs]);
    expect(await binned(values, 100, weights, true)).toEqual(weighted);
  });
});
