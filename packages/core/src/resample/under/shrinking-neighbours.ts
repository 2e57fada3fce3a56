import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { type NumericNeighbourIndex, neighbourIndex } from '../../neighbors/neighbour-index.ts';
import { checkDistances, findNeighbours } from './find-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';

/** Neighbours among the rows still there, of a set that shrinks. */
export interface ShrinkingNeighbours {
  /**
   * The k nearest rows still there (1 in `gone` marks the others) of each of the given rows, which are still there:
   * `rows × k`, in order of (distance, row). Where those are all of the row's class, it may be k others of its class. Rows
   * that have gone never come back.
   */
  nearest(rows: Int32Array, k: number, gone: Uint8Array): Promise<Int32Array>;
  /** Gives its memory back. */
  dispose(): void;
}

export interface ShrinkingSearch {
  /** Neighbours asked for at most. */
  readonly most: number;
  /** How many more a list holds, so that few rows are searched anew. */
  readonly spare: number;
}

/** From so many products of rows, queries and columns on it pays to look first which rows have only their own class around them. */
const WORTH_A_LOOK = 1e8;
/** Longest lists of rows of which some have gone; beyond, those left are searched apart. */
const LONGEST = 64;
/** With fewer columns lists take as little time as the look; with more there is no tree to look in. */
const FEWEST_COLUMNS = 8;
const MOST_COLUMNS = 128;

/**
 * One search serves many rounds: a list of the nearest rows stays such a list when rows leave the set, only shorter. Rows
 * whose lists have become too short are searched anew among what is left.
 *
 * Most rows have nothing but their own class around them, which is far quicker to see than to list: such a row gets rows of
 * its class that are nearer than any other class's. While k of them are left, its k nearest are of its class.
 */
export function shrinkingNeighbours(
  problem: Pick<UnderProblem, 'data' | 'run'>,
  { most, spare }: ShrinkingSearch,
): ShrinkingNeighbours {
  const { data, run } = problem;
  const { X } = data;
  const slots = new Int32Array(X.rows).fill(-1);
  let width = 0;
  let used = 0;
  let lists = new Int32Array(0);
  let lengths = new Int32Array(0);

  const kernels = { signal: run.signal, runtime: run.runtime };
  let index: NumericNeighbourIndex | undefined;

  const search = async (rows: Int32Array, k: number, gone: Uint8Array) => {
    const left = rowsLeft(gone);
    if (left.length === X.rows) return searchAll(rows);
    const waiting = index ? await lookFarther(index, rows, k, gone) : rows;
    if (waiting.length === 0) return;
    const place = new Int32Array(X.rows);
    for (let i = 0; i < left.length; i++) place[left[i]!] = i;
    const length = Math.min(left.length - 1, k + spare);
    const queries = waiting.map((row) => place[row]!);
    const { indices } = await findNeighbours(problem, selectNumericRows(X, left), queries, length);
    enter(waiting, length, indices, (i) => left[i]!);
  };

  const searchAll = async (rows: Int32Array) => {
    const length = Math.min(X.rows - 1, most + spare);
    if (rows.length * X.rows * X.columns < WORTH_A_LOOK || X.columns > MOST_COLUMNS) {
      enter(rows, length, (await findNeighbours(problem, X, rows, length)).indices);
      return;
    }
    index ??= await neighbourIndex({ rows: X }, kernels);
    const rest = X.columns < FEWEST_COLUMNS ? rows : await look(index, rows);
    if (rest.length === 0) return;
    enter(rest, length, checkDistances(await index.nearest({ queries: rest, k: length }, kernels)).indices);
  };

  /** Returns the rows that may have others around them. */
  const look = async (all: NumericNeighbourIndex, rows: Int32Array) => {
    const { certain, indices } = await all.unanimous({ labels: data.y.codes, k: most, queries: rows }, kernels);
    const sure = rows.filter((_, i) => certain[i] === 1);
    enter(sure, most, chosenLists(indices, most, certain));
    return rows.filter((_, i) => certain[i] === 0);
  };

  /** Longer and longer lists of all rows, those that have gone among them. Returns the rows for which that is not enough. */
  const lookFarther = async (all: NumericNeighbourIndex, rows: Int32Array, k: number, gone: Uint8Array) => {
    const room = new Int32Array(k);
    let waiting = rows;
    for (let length = 2 * (k + spare); length <= LONGEST && length < X.rows && waiting.length > 0; length *= 2) {
      enter(waiting, length, checkDistances(await all.nearest({ queries: waiting, k: length }, kernels)).indices);
      waiting = waiting.filter((row) => !take(row, k, gone, room, 0));
    }
    return waiting;
  };

  const enter = (rows: Int32Array, length: number, indices: Int32Array, named = (row: number) => row) => {
    grow(rows, length);
    for (let i = 0; i < rows.length; i++) {
      const slot = slots[rows[i]!]!;
      lengths[slot] = length;
      for (let j = 0; j < length; j++) lists[slot * width + j] = named(indices[i * length + j]!);
    }
  };

  /** Makes room for lists of these rows and this length; lists that are there are kept. */
  const grow = (rows: Int32Array, length: number) => {
    const before = used;
    for (let i = 0; i < rows.length; i++) if (slots[rows[i]!] === -1) slots[rows[i]!] = used++;
    if (length <= width && used === before) return;
    const wider = Math.max(width, length);
    const next = new Int32Array(used * wider);
    for (let slot = 0; slot < before; slot++) {
      next.set(lists.subarray(slot * width, slot * width + lengths[slot]!), slot * wider);
    }
    const longer = new Int32Array(used);
    longer.set(lengths);
    [lists, lengths, width] = [next, longer, wider];
  };

  const take = (row: number, k: number, gone: Uint8Array, into: Int32Array, at: number): boolean => {
    const slot = slots[row]!;
    if (slot < 0) return false;
    const start = slot * width;
    let found = 0;
    for (let j = start; j < start + lengths[slot]! && found < k; j++) {
      const neighbour = lists[j]!;
      if (gone[neighbour] === 0) into[at + found++] = neighbour;
    }
    return found === k;
  };

  return Object.freeze({
    nearest: async (rows: Int32Array, k: number, gone: Uint8Array) => {
      const nearest = new Int32Array(rows.length * k);
      const short: number[] = [];
      for (let i = 0; i < rows.length; i++) if (!take(rows[i]!, k, gone, nearest, i * k)) short.push(i);
      if (short.length === 0) return nearest;
      await search(
        Int32Array.from(short, (i) => rows[i]!),
        k,
        gone,
      );
      for (const i of short) take(rows[i]!, k, gone, nearest, i * k);
      return nearest;
    },
    dispose: () => index?.dispose(),
  });
}

/** The lists whose flag is set. */
function chosenLists(lists: Int32Array, length: number, flags: Uint8Array): Int32Array {
  const chosen = new Int32Array(flags.reduce((sum, flag) => sum + flag, 0) * length);
  for (let i = 0, to = 0; i < flags.length; i++) {
    if (flags[i] === 0) continue;
    for (let j = i * length; j < (i + 1) * length; j++) chosen[to++] = lists[j]!;
  }
  return chosen;
}

function rowsLeft(gone: Uint8Array): Int32Array {
  const left = new Int32Array(gone.length - gone.reduce((sum, flag) => sum + flag, 0));
  for (let row = 0, to = 0; row < gone.length; row++) if (gone[row] === 0) left[to++] = row;
  return left;
}
