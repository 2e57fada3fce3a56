import type { NumericRows } from '../../data/dataset.ts';
import type { KernelArray } from '../../runtime/kernel-runtime.ts';
import type { Work } from '../../runtime/work.ts';
import type { ColumnBins } from './column-bins.ts';
import { type BinningRows, stageRows } from './stage-columns.ts';

/** Values of rows looked at at once, few enough to be still in the cache when a kernel reads them by column. */
const LOOKED_VALUES = 65536;
const BLOCK_COLUMNS = 8;

/** Bins of the columns of one or two values, which need no sorting. `bytes` takes their cells, column after column. */
export function pairColumns(
  work: Work,
  bytes: KernelArray<Uint8Array>,
  total: number,
  { kept, count, weights }: BinningRows,
  maxBins: number,
) {
  const { memory } = work;
  const values = memory.float64(Math.max(1, 2 * total));
  const spoilt = memory.int32(Math.max(1, total), 'zero');
  values.view().fill(Number.NaN);
  // A row of weight 0 must not teach a value.
  if (maxBins < 2 || weights?.includes(0)) spoilt.view().fill(1);

  const run = (source: readonly number[], first: number, last: number, begin: number, rows: number) => {
    const width = last - first;
    memory.run('pairColumns', 0, Math.ceil(width / BLOCK_COLUMNS), [
      ...source,
      width,
      BLOCK_COLUMNS,
      begin,
      rows,
      count,
      values.address + first * 16,
      spoilt.address + first * 4,
      bytes.address + first * count,
    ]);
  };
  const others = (first: number, last: number): number[] => {
    const words = spoilt.view();
    const found: number[] = [];
    for (let j = first; j < last; j++) if (words[j]) found.push(j);
    return found;
  };

  /** Looks at all columns of the rows, a slice of rows at a time. */
  const lookThrough = async (X: NumericRows & { kind: 'dense' }) => {
    const slice = Math.max(1, Math.min(count, Math.floor(LOOKED_VALUES / Math.max(1, total))));
    const staged = memory.float64(slice * total);
    for (let begin = 0; begin < count && others(0, total).length < total; begin += slice) {
      const rows = Math.min(slice, count - begin);
      stageRows(staged.view(), X, { kept, count }, begin, rows);
      run([staged.address, 8, 8 * total], 0, total, begin, rows);
      await work.breathe();
    }
    memory.release(staged);
  };

  const keep = (columns: ColumnBins[]) => {
    const found = values.view();
    for (let j = 0; j < total; j++) {
      if (columns[j]) continue;
      const seen = [found[2 * j]! + 0, found[2 * j + 1]! + 0].filter((value) => !Number.isNaN(value));
      if (seen.length === 2 && seen[1]! < seen[0]!) {
        seen.reverse();
        memory.call('swapBytes', bytes.address + j * count, count);
      }
      columns[j] = { lows: Float64Array.from(seen), highs: Float64Array.from(seen), missing: false };
    }
    memory.release(values);
    memory.release(spoilt);
  };
  return {
    others,
    lookThrough,
    /** Looks at columns that stand one after another at `source`. */
    look: (source: number, first: number, last: number) => run([source, 8 * count, 8], first, last, 0, count),
    keep,
  };
}
