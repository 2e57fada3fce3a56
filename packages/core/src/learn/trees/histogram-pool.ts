import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';

const COLUMN_BYTES = 4096;
/** Cells below which a histogram is built on the caller's thread. */
const SHARED_CELLS = 16384;
const BLOCK_CELLS = 32768;

/** Histograms of nodes; blocks of memory are used again. */
export interface HistogramPool {
  /**
   * Builds the histogram of `count` rows listed at `indices` (0 for all rows) and returns its address. A `parent`'s
   * histogram becomes that of the rows not listed.
   */
  fill(indices: number, count: number, records: number, parent?: number): number;
  release(histogram: number): void;
}

export function histogramPool({ memory, threads }: Work, rows: BinnedRows): HistogramPool {
  const columns = rows.columns.length;
  const bytes = columns * COLUMN_BYTES;
  const blocks = new Map<number, ReturnType<typeof memory.bytes>>();
  const free: number[] = [];
  const parts = memory.bytes(bytes * threads, 'zero');
  const groups = rows.groups.length;
  const used = memory.int32(Math.max(1, columns));
  used.view().set(rows.columns);

  const take = (): number => {
    const held = free.pop();
    if (held !== undefined) return held;
    const block = memory.bytes(bytes);
    blocks.set(block.address, block);
    return block.address;
  };

  const fill = (indices: number, count: number, records: number, parent = 0): number => {
    const target = take();
    const list = [rows.groupTable.address, groups, indices, count];
    const cells = count * columns;
    if (cells < SHARED_CELLS || threads === 1 || groups >= 2 * threads) {
      memory.call('clearBytes', target, bytes);
      const args = [...list, count, records, target, 0];
      if (cells < SHARED_CELLS || threads === 1) {
        for (let g = 0; g < groups; g++) memory.call('addHistograms', g, 0, ...args);
      } else memory.run('addHistograms', 0, groups, args);
      if (parent === 0) return target;
      join(target, 0, parent, cells);
      return target;
    }
    const blockRows = Math.max(256, Math.ceil(BLOCK_CELLS / columns));
    const tasks = Math.ceil(count / blockRows) * groups;
    memory.run('addHistograms', 0, tasks, [...list, blockRows, records, parts.address, bytes]);
    join(target, threads, parent, cells);
    return target;
  };

  const join = (target: number, parted: number, parent: number, cells: number) => {
    const args = [parts.address, parted, bytes, target, parent, used.address];
    if (columns >= 32 && cells >= SHARED_CELLS) memory.run('joinHistograms', 0, columns, args);
    else for (let column = 0; column < columns; column++) memory.call('joinHistograms', column, 0, ...args);
  };

  return Object.freeze({
    fill,
    release: (histogram: number) => {
      if (histogram) free.push(histogram);
    },
  });
}
