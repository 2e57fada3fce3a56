import { findNeighbours } from '../under/find-neighbours.ts';
import type { ClassTask, OverProblem } from './over-sampler.ts';
import { clampAmongAll } from './too-few-rows.ts';

/** For rows of the data: how many of their `asked` nearest rows are of another class. */
export interface OtherNeighbours {
  /** Neighbours looked at: fewer than asked only where the data have no more rows. */
  readonly m: number;
  /** One entry a row of the data; only those of the rows asked for mean something. */
  readonly others: Int32Array;
}

/**
 * Counts the rows of other classes among the nearest rows of every row of the given classes, or of the given rows. Adds the
 * notice `k-clamped` or throws `too-few-rows` where there are too few rows; throws `distance-overflow`.
 */
export async function otherNeighbours(
  problem: OverProblem,
  tasks: readonly ClassTask[],
  asked: number,
  option: string,
): Promise<OtherNeighbours> {
  const queries = new Int32Array(tasks.reduce((total, { rows }) => total + rows.length, 0));
  let end = 0;
  for (const { rows } of tasks) {
    queries.set(rows, end);
    end += rows.length;
  }
  return otherNeighboursOf(problem, queries, asked, option);
}

/** As `otherNeighbours`, for rows named one by one. */
export async function otherNeighboursOf(
  problem: OverProblem,
  queries: Int32Array,
  asked: number,
  option: string,
): Promise<OtherNeighbours> {
  const { codes } = problem.data.y;
  const m = clampAmongAll(problem, asked, option);
  const { indices } = await findNeighbours(problem, problem.data.X, queries, m);
  const others = new Int32Array(codes.length);
  for (let q = 0; q < queries.length; q++) {
    const own = codes[queries[q]!]!;
    let count = 0;
    for (let i = q * m; i < (q + 1) * m; i++) if (codes[indices[i]!]! !== own) count++;
    others[queries[q]!] = count;
  }
  return { m, others };
}

/** Half or more of its neighbours are of other classes, but not all of them. */
export function inDanger({ m, others }: OtherNeighbours, row: number): boolean {
  return 2 * others[row]! >= m && others[row]! < m;
}

/** All of its neighbours are of other classes. */
export function isNoise({ m, others }: OtherNeighbours, row: number): boolean {
  return others[row] === m;
}
