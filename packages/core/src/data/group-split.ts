import { CounterweightError } from '../runtime/errors.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import { classCounts } from './label-views.ts';
import type { Labels } from './labels.ts';

/** Class counts of each group, as compressed rows: classes `classOf[offsets[g] .. offsets[g + 1])` with their counts. */
export interface GroupCounts {
  readonly groups: number;
  /** Group of each row, 0 .. groups - 1, numbered by first appearance. */
  readonly groupOf: Int32Array;
  readonly offsets: Int32Array;
  readonly classOf: Int32Array;
  readonly counts: Int32Array;
  /** In how many groups each class occurs. */
  readonly groupsOfClass: Int32Array;
}

/** Rows of each class in each group. A negative code makes a group of its own. */
export function countGroups(labels: Labels, codes: Int32Array): GroupCounts {
  const { groupOf, groups } = numberGroups(codes);
  const { rows, starts } = rowsByGroup(groupOf, groups);
  const offsets = new Int32Array(groups + 1);
  const classOf: number[] = [];
  const counts: number[] = [];
  const groupsOfClass = new Int32Array(labels.classes.length);
  const inGroup = new Int32Array(labels.classes.length);
  for (let group = 0; group < groups; group++) {
    const seen: number[] = [];
    for (let at = starts[group]!; at < starts[group + 1]!; at++) {
      const label = labels.codes[rows[at]!]!;
      if (inGroup[label]!++ === 0) seen.push(label);
    }
    for (const label of seen.sort((a, b) => a - b)) {
      classOf.push(label);
      counts.push(inGroup[label]!);
      inGroup[label] = 0;
      groupsOfClass[label]!++;
    }
    offsets[group + 1] = classOf.length;
  }
  return {
    groups,
    groupOf,
    offsets,
    classOf: Int32Array.from(classOf),
    counts: Int32Array.from(counts),
    groupsOfClass,
  };
}

function numberGroups(codes: Int32Array): { groupOf: Int32Array; groups: number } {
  const numberOf = new Map<number, number>();
  const groupOf = new Int32Array(codes.length);
  let groups = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    let group = code < 0 ? undefined : numberOf.get(code);
    if (group === undefined) {
      group = groups++;
      if (code >= 0) numberOf.set(code, group);
    }
    groupOf[i] = group;
  }
  return { groupOf, groups };
}

/** Rows in order of group; those of group `g` are `rows[starts[g] .. starts[g + 1])`. */
function rowsByGroup(groupOf: Int32Array, groups: number): { rows: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(groups + 1);
  for (let i = 0; i < groupOf.length; i++) starts[groupOf[i]! + 1]!++;
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice(0, groups);
  const rows = new Int32Array(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) rows[next[groupOf[i]!]!++] = i;
  return { rows, starts };
}

/** Enough for the sides to settle; a pass that moves nothing ends the search earlier. */
const PASSES = 20;

/**
 * Marks the rows of the groups that go to the test part. Groups are visited in random order and change sides whenever
 * that lowers the squared distance of the class shares from the wanted one, so small and large groups are on both sides.
 * Throws `too-few-groups` unless at least two classes occur in two groups each.
 */
export function splitGroups(labels: Labels, codes: Int32Array, testSize: number, seed: number): Uint8Array {
  const groups = countGroups(labels, codes);
  const spread = groups.groupsOfClass.filter((count) => count >= 2).length;
  if (groups.groups < 2 || spread < 2) {
    const message =
      `a split by groups needs at least two classes that occur in two groups each; there are ${groups.groups} groups and ` +
      `${spread} such ${spread === 1 ? 'class' : 'classes'}`;
    throw new CounterweightError('too-few-groups', message, { groups: groups.groups });
  }
  const inTest = searchSides(groups, classCounts(labels), testSize, randomStream(seed, 'group-split'));
  return Uint8Array.from(groups.groupOf, (group) => inTest[group]!);
}

function searchSides(groups: GroupCounts, totals: Int32Array, testSize: number, stream: RandomStream): Uint8Array {
  const inTest = new Uint8Array(groups.groups);
  const share = new Float64Array(totals.length);
  // An empty side of a class that could be on both costs more than any distance of shares.
  const cost = (label: number, value: number): number => {
    const empty = (value < 1e-12 || value > 1 - 1e-12) && groups.groupsOfClass[label]! >= 2;
    return (value - testSize) ** 2 + (empty ? 1 : 0);
  };
  for (let pass = 0; pass < PASSES; pass++) {
    let moved = 0;
    const order = stream.child('pass', pass).permutation(groups.groups);
    for (let i = 0; i < order.length; i++) {
      const group = order[i]!;
      const sign = inTest[group] ? -1 : 1;
      let change = 0;
      for (let at = groups.offsets[group]!; at < groups.offsets[group + 1]!; at++) {
        const label = groups.classOf[at]!;
        const now = share[label]!;
        change += cost(label, now + (sign * groups.counts[at]!) / totals[label]!) - cost(label, now);
      }
      if (change > -1e-15) continue;
      moved++;
      inTest[group] = inTest[group] ? 0 : 1;
      for (let at = groups.offsets[group]!; at < groups.offsets[group + 1]!; at++) {
        const label = groups.classOf[at]!;
        share[label]! += (sign * groups.counts[at]!) / totals[label]!;
      }
    }
    if (moved === 0) break;
  }
  return inTest;
}
