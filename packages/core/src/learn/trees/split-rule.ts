import type { BinnedFeature } from './binned-rows.ts';
import type { FoundSplit } from './split-search.ts';

/** A split as the tree keeps it. */
export interface SplitRule {
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Values that go left, for categories. */
  readonly categories: readonly number[] | undefined;
  /** For each byte of the stored column 1 for left and 0 for right. */
  readonly goesLeft: Uint8Array;
}

/**
 * The threshold lies half-way between the nearest values of the node's rows on either side, unless a bin that is empty
 * here, but not elsewhere, lies across: then it lies before that bin. Values that were missing nowhere in the node go, when
 * they are, the way of most rows (`missingLeft` of an unseen one).
 */
export function splitRule(feature: BinnedFeature, split: FoundSplit, mostLeft: boolean): SplitRule {
  const { missingSeen } = split;
  const shift = feature.missing ? 1 : 0;
  const left = new Uint8Array(feature.bins);
  if (feature.categorical) {
    for (const bin of split.bins) left[bin] = 1;
    const missingLeft = feature.missing && missingSeen ? left[0] === 1 : mostLeft;
    if (feature.missing) left[0] = missingLeft ? 1 : 0;
    const categories = split.bins.filter((bin) => bin >= shift).map((bin) => feature.lows[bin - shift]!);
    return { threshold: 0, missingLeft, categories, goesLeft: tableOf(feature, left) };
  }
  const missingLeft = missingSeen ? split.missingLeft : mostLeft;
  if (feature.missing) left[0] = missingLeft ? 1 : 0;
  let through = feature.bins - 1;
  let threshold = Number.MAX_VALUE;
  if (split.next >= 0) {
    const high = (bin: number) => feature.highs[bin - shift]!;
    const low = (bin: number) => feature.lows[bin - shift]!;
    through = split.last;
    threshold = halfway(high(through), low(split.next));
    while (through + 1 < split.next && high(through + 1) <= threshold) through++;
    if (through + 1 < split.next && low(through + 1) <= threshold) threshold = halfway(high(through), low(through + 1));
  }
  for (let bin = shift; bin <= through; bin++) left[bin] = 1;
  return { threshold, missingLeft, categories: undefined, goesLeft: tableOf(feature, left) };
}

/** Between two different values, the lower one where they are neighbours among floating-point numbers. */
function halfway(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

function tableOf({ firstByte, defaultBin, cell, stride, radix }: BinnedFeature, left: Uint8Array): Uint8Array {
  const own = new Uint8Array(256);
  if (defaultBin < 0) own.set(left);
  else {
    own.fill(left[defaultBin]!);
    for (let bin = 0, byte = firstByte; bin < left.length; bin++) {
      if (bin !== defaultBin) own[byte++] = left[bin]!;
    }
  }
  if (cell < 0) return own;
  const table = new Uint8Array(256);
  for (let byte = 0, digit = 0; byte < 256; byte += stride) {
    if (own[digit] === 1) table.fill(1, byte, byte + stride);
    digit = digit + 1 === radix ? 0 : digit + 1;
  }
  return table;
}
