import type { Dataset, Rows } from '../../data/dataset.ts';
import type { Labels } from '../../data/labels.ts';
import { counted, grouped } from '../../data/quoted.ts';
import { sortedOrder } from '../../data/sorted-order.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import { quoted } from '../class-counts.ts';
import { checkFlag } from '../options.ts';
import type { SamplingPlan } from '../sampling-strategy.ts';

/** Rows by group, groups in the order of their first rows: group `g` has `rows[starts[g]]` to `rows[starts[g + 1] - 1]`. */
export interface Groups {
  readonly count: number;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

export interface GroupProblem {
  readonly labels: Labels;
  readonly plan: SamplingPlan;
  readonly groups: Groups;
}

/** 1 for each row that goes, whole groups only, and what there is to say. */
export interface GroupRemoval {
  readonly removed: Uint8Array;
  readonly notices: readonly Notice[];
}

/** Throws `bad-option` unless `wholeGroups` is true, false or left out, and where one of `others` is set beside it. */
export function checkWholeGroups(wholeGroups: unknown, others: Readonly<Record<string, unknown>>): void {
  checkFlag('wholeGroups', wholeGroups);
  if (!wholeGroups) return;
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined || value === false) continue;
    throw new CounterweightError('bad-option', `wholeGroups cannot be true with ${name}`);
  }
}

/** Throws `no-groups` for data without groups, `shape-mismatch` unless they have one entry a row. */
export function groupsOf({ y, groups }: Pick<Dataset<Rows>, 'y' | 'groups'>, method: string): Groups {
  if (!groups) throw new CounterweightError('no-groups', `${method}: wholeGroups needs data with groups`);
  if (groups.length !== y.codes.length) {
    throw new CounterweightError('shape-mismatch', `${y.codes.length} rows but groups for ${groups.length}`);
  }
  const indexOf = new Map<number, number>();
  const own = groups.map((group) => {
    const known = indexOf.get(group);
    if (known !== undefined) return known;
    indexOf.set(group, indexOf.size);
    return indexOf.size - 1;
  });
  const starts = new Int32Array(indexOf.size + 1);
  for (const index of own) starts[index + 1]!++;
  for (let index = 0; index < indexOf.size; index++) starts[index + 1]! += starts[index]!;
  const next = starts.slice();
  const rows = new Int32Array(own.length);
  for (let row = 0; row < own.length; row++) rows[next[own[row]!]!++] = row;
  return { count: indexOf.size, starts, rows };
}

/**
 * Whole groups up to the counts of the plan. A group with a row of a class that is to keep all its rows stays; of the others those
 * stay, in `order`, with which no class has more rows than asked, then those that bring the counts nearer though they are
 * some rows too many. No class of which rows are asked is left without a group. A notice says where a count is not met.
 */
export function fillWithGroups(problem: GroupProblem, order: Int32Array): GroupRemoval {
  const { groups } = problem;
  const tally = tallyOf(problem);
  for (let group = 0; group < groups.count; group++) if (tally.isBound(group)) tally.keep(group);
  const bound = tally.kept.slice();
  for (const group of order) if (!tally.stays[group] && tally.fits(group)) tally.keep(group);
  if (!tally.isMet()) {
    const left = order.filter((group) => tally.stays[group] === 0);
    for (const i of sortedOrder(Float64Array.from(left, tally.change))) {
      if (tally.change(left[i]!) < 0) tally.keep(left[i]!);
    }
  }
  for (const { code, count } of problem.plan.targets) {
    if (count > 0 && tally.kept[code] === 0) tally.keep(tally.smallestWith(code, order));
  }
  return { removed: removedRows(groups, tally.stays), notices: missedCounts(problem, tally.kept, bound) };
}

/**
 * What a cleaning method decided, by whole groups: a group goes if the method would remove more than half of its rows and none of
 * them is of a class that is not cleaned. A notice counts the rows that go or stay otherwise than the method decided.
 */
export function cleanByGroups({ labels, plan, groups }: GroupProblem, decided: Uint8Array): GroupRemoval {
  const cleaned = new Uint8Array(plan.counts.length);
  for (const { code } of plan.targets) cleaned[code] = 1;
  const stays = new Uint8Array(groups.count);
  for (let group = 0; group < groups.count; group++) {
    const rows = rowsIn(groups, group);
    const gone = rows.reduce((total, row) => total + decided[row]!, 0);
    stays[group] = 2 * gone > rows.length && rows.every((row) => cleaned[labels.codes[row]!] === 1) ? 0 : 1;
  }
  const removed = removedRows(groups, stays);
  const back = removed.reduce((total, gone, row) => total + Number(gone === 0 && decided[row] === 1), 0);
  const more = removed.reduce((total, gone, row) => total + Number(gone === 1 && decided[row] === 0), 0);
  return { removed, notices: back + more === 0 ? [] : [asGroups(back, more)] };
}

function asGroups(back: number, more: number): Notice {
  return {
    code: 'groups-kept-whole',
    severity: 'info',
    message: `groups are kept whole: ${counted(back, 'row')} to be removed ${back === 1 ? 'stays' : 'stay'}, ${counted(more, 'row')} to be kept ${more === 1 ? 'goes' : 'go'}`,
    numbers: { back, more },
  };
}

const rowsIn = ({ rows, starts }: Groups, group: number): Int32Array => rows.subarray(starts[group], starts[group + 1]);

function removedRows(groups: Groups, stays: Uint8Array): Uint8Array {
  const removed = new Uint8Array(groups.rows.length);
  for (let group = 0; group < groups.count; group++) {
    if (stays[group]) continue;
    for (let i = groups.starts[group]!; i < groups.starts[group + 1]!; i++) removed[groups.rows[i]!] = 1;
  }
  return removed;
}

/** Keeps count while groups are taken. */
function tallyOf({ labels, plan, groups: { count: groups, rows, starts } }: GroupProblem) {
  const stays = new Uint8Array(groups);
  const kept = new Int32Array(plan.counts.length);
  const own = new Int32Array(plan.counts.length);
  // What a class may have; infinite for one that keeps all its rows.
  const limit = new Float64Array(plan.counts.length).fill(Number.POSITIVE_INFINITY);
  for (const { code, rows, count } of plan.targets) if (count < rows) limit[code] = count;

  /** Sums something over the classes of a group, given each with its rows in the group. */
  function sumOver(group: number, term: (code: number, rows: number) => number): number {
    const [start, end] = [starts[group]!, starts[group + 1]!];
    for (let i = start; i < end; i++) own[labels.codes[rows[i]!]!]!++;
    let sum = 0;
    for (let i = start; i < end; i++) {
      const code = labels.codes[rows[i]!]!;
      if (own[code] === 0) continue;
      sum += term(code, own[code]!);
      own[code] = 0;
    }
    return sum;
  }
  const sizeOf = (group: number): number => starts[group + 1]! - starts[group]!;
  const keep = (group: number): void => {
    stays[group] = 1;
    sumOver(group, (code, rows) => (kept[code]! += rows));
  };
  return {
    stays,
    kept,
    keep,
    isMet: () => plan.targets.every(({ code, count }) => kept[code]! >= count),
    isBound: (group: number) => sumOver(group, (code) => Number(limit[code] === Number.POSITIVE_INFINITY)) > 0,
    fits: (group: number) => sumOver(group, (code, rows) => Number(kept[code]! + rows > limit[code]!)) === 0,
    /** By how much the counts, all together, would be farther from those asked. */
    change: (group: number) =>
      sumOver(
        group,
        (code, rows) => Math.abs(kept[code]! + rows - limit[code]!) - Math.abs(kept[code]! - limit[code]!),
      ),
    /** The group with the fewest rows of those that have the class; the first in `order` of equal ones. */
    smallestWith: (code: number, order: Int32Array): number => {
      const able = order.filter((group) => sumOver(group, (other) => Number(other === code)) > 0);
      return able.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a));
    },
  };
}

/** `bound`: what is in groups that have to stay. */
function missedCounts({ plan }: GroupProblem, kept: Int32Array, bound: Int32Array): Notice[] {
  return plan.targets
    .filter(({ code, count }) => kept[code] !== count)
    .map(({ code, label, count }) => ({
      code: 'count-not-reached',
      severity: 'warning',
      message: `class ${quoted(label)} keeps ${counted(kept[code]!, 'row')}, ${grouped(count)} ${count === 1 ? 'was' : 'were'} asked: ${bound[code]! > count ? 'they are in groups with rows of classes that lose none' : 'whole groups come no nearer'}`,
      class: label,
      numbers: { rows: kept[code]!, asked: count },
    }));
}
