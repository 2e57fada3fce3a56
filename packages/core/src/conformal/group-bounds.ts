import { counted, listed } from '../data/quoted.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { CalibrationScores } from './calibration-scores.ts';
import type { TooFewPolicy } from './predictor.ts';
import { conformalQuantile, rowsNeeded } from './rank-rule.ts';
import { type SortedGroups, sortedGroups, sortedScores } from './sorted-groups.ts';

/** How calibration rows are grouped: by category of the row, by class, by cluster of classes, or not at all. */
export interface Grouping {
  /** Group of each class within a category, or -1: judged by all rows together. */
  readonly groupOfClass: Int32Array;
  /** Number of groups within a category. */
  readonly groups: number;
  /** Category of each calibration row, where rows have some. */
  readonly categories?: Int32Array | undefined;
}

/** Calibration scores by group, with two more at the end: all rows together (where needed), and nothing. */
export interface GroupTable extends SortedGroups {
  readonly pooled: number;
  /** Group of a label in a category; an unknown category has the group without rows. */
  groupAt(category: number, label: number): number;
  sizeOf(group: number): number;
}

export function groupTable(calibration: CalibrationScores, grouping: Grouping, tooFew: TooFewPolicy): GroupTable {
  const { groupOfClass, groups, categories } = grouping;
  const { scores, codes } = calibration;
  const known = categories ? categories.reduce((most, code) => Math.max(most, code + 1), 0) : 1;
  const own = known * groups;
  const groupOf = codes.map((code, row) => {
    const group = groupOfClass[code]!;
    return group < 0 ? own : (categories ? categories[row]! : 0) * groups + group;
  });
  const cut = sortedGroups(scores, groupOf, own + 1);
  const kept = cut.offsets[own]!;
  const needsPool = tooFew === 'pooled' || groupOfClass.some((group) => group < 0);
  const sorted = new Float64Array(kept + (needsPool ? scores.length : 0));
  sorted.set(cut.sorted.subarray(0, kept));
  if (needsPool) sorted.set(sortedScores(scores), kept);
  const offsets = new Int32Array(own + 3);
  offsets.set(cut.offsets.subarray(0, own + 1));
  offsets.fill(sorted.length, own + 1);
  const groupAt = (category: number, label: number) => {
    const group = groupOfClass[label]!;
    if (group < 0) return own;
    return category >= 0 && category < known ? category * groups + group : own + 1;
  };
  return { sorted, offsets, pooled: own, groupAt, sizeOf: (group) => offsets[group + 1]! - offsets[group]! };
}

/** The group a label is judged by once the policy has been applied; throws `too-few-rows` where it says so. */
export function judgedGroup(
  table: GroupTable,
  group: number,
  needed: number,
  tooFew: TooFewPolicy,
  what: () => { readonly message: string; readonly class?: string | number },
): number {
  if (tooFew === 'full' || group === table.pooled || table.sizeOf(group) >= needed) return group;
  if (tooFew === 'pooled') return table.pooled;
  const { message, ...details } = what();
  throw new CounterweightError('too-few-rows', message, { ...details, rows: table.sizeOf(group), needed });
}

/** The bound of every group at a level. */
export function groupBounds(table: GroupTable, alpha: number): Float64Array {
  return Float64Array.from({ length: table.offsets.length - 1 }, (_, group) =>
    conformalQuantile(table.sorted, alpha, table.offsets[group]!, table.offsets[group + 1]!),
  );
}

/** States which classes have fewer calibration rows than `alpha` needs, and what follows. */
export function tooFewNotice(
  labels: readonly (string | number)[],
  classes: number,
  alpha: number,
  tooFew: TooFewPolicy,
): Notice[] {
  if (labels.length === 0) return [];
  const needed = rowsNeeded(alpha);
  const what = `${labels.length} of ${counted(classes, 'class', 'classes')} (${listed(labels, 5)})`;
  const follows =
    tooFew === 'pooled' ? 'judged by all rows together, without a guarantee of their own' : 'taken into every set';
  return [
    {
      code: 'too-few-calibration-rows',
      severity: 'warning',
      message: `${what} fall short of the ${counted(needed, 'calibration row')} that alpha ${alpha} needs; they are ${follows}`,
      numbers: { classes: labels.length, needed, alpha },
    },
  ];
}
