import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';

const COLUMN_BYTES = 4096;
/** Cells below which a histogram is built on the caller's thread. */
const SHARED_CELLS = 16384;
const BLOCK_CELLS = 32768;
/** Columns from which their histograms are joined on all threads. */
const SHARED_COLUMNS = 32;

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
    if (cells < SHARED_CELLS || threads === 1) {
      memory.call('buildHistogram', ...list, records, target, bytes, parent, used.address, columns);
      return target;
    }
    if (groups >= 2 * threads) {
      memory.call('clearBytes', target, bytes);
      memory.run('addHistograms', 0, groups, [...list, count, records, target, 0]);
      if (parent) join(target, 0, parent);
      return target;
    }
    const blockRows = Math.max(256, Math.ceil(BLOCK_CELLS / columns));
    const tasks = Math.ceil(count / blockRows) * groups;
    memory.run('addHistograms', 0, tasks, [...list, blockRows, records, parts.address, bytes]);
    join(target, threads, parent);
    return target;
  };

  const join = (target: number, parted: number, parent: number) => {
    const args = [parts.address, parted, bytes, target, parent, used.address];
    if (columns >= SHARED_COLUMNS) memory.run('joinHistograms', 0, columns, args);
    else for (let column = 0; column < columns; column++) memory.call('joinHistograms', column, 0, ...args);
  };

  return Object.freeze({
    fill,
    release: (histogram: number) => {
      if (histogram) free.push(histogram);
    },
  });
}
