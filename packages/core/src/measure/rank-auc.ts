import type { JudgedLabels } from './judged-labels.ts';

/**
 * ROC-AUC of a number for each judged class against the rest, by rank sums (Mann and Whitney), ties counting half:
 * `(R - n1 (n1 + 1) / 2) / (n1 n0)`, turned so that it is at least 0.5. Missing cells (NaN) are one tie, placed below all
 * numbers or above them, whichever separates more.
 *
 * `order` holds the positions in ascending order of value with NaN last (see `sortedOrder`).
 */
export function rankAucs(values: Float64Array, order: Int32Array, labels: JudgedLabels): Float64Array {
  const { codes, counts, judged } = labels;
  const rankSums = new Float64Array(counts.length);
  const present = new Int32Array(counts.length);
  let start = 0;
  while (start < order.length && !Number.isNaN(values[order[start]!]!)) {
    const value = values[order[start]!]!;
    let end = start + 1;
    while (end < order.length && values[order[end]!] === value) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) {
      const code = codes[order[i]!]!;
      rankSums[code]! += rank;
      present[code]!++;
    }
    start = end;
  }
  const missing = order.length - start;
  return Float64Array.from(judged, (code) => {
    const ones = counts[code]!;
    const zeros = order.length - ones;
    const missingOnes = ones - present[code]!;
    const below = rankSums[code]! + missing * present[code]! + (missingOnes * (missing + 1)) / 2;
    const above = rankSums[code]! + missingOnes * (start + (missing + 1) / 2);
    const areas = [below, above].map((sum) => (sum - (ones * (ones + 1)) / 2) / (ones * zeros));
    return Math.max(...areas.map((area) => Math.max(area, 1 - area)));
  });
}

/** ROC-AUC of the pattern of missing cells alone, for each judged class; 0.5 where nothing is missing. */
export function missingAucs(isMissing: (position: number) => boolean, labels: JudgedLabels): Float64Array {
  const { codes, counts, judged } = labels;
  const missing = new Int32Array(counts.length);
  let all = 0;
  for (let i = 0; i < codes.length; i++) {
    if (!isMissing(i)) continue;
    missing[codes[i]!]!++;
    all++;
  }
  return Float64Array.from(judged, (code) => {
    const ones = counts[code]!;
    const shareOfOnes = missing[code]! / ones;
    const shareOfOthers = (all - missing[code]!) / (codes.length - ones);
    return 0.5 + Math.abs(shareOfOnes - shareOfOthers) / 2;
  });
}
