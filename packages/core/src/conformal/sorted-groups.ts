/** Scores cut into groups, each in ascending order: group g is `sorted[offsets[g] .. offsets[g + 1])`. */
export interface SortedGroups {
  readonly sorted: Float64Array;
  readonly offsets: Int32Array;
}

/** Cuts scores into `groups` groups; `groupOf` has one code a score. */
export function sortedGroups(scores: Float64Array, groupOf: Int32Array, groups: number): SortedGroups {
  const offsets = new Int32Array(groups + 1);
  for (const group of groupOf) offsets[group + 1]!++;
  for (let group = 0; group < groups; group++) offsets[group + 1]! += offsets[group]!;
  const next = offsets.slice();
  const sorted = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) sorted[next[groupOf[i]!]!++] = scores[i]!;
  for (let group = 0; group < groups; group++) sorted.subarray(offsets[group]!, offsets[group + 1]!).sort();
  return { sorted, offsets };
}

/** All scores in ascending order. */
export function sortedScores(scores: Float64Array): Float64Array {
  return scores.slice().sort();
}
