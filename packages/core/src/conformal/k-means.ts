import type { Matrix } from '../data/matrix.ts';
import type { RandomStream } from '../runtime/random.ts';

/** More rounds than this are never needed for the few hundred points clustered here. */
const MOST_ROUNDS = 300;

/**
 * Weighted k-means of a few points: Lloyd's rounds from `starts` k-means++ starts, the one with the least weighted
 * distance kept. Returns the cluster of each point; clusters are at most `clusters`, fewer where points coincide.
 */
export function kMeans(
  points: Matrix,
  weights: Float64Array,
  clusters: number,
  stream: RandomStream,
  starts = 10,
): Int32Array {
  let best: Int32Array = new Int32Array(points.rows);
  let least = Number.POSITIVE_INFINITY;
  for (let start = 0; start < starts; start++) {
    const centres = firstCentres(points, weights, clusters, stream.child('start', start));
    const { assigned, cost } = lloyd(points, weights, centres);
    if (cost < least) {
      least = cost;
      best = assigned;
    }
  }
  return best;
}

function squaredDistance(points: Matrix, row: number, centres: Float64Array, centre: number): number {
  let sum = 0;
  for (let column = 0; column < points.columns; column++) {
    const gap = points.data[row * points.columns + column]! - centres[centre * points.columns + column]!;
    sum += gap * gap;
  }
  return sum;
}

/** Each next centre is a point drawn in proportion to its weight times its squared distance from those there are. */
function firstCentres(points: Matrix, weights: Float64Array, clusters: number, stream: RandomStream): Float64Array {
  const { rows, columns, data } = points;
  const centres = new Float64Array(clusters * columns);
  const chances = weights.slice();
  for (let centre = 0; centre < clusters; centre++) {
    const chosen = draw(chances, stream);
    centres.set(data.subarray(chosen * columns, (chosen + 1) * columns), centre * columns);
    for (let row = 0; row < rows; row++) {
      const distance = weights[row]! * squaredDistance(points, row, centres, centre);
      chances[row] = centre === 0 ? distance : Math.min(chances[row]!, distance);
    }
  }
  return centres;
}

function draw(chances: Float64Array, stream: RandomStream): number {
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  let left = stream.uniform() * total;
  for (let row = 0; row < chances.length; row++) {
    left -= chances[row]!;
    if (left < 0) return row;
  }
  return chances.length - 1;
}

function lloyd(points: Matrix, weights: Float64Array, centres: Float64Array): { assigned: Int32Array; cost: number } {
  const { rows, columns, data } = points;
  const clusters = centres.length / columns;
  const assigned = new Int32Array(rows).fill(-1);
  let cost = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let moved = false;
    cost = 0;
    for (let row = 0; row < rows; row++) {
      let nearest = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let centre = 0; centre < clusters; centre++) {
        const distance = squaredDistance(points, row, centres, centre);
        if (distance < least) {
          least = distance;
          nearest = centre;
        }
      }
      if (assigned[row] !== nearest) moved = true;
      assigned[row] = nearest;
      cost += weights[row]! * least;
    }
    if (!moved) break;
    const sums = new Float64Array(centres.length);
    const mass = new Float64Array(clusters);
    for (let row = 0; row < rows; row++) {
      const centre = assigned[row]!;
      mass[centre]! += weights[row]!;
      for (let column = 0; column < columns; column++) {
        sums[centre * columns + column]! += weights[row]! * data[row * columns + column]!;
      }
    }
    // A centre that lost all its points stays where it is.
    for (let at = 0; at < sums.length; at++) {
      const weight = mass[Math.floor(at / columns)]!;
      if (weight > 0) centres[at] = sums[at]! / weight;
    }
  }
  return { assigned, cost };
}
