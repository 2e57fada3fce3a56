import type { BinnedFeature } from './binned-rows.ts';
import type { FoundSplit } from './split-search.ts';

/** A split as the tree keeps it. */
export interface SplitRule {
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Values that go left, for categories. */
  readonly categories: readonly number[] | undefined;
  /** For each byte of the stored column 1 for left and 0 for right; the next rule overwrites it. */
  readonly goesLeft: Uint8Array;
}

/** Gives rules of splits, one after another. */
export function splitRuler(): (feature: BinnedFeature, split: FoundSplit, mostLeft: boolean) => SplitRule {
  const tables = { left: new Uint8Array(256), own: new Uint8Array(256), joined: new Uint8Array(256) };
  return (feature, split, mostLeft) => splitRule(feature, split, mostLeft, tables);
}

interface Tables {
  readonly left: Uint8Array;
  readonly own: Uint8Array;
  readonly joined: Uint8Array;
}

/**
 * The threshold lies half-way between the nearest values of the node's rows on either side, unless a bin that is empty
 * here, but not elsewhere, lies across: then it lies before that bin. Values that were missing nowhere in the node go, when
 * they are, the way of most rows (`missingLeft` of an unseen one).
 */
function splitRule(feature: BinnedFeature, split: FoundSplit, mostLeft: boolean, tables: Tables): SplitRule {
  const { missingSeen } = split;
  const shift = feature.missing ? 1 : 0;
  const left = tables.left.fill(0);
  if (feature.categorical) {
    for (const bin of split.bins) left[bin] = 1;
    const missingLeft = feature.missing && missingSeen ? left[0] === 1 : mostLeft;
    if (feature.missing) left[0] = missingLeft ? 1 : 0;
    const categories = split.bins.filter((bin) => bin >= shift).map((bin) => feature.lows[bin - shift]!);
    return { threshold: 0, missingLeft, categories, goesLeft: tableOf(feature, tables) };
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
  return { threshold, missingLeft, categories: undefined, goesLeft: tableOf(feature, tables) };
}

/** Between two different values, the lower one where they are neighbours among floating-point numbers. */
function halfway(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

function tableOf(feature: BinnedFeature, { left, own, joined }: Tables): Uint8Array {
  const { firstByte, defaultBin, bins, cell, stride, radix } = feature;
  if (defaultBin < 0) own.set(left);
  else {
    own.fill(left[defaultBin]!);
    for (let bin = 0, byte = firstByte; bin < bins; bin++) {
      if (bin !== defaultBin) own[byte++] = left[bin]!;
    }
  }
  if (cell < 0) return own;
  for (let byte = 0, digit = 0; byte < 256; digit = digit + 1 === radix ? 0 : digit + 1) {
    const goesLeft = own[digit]!;
    for (let i = 0; i < stride && byte < 256; i++) joined[byte++] = goesLeft;
  }
  return joined;
}
