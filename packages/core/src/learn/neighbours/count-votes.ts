import type { Voters } from './voters.ts';

export interface VoteRules {
  /** Copies of rows that vote. */
  readonly k: number;
  readonly byDistance: boolean;
  /** Factor on the votes of each class. */
  readonly factors: Float64Array;
}

/** The nearest points of one query, in order of distance, places `begin` to `end - 1`. */
export interface NearestPoints {
  readonly indices: Int32Array;
  readonly distances: Float64Array;
  readonly begin: number;
  readonly end: number;
}

/**
 * Adds up the votes of each class. Points at one distance form a ring and vote together: rings vote from the nearest on until
 * k copies are used up, and the ring in which that happens shares what is left of k in proportion to weight. So neither the
 * order of rows nor of labels decides a tie, and a row of weight 3 votes as three copies would.
 *
 * False where the points given end before the votes do: more points are needed, `all` says that there are none.
 */
export function countVotes(
  { offsets, labels, weights }: Voters,
  { k, byDistance, factors }: VoteRules,
  { indices, distances, begin, end }: NearestPoints,
  all: boolean,
  votes: Float64Array,
): boolean {
  votes.fill(0);
  const nearest = distances[begin]!;
  let left = k;
  for (let at = begin; at < end; ) {
    const distance = distances[at]!;
    // Beside a copy of the query votes by inverse distance of other points are nothing.
    if (byDistance && nearest === 0 && distance > 0) return true;
    let next = at;
    let ring = 0;
    for (; next < end && distances[next] === distance; next++) {
      for (let e = offsets[indices[next]!]!; e < offsets[indices[next]! + 1]!; e++) ring += weights[e]!;
    }
    if (next === end && !all) return false;
    const share = Math.min(1, left / ring) * (byDistance && nearest > 0 ? nearest / distance : 1);
    for (; at < next; at++) {
      for (let e = offsets[indices[at]!]!; e < offsets[indices[at]! + 1]!; e++) {
        votes[labels[e]!]! += share * weights[e]! * factors[labels[e]!]!;
      }
    }
    left -= ring;
    if (!(left > 0)) return true;
  }
  return all;
}
