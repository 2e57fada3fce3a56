/** Names longer than this are compared by their beginning only, so that a bad header costs nothing. */
const COMPARED_LENGTH = 100;

/**
 * The candidate that `name` was probably meant to be, or undefined if none is near: first one that differs in case or
 * surrounding space only, then the one with the smallest edit distance of at most a third of the length (at least 2).
 * Ties go to the earlier candidate.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const folded = fold(name);
  const sameButCase = candidates.find((candidate) => fold(candidate) === folded);
  if (sameButCase !== undefined) return sameButCase;
  let nearest: string | undefined;
  let smallest = Math.max(2, Math.floor(folded.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = fold(candidate);
    if (Math.abs(other.length - folded.length) >= smallest) continue;
    const distance = editDistance(folded, other);
    if (distance < smallest && distance < Math.max(folded.length, other.length)) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** ` (did you mean f1?)` where a candidate is near, else nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearestName(name, candidates);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/**
 * Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbouring UTF-16 code units that
 * turn one string into the other, no unit being touched twice.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const best = Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1);
      current.push(swapped ? Math.min(best, before[j - 2]! + 1) : best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

function fold(name: string): string {
  return name.slice(0, COMPARED_LENGTH).trim().toLowerCase();
}
