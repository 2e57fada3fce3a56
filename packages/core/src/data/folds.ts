import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import { countGroups, type GroupCounts } from './group-split.ts';
import { classCounts } from './label-views.ts';
import type { ClassLabel, Labels } from './labels.ts';
import { counted, quoted } from './quoted.ts';
import { checkLength, partition, rowsByClass } from './split.ts';

export interface Fold {
  /** Row numbers, ascending. */
  readonly train: Int32Array;
  readonly validate: Int32Array;
  readonly repeat: number;
  readonly fold: number;
}

export interface Folds {
  /** All folds of the first repeat, then those of the second, and so on. */
  readonly folds: readonly Fold[];
  readonly notices: readonly Notice[];
}

export interface FoldOptions {
  readonly labels: Labels;
  readonly folds: number;
  /** 1 unless told. */
  readonly repeats?: number | undefined;
  readonly seed: number;
  /** Codes of what must stay in one fold; a negative code is a group of its own. */
  readonly groups?: Int32Array | undefined;
}

/**
 * Repeated stratified k-fold division. Every row is validated once a repeat; rows of each class differ by at most one
 * between folds, and so do all rows. With groups, whole groups are dealt so that class shares come as near as may be.
 *
 * A class with fewer rows (or groups) than folds gives fewer folds and the notice `fewer-folds`, so that every part has
 * every class. Throws `too-few-rows` or `too-few-groups`, naming the class, where not even two folds are possible, and
 * `bad-option`. Classes without rows are passed over.
 */
export function stratifiedFolds(options: FoldOptions): Folds {
  const { labels, groups, seed } = options;
  const repeats = options.repeats ?? 1;
  checkCount('folds', options.folds, 2);
  checkCount('repeats', repeats, 1);
  checkLength('groups', groups, labels);
  const grouped = groups && countGroups(labels, groups);
  const { folds: count, notices } = possibleFolds(labels, options.folds, grouped);
  const byClass = rowsByClass(labels);
  const folds: Fold[] = [];
  const marks = new Uint8Array(labels.codes.length);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const stream = randomStream(seed, 'folds', repeat);
    const foldOf = grouped
      ? dealGroups(labels, grouped, count, stream)
      : dealRows(byClass, labels.codes.length, count, stream);
    for (let fold = 0; fold < count; fold++) {
      for (let i = 0; i < foldOf.length; i++) marks[i] = foldOf[i] === fold ? 1 : 0;
      const { inside: validate, outside: train } = partition(marks);
      folds.push(Object.freeze({ train, validate, repeat, fold }));
    }
  }
  if (grouped) notices.push(...classesMissing(labels, folds));
  return Object.freeze({ folds: Object.freeze(folds), notices: Object.freeze(notices) });
}

/** Throws `bad-option` unless the value is a whole number of at least `least`. */
export function checkCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new CounterweightError('bad-option', `${name} must be a whole number of at least ${least}, got ${value}`);
  }
}

/** A class as a message shows it. */
export function shownClass(label: ClassLabel): string {
  return typeof label === 'string' ? quoted(label) : String(label);
}

function possibleFolds(
  labels: Labels,
  wanted: number,
  grouped: GroupCounts | undefined,
): { folds: number; notices: Notice[] } {
  const units = grouped ? grouped.groupsOfClass : classCounts(labels);
  let smallest = -1;
  units.forEach((count, code) => {
    if (count > 0 && (smallest < 0 || count < units[smallest]!)) smallest = code;
  });
  const label = labels.classes[smallest];
  const available = units[smallest] ?? 0;
  if (label === undefined || available < 2) {
    const [what, code] = grouped ? (['group', 'too-few-groups'] as const) : (['row', 'too-few-rows'] as const);
    const message =
      label === undefined
        ? 'there are no rows to divide into folds'
        : `class ${shownClass(label)} has ${counted(available, what)}; cross-validation needs at least two of every class`;
    throw new CounterweightError(code, message, label === undefined ? {} : { class: label, available });
  }
  if (available >= wanted) return { folds: wanted, notices: [] };
  const notice: Notice = {
    code: 'fewer-folds',
    severity: 'warning',
    message:
      `${available} folds instead of ${wanted}: class ${shownClass(label)} has only ` +
      `${counted(available, grouped ? 'group' : 'row')} to divide`,
    class: label,
    numbers: { folds: available, wanted },
  };
  return { folds: available, notices: [notice] };
}

/** Deals the shuffled rows of one class after the other, going on where the last class stopped. */
function dealRows(byClass: readonly Int32Array[], rows: number, folds: number, stream: RandomStream): Int32Array {
  const foldOf = new Int32Array(rows);
  let next = 0;
  byClass.forEach((members, code) => {
    const shuffled = stream.child('class', code).shuffle(members.slice());
    for (let i = 0; i < shuffled.length; i++) {
      foldOf[shuffled[i]!] = next;
      next = next + 1 === folds ? 0 : next + 1;
    }
  });
  return foldOf;
}

/**
 * Largest groups first (equal ones in random order), each to the fold where it raises the sum of squared class shares
 * least: that evens the shares out. The share of all rows counts as one more class.
 */
function dealGroups(labels: Labels, groups: GroupCounts, folds: number, stream: RandomStream): Int32Array {
  const totals = classCounts(labels);
  const classes = totals.length;
  const held = new Float64Array(folds * classes);
  const rowsIn = new Float64Array(folds);
  const sizes = new Int32Array(groups.groups);
  for (const group of groups.groupOf) sizes[group]!++;
  const order = [...stream.child('groups').permutation(groups.groups)].sort((a, b) => sizes[b]! - sizes[a]!);
  const foldOfGroup = new Int32Array(groups.groups);
  const allRows = labels.codes.length;
  const rise = (inFold: number, added: number, total: number) => (added * (2 * inFold + added)) / (total * total);
  for (const group of order) {
    let best = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      let cost = rise(rowsIn[fold]!, sizes[group]!, allRows);
      for (let at = groups.offsets[group]!; at < groups.offsets[group + 1]!; at++) {
        const label = groups.classOf[at]!;
        cost += rise(held[fold * classes + label]!, groups.counts[at]!, totals[label]!);
      }
      if (cost < lowest) {
        lowest = cost;
        best = fold;
      }
    }
    foldOfGroup[group] = best;
    rowsIn[best]! += sizes[group]!;
    for (let at = groups.offsets[group]!; at < groups.offsets[group + 1]!; at++) {
      held[best * classes + groups.classOf[at]!]! += groups.counts[at]!;
    }
  }
  return groups.groupOf.map((group) => foldOfGroup[group]!);
}

function classesMissing(labels: Labels, folds: readonly Fold[]): Notice[] {
  const totals = classCounts(labels);
  const lacking = new Map<number, number>();
  for (const { validate } of folds) {
    const counts = new Int32Array(totals.length);
    for (const row of validate) counts[labels.codes[row]!]!++;
    counts.forEach((count, code) => {
      if (totals[code]! > 0 && (count === 0 || count === totals[code])) lacking.set(code, (lacking.get(code) ?? 0) + 1);
    });
  }
  return [...lacking].map(([code, parts]) => ({
    code: 'class-missing-in-fold',
    severity: 'warning',
    message: `class ${shownClass(labels.classes[code]!)} lies wholly on one side of ${counted(parts, 'fold')}: its groups are too few or too large`,
    class: labels.classes[code]!,
    numbers: { folds: parts },
  }));
}
