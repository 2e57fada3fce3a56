import type { Matrix } from '../../data/matrix.ts';
import { rowDistance } from '../../measure/row-distance.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { breathe } from './breathe.ts';
import type { OverProblem } from './over-sampler.ts';

/** Distances between two rests. */
const DISTANCES_A_TURN = 1 << 22;

export interface Optics {
  /** Distance of each row to its nearest row number `minSamples`, itself counted. */
  readonly core: Float64Array;
  /**
   * How far each row was from those before it in the order: the least of max(core distance of the other, distance). Infinite for
   * the first.
   */
  readonly reachability: Float64Array;
}

/**
 * OPTICS without a largest distance: rows are visited from the first on, always the one that is reached soonest (ties to the
 * lower row). Takes quadratic time and linear memory. `minSamples` from 2 to the number of rows.
 *
 * Ankerst, Breunig, Kriegel and Sander, "OPTICS: ordering points to identify the clustering structure", SIGMOD 1999.
 */
export async function optics(problem: Pick<OverProblem, 'run'>, X: Matrix, minSamples: number): Promise<Optics> {
  const others = minSamples - 1;
  const found = await findNeighbours(
    problem,
    X,
    Int32Array.from({ length: X.rows }, (_, row) => row),
    others,
  );
  const core = Float64Array.from({ length: X.rows }, (_, row) => found.distances[(row + 1) * others - 1]!);
  const reachability = new Float64Array(X.rows).fill(Number.POSITIVE_INFINITY);
  const left = Int32Array.from({ length: X.rows }, (_, row) => row);
  const rest = Math.ceil(DISTANCES_A_TURN / X.rows);
  let row = 0;
  for (let count = X.rows - 1, at = 0; count > 0; count--) {
    if (count % rest === 0) await breathe(problem.run);
    // What is left keeps its order, so that the first of equals is the lower row.
    left.copyWithin(at, at + 1, count + 1);
    let nearest = 0;
    for (let i = 0; i < count; i++) {
      const other = left[i]!;
      const reach = Math.max(core[row]!, rowDistance(X.data, X.columns, row, other));
      if (reach < reachability[other]!) reachability[other] = reach;
      if (reachability[other]! < reachability[left[nearest]!]!) nearest = i;
    }
    at = nearest;
    row = left[nearest]!;
  }
  return { core, reachability };
}
