import type { Matrix } from '../data/matrix.ts';
import { defaultRuntime } from '../runtime/default-runtime.ts';
import type { KernelScope } from '../runtime/kernel-runtime.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { productSlack } from './brute-force.ts';
import { copyRows } from './build-tree.ts';
import { plainFrame } from './frame.ts';
import { writePlan } from './plan.ts';
import type { Neighbours } from './row-search.ts';
import { NO_ROW } from './search-tree.ts';

/** Arrivals that there is room for at first; a multiple of the rows of a panel, LANES of the kernel. */
const FIRST_ROOM = 256;

/**
 * Euclidean neighbours among rows that arrive one at a time, for fixed queries that ask now and then. A query meets an arrival
 * once, when it next asks, so what is never asked costs nothing; with many arrivals and queries that ask always,
 * `NumericNeighbourIndex.growing` costs less.
 */
export interface Arrivals {
  add(row: number): void;
  /** The nearest row for the query at this place; -1 where there is none. */
  nearest(place: number): number;
  /** The rows in its list, in order of (distance, row), at most `into.length` of them. Returns how many. */
  list(place: number, into: Int32Array): number;
  /** Gives its memory back. */
  dispose(): void;
}

export interface ArrivalsOptions {
  readonly rows: Matrix;
  /** Rows that ask. */
  readonly queries: Int32Array;
  /** What each query's list begins with, `queries × k`; row -1 stands where there is nothing. */
  readonly start: Neighbours;
}

/** Waits for arrivals among rows that are finite. */
export async function arrivals(options: ArrivalsOptions, run?: RunOptions): Promise<Arrivals> {
  const { rows, queries, start } = options;
  // A scale of 0 lets every row through the filter.
  const frame = plainFrame(rows.data, rows.rows, rows.columns) ?? {
    origin: new Float64Array(rows.columns),
    scale: 0,
  };
  const memory = await (run?.runtime ?? (await defaultRuntime())).open();
  try {
    return waitIn(memory, rows, queries, start, frame);
  } catch (error) {
    memory.close();
    throw error;
  }
}

function waitIn(
  memory: KernelScope,
  rows: Matrix,
  queries: Int32Array,
  { k, indices, distances }: Neighbours,
  { origin, scale }: { readonly origin: Float64Array; readonly scale: number },
): Arrivals {
  const { columns } = rows;
  const asked = memory.float64(queries.length * columns);
  copyRows(rows.data, columns, queries, asked.view());
  const met = memory.int32(queries.length, 'zero');
  const best = memory.float64(queries.length * k);
  const bestRows = memory.int32(queries.length * k);
  best.view().set(distances);
  bestRows.view().set(indices.map((row) => (row < 0 ? NO_ROW : row)));
  const middle = memory.float64(columns);
  middle.view().set(origin);
  const local = memory.bytes(columns * 4);
  const slack = productSlack(columns);
  let room = roomFor(memory, columns, FIRST_ROOM);
  let count = 0;
  const planOf = () => {
    const blocks = [room.rows, asked, met, room.ids, room.panels, room.halves, best, bestRows, middle, local];
    return writePlan(memory, [columns, k, count, ...blocks.map(({ address }) => address), 0], [scale, slack]);
  };
  let plan = planOf();
  const grow = () => {
    const wider = roomFor(memory, columns, 2 * room.size);
    for (const part of ['rows', 'ids', 'panels', 'halves'] as const) {
      wider[part].view().set(room[part].view());
      memory.release(room[part]);
    }
    memory.release(plan);
    room = wider;
    plan = planOf();
  };
  return Object.freeze({
    add(row: number) {
      if (count === room.size) grow();
      room.rows.view().set(rows.data.subarray(row * columns, (row + 1) * columns), count * columns);
      memory.call('addArrival', plan.address, row);
      count++;
    },
    nearest(place: number) {
      const row = memory.call('meetArrivals', plan.address, place);
      return row === NO_ROW ? -1 : row;
    },
    list(place: number, into: Int32Array) {
      memory.call('meetArrivals', plan.address, place);
      const held = bestRows.view();
      let length = 0;
      while (length < Math.min(k, into.length) && held[place * k + length]! !== NO_ROW) {
        into[length] = held[place * k + length]!;
        length++;
      }
      return length;
    },
    dispose: () => memory.close(),
  });
}

/** Blocks that hold `size` arrivals, a multiple of the rows of a panel. */
function roomFor(memory: KernelScope, columns: number, size: number) {
  return {
    size,
    rows: memory.float64(size * columns),
    ids: memory.int32(size),
    panels: memory.bytes(size * columns * 4, 'zero'),
    halves: memory.bytes(size * 4, 'zero'),
  };
}
