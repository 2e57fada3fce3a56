import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { findNeighbours } from './find-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';

/** Neighbours among the rows still there, of a set that shrinks. */
export interface ShrinkingNeighbours {
  /**
   * The k nearest rows still there (1 in `gone` marks the others) of each of the given rows, which are still there:
   * `rows × k`, in order of (distance, row). Rows that have gone never come back.
   */
  nearest(rows: Int32Array, k: number, gone: Uint8Array): Promise<Int32Array>;
}

/**
 * One search serves many rounds: a list of the nearest rows stays such a list when rows leave the set, only shorter. Rows
 * whose lists have become too short are searched anew among what is left. A list holds `spare` neighbours more than asked for,
 * so that few rows are.
 */
export function shrinkingNeighbours(problem: Pick<UnderProblem, 'data' | 'run'>, spare: number): ShrinkingNeighbours {
  const { X } = problem.data;
  const slots = new Int32Array(X.rows).fill(-1);
  let width = 0;
  let used = 0;
  let lists = new Int32Array(0);
  let lengths = new Int32Array(0);

  const search = async (rows: Int32Array, k: number, gone: Uint8Array) => {
    const left = rowsLeft(gone);
    const whole = left.length === X.rows;
    const reference = whole ? X : selectNumericRows(X, left);
    const place = new Int32Array(X.rows);
    for (let i = 0; i < left.length; i++) place[left[i]!] = i;
    const length = Math.min(left.length - 1, k + spare);
    const { indices } = await findNeighbours(problem, reference, whole ? rows : rows.map((row) => place[row]!), length);
    grow(rows, length);
    for (let i = 0; i < rows.length; i++) {
      const slot = slots[rows[i]!]!;
      lengths[slot] = length;
      for (let j = 0; j < length; j++) lists[slot * width + j] = left[indices[i * length + j]!]!;
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
  });
}

function rowsLeft(gone: Uint8Array): Int32Array {
  const left = new Int32Array(gone.length - gone.reduce((sum, flag) => sum + flag, 0));
  for (let row = 0, to = 0; row < gone.length; row++) if (gone[row] === 0) left[to++] = row;
  return left;
}
