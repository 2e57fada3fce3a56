import type { Work } from '../../runtime/work.ts';
import type { BinnedRows } from './binned-rows.ts';
import { keptView } from './kept-view.ts';

const BLOCK_ROWS = 8192;

/** The rows a tree grows on, in the order of its nodes: the rows of a node stand together, ascending. */
export interface RowLists {
  /** Lists the rows (undefined for all) and returns their number. */
  reset(rows: Int32Array | undefined): number;
  /** Sums of the listed rows' records. */
  sums(records: number): readonly [bigint, bigint];
  addressAt(place: number): number;
  /** Puts the rows that go left before the others; returns their number. */
  part(begin: number, count: number, column: number, goesLeft: Uint8Array): number;
  /** Adds values to the scores of leaves' rows. */
  add(scores: number, leaves: readonly { begin: number; count: number; value: number }[]): void;
}

export function rowLists({ memory }: Work, rows: BinnedRows): RowLists {
  const indices = memory.int32(rows.rows);
  const lefts = memory.int32(rows.rows);
  const rights = memory.int32(rows.rows);
  const counts = memory.int32(Math.ceil(rows.rows / BLOCK_ROWS) + 1);
  const table = memory.bytes(256);
  const tableView = keptView(table);
  const total = memory.bytes(16);
  let leafBlock = memory.bytes(64 * 16);
  let listed = 0;
  let whole = true;

  const reset = (bag: Int32Array | undefined) => {
    whole = bag === undefined;
    listed = bag ? bag.length : rows.rows;
    if (bag) indices.view().set(bag);
    else memory.call('listRows', indices.address, rows.rows);
    return listed;
  };

  const sums = (records: number): readonly [bigint, bigint] => {
    memory.call('sumRecords', whole ? 0 : indices.address, listed, records, total.address);
    const found = new BigInt64Array(total.view().buffer, total.address, 2);
    return [found[0]!, found[1]!];
  };

  const part = (begin: number, count: number, column: number, goesLeft: Uint8Array) => {
    tableView().set(goesLeft);
    const { address, width } = rows.cellsOf(column);
    const list = indices.address + begin * 4;
    if (count <= BLOCK_ROWS)
      return memory.call('splitRows', address, width, list, count, table.address, rights.address);
    const blocks = Math.ceil(count / BLOCK_ROWS);
    const targets = [lefts.address, rights.address, counts.address];
    memory.run('partitionRows', 0, blocks, [address, width, list, count, BLOCK_ROWS, table.address, ...targets]);
    memory.run('gatherRows', 0, blocks, [list, count, BLOCK_ROWS, ...targets, blocks]);
    let left = 0;
    for (const here of counts.view().subarray(0, blocks)) left += here;
    return left;
  };

  const add = (scores: number, leaves: readonly { begin: number; count: number; value: number }[]) => {
    if (leaves.length > leafBlock.length / 16) {
      memory.release(leafBlock);
      leafBlock = memory.bytes(leaves.length * 32);
    }
    const { buffer } = leafBlock.view();
    const words = new Int32Array(buffer, leafBlock.address, leaves.length * 4);
    const values = new Float64Array(buffer, leafBlock.address, leaves.length * 2);
    leaves.forEach((leaf, i) => {
      words[4 * i] = leaf.begin;
      words[4 * i + 1] = leaf.count;
      values[2 * i + 1] = leaf.value;
    });
    memory.run('addLeaves', 0, leaves.length, [leafBlock.address, indices.address, scores]);
  };

  return Object.freeze({ reset, sums, addressAt: (place: number) => indices.address + place * 4, part, add });
}
