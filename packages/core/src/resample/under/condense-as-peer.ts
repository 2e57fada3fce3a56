import type { NumpyRandom } from '../../runtime/numpy-random.ts';
import { growingNeighbours } from './growing-neighbours.ts';
import { checkStore, drawSeedsAsPeer } from './starting-store.ts';
import type { UnderProblem } from './under-sampler.ts';
import { makeVote } from './vote.ts';

/**
 * The rows that imbalanced-learn 0.14 keeps, in its order. For each targeted class apart, against the smallest: the store of
 * rows that a pass adds to, and the places in the class that the pass leaves out because the store classifies them
 * rightly, a list that wrongly holds the rows of the store as well, by their index in the whole set.
 */
export async function condenseAsPeer(
  problem: UnderProblem,
  stream: NumpyRandom,
  k: number,
  nSeedsS: number,
): Promise<Int32Array> {
  const { members, targeted } = problem;
  const source: number[] = [];
  for (const [code, rows] of members.entries()) {
    if (rows.length === 0) continue;
    const kept = targeted[code] === 1 ? await condenseClass(problem, rows, stream, k, nSeedsS) : rows;
    for (const row of kept) source.push(row);
  }
  return Int32Array.from(source);
}

async function condenseClass(
  problem: UnderProblem,
  rows: Int32Array,
  stream: NumpyRandom,
  k: number,
  nSeedsS: number,
): Promise<readonly number[]> {
  const { data, members, minority } = problem;
  const { codes, classes } = data.y;
  const kept = [...drawSeedsAsPeer(stream, rows.length, nSeedsS)].map((place) => rows[place]!);
  const store = Int32Array.from([...members[minority]!, ...kept]);
  checkStore(problem, k, store.length);
  const neighbours = await growingNeighbours(problem, { queries: rows, store, k });
  const vote = makeVote(codes, classes.length, true);
  const isRight = (place: number) => {
    const nearest = neighbours.nearest(place);
    return vote(nearest, 0, nearest.length) === codes[rows[place]!];
  };
  const passedOver = new Uint8Array(data.X.rows);
  for (const row of kept) passedOver[row] = 1;
  try {
    for (let place = 0; place < rows.length; place++) {
      if (passedOver[place] === 1 || isRight(place)) continue;
      kept.push(rows[place]!);
      neighbours.add(rows[place]!);
      passedOver.fill(0);
      for (const row of kept) passedOver[row] = 1;
      for (let other = 0; other < rows.length; other++) if (isRight(other)) passedOver[other] = 1;
    }
  } finally {
    neighbours.dispose();
  }
  return kept;
}
