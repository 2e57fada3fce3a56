import { neighbourIndex } from '../../neighbors/neighbour-index.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { denseRows } from '../dense-rows.ts';
import type { OverProblem } from './over-sampler.ts';

/** Rows are searched for in blocks, so that a block's neighbours are at most so many. */
const BLOCK = 1 << 21;

/** A row of another class inside a sphere. */
export interface Inside {
  /** Position among the centres. */
  readonly centre: number;
  readonly row: number;
  readonly distance: number;
  readonly radius: number;
}

/**
 * Grows a sphere around each centre until its energy is spent: one unit of radius costs one and another one for each row of
 * `others` that is inside. So the radius r solves r + Σ max(0, r - d) = energy over the distances d to the others. Distances
 * are Manhattan. `onInside` is told of every row inside, nearest first, sphere after sphere in no certain order. Gives the
 * radii.
 */
export async function growSpheres(
  { data, run }: OverProblem,
  centres: Int32Array,
  others: Int32Array,
  energy: number,
  onInside: (inside: Inside) => void,
): Promise<Float64Array> {
  const index = await neighbourIndex({ rows: denseRows(data.X, others), metric: 'manhattan' }, run);
  const radii = new Float64Array(centres.length);
  try {
    let left = Int32Array.from(centres.keys());
    for (let k = Math.min(16, others.length); left.length > 0; k = Math.min(4 * k, others.length)) {
      const unfinished: number[] = [];
      const step = Math.max(1, Math.floor(BLOCK / k));
      for (let start = 0; start < left.length; start += step) {
        throwIfAborted(run.signal);
        const block = left.subarray(start, start + step);
        const queries = denseRows(
          data.X,
          block.map((centre) => centres[centre]!),
        );
        const { indices, distances } = await index.nearest({ queries, k }, { signal: run.signal });
        block.forEach((centre, i) => {
          const near = distances.subarray(i * k, (i + 1) * k);
          const { inside, radius } = grow(near, energy);
          if (inside === k && k < others.length) {
            unfinished.push(centre);
            return;
          }
          radii[centre] = radius;
          for (let n = 0; n < inside; n++) {
            onInside({ centre, row: others[indices[i * k + n]!]!, distance: near[n]!, radius });
          }
        });
      }
      left = Int32Array.from(unfinished);
    }
  } finally {
    index.dispose();
  }
  return radii;
}

/** The radius, and how many rows at the given ascending distances are inside. */
function grow(distances: Float64Array, energy: number): { readonly inside: number; readonly radius: number } {
  let passed = 0;
  for (let inside = 0; ; inside++) {
    const radius = (energy + passed) / (inside + 1);
    if (inside === distances.length || distances[inside]! >= radius) return { inside, radius };
    passed += distances[inside]!;
  }
}
