import type { ClassLabel, Labels } from '../data/labels.ts';
import { counted, grouped } from '../data/quoted.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { largestRemainder } from './allocate.ts';
import { classCounts, quoted } from './class-counts.ts';
import { type ClassTarget, type ClassTargets, codesOfList, targetsByCode } from './class-targets.ts';

/**
 * Which classes are resampled, and to what size: imbalanced-learn's `sampling_strategy` and what goes beyond it.
 *
 * | form | rows added | rows removed | cleaned |
 * |---|---|---|---|
 * | `auto` | as `not majority` | as `not minority` | as `not minority` |
 * | `all`, `not majority`, `not minority` | those classes up to the largest | those classes down to the smallest | those classes |
 * | `minority` | the smallest class up to the largest | refused | refused |
 * | `median` | those below the median size of a class up to it | those above down to it | those above |
 * | `majority` | refused | the largest class down to the smallest | the largest class |
 * | ratio r in (0, 1] | all but the largest class up to r · largest | all but the smallest class down to smallest / r | refused |
 * | Map or record | per-class target | per-class target | refused |
 * | list of labels | refused | refused | those classes |
 * | function of the counts | its targets | its targets | its list |
 *
 * Ties for largest and smallest go to the class that sorts first. The median of an even number of classes is the mean of the
 * two in the middle, rounded down; imbalanced-learn has it not, so `compat` refuses it. A ratio's count is rounded down (a
 * product that misses a whole number by rounding noise only counts as that number). With more than two classes a ratio leaves
 * alone every class that has already reached it, with a notice; if rows would have to move the other way and no class can
 * move as asked, that is an error. Classes that a Map or record does not name are left alone.
 */
export type SamplingStrategy =
  | NamedStrategy
  | number
  | ClassTargets
  | readonly ClassLabel[]
  | ((counts: ReadonlyMap<ClassLabel, number>) => ClassTargets | readonly ClassLabel[]);

export type NamedStrategy = (typeof namedStrategies)[number];
export const namedStrategies = [
  'auto',
  'all',
  'minority',
  'majority',
  'not minority',
  'not majority',
  'median',
] as const;

export type SamplingType = 'over-sampling' | 'under-sampling' | 'clean-sampling';

/** Follow another library where it differs on purpose. */
export type Compat = 'imbalanced-learn';

export interface SamplingTarget {
  /** Index into the classes. */
  readonly code: number;
  readonly label: ClassLabel;
  /** Rows that the class has. */
  readonly rows: number;
  /** Over-sampling: rows to add. Under-sampling: rows to keep. Cleaning: rows of the smallest class, for information. */
  readonly count: number;
}

/** A strategy worked out for given labels. */
export interface SamplingPlan {
  /** Rows a class, in the order of the classes. */
  readonly counts: Int32Array;
  /** The classes to resample, in the order of the classes. */
  readonly targets: readonly SamplingTarget[];
  readonly notices: readonly Notice[];
}

export interface PlanOptions {
  readonly samplingType: SamplingType;
  /** Refuses what imbalanced-learn refuses (a ratio for more than two classes, `maxNew`, …) and rounds as it does. */
  readonly compat?: Compat | undefined;
  /** Over-sampling only: at most so many new rows over all classes, shared in proportion by largest remainder. */
  readonly maxNew?: number | undefined;
}

/**
 * Works a strategy out for given labels. Classes without rows count as absent.
 *
 * Throws `one-class` unless two classes have rows; `bad-option` for a form that this kind of sampling refuses;
 * `unknown-class`; `target-out-of-reach` where rows would have to be removed by adding or added by removing.
 */
export function planSampling(strategy: SamplingStrategy, labels: Labels, options: PlanOptions): SamplingPlan {
  const counts = classCounts(labels);
  const problem = problemOf(labels, counts, options);
  const resolved = resolve(strategy, problem);
  const limited = options.maxNew === undefined ? resolved : limitNew(resolved, options.maxNew, problem);
  const sorted = [...limited].sort(([a], [b]) => a - b);
  const targets = sorted.map(([code, count]) => {
    return Object.freeze({ code, label: labels.classes[code]!, rows: counts[code]!, count });
  });
  if (options.samplingType === 'over-sampling') checkSize(targets, labels.codes.length);
  if (isIdle(targets, options.samplingType)) {
    problem.notices.push({
      code: 'nothing-to-resample',
      severity: 'info',
      message: 'no row was added or removed: every targeted class already has the asked size',
    });
  }
  return Object.freeze({ counts, targets, notices: problem.notices });
}

/** What the rules below look at. `largest` and `smallest` are class codes among `present`. */
interface Problem {
  readonly labels: Labels;
  readonly counts: Int32Array;
  readonly present: readonly number[];
  readonly largest: number;
  readonly smallest: number;
  readonly samplingType: SamplingType;
  readonly compat: boolean;
  readonly notices: Notice[];
}

type Resolved = ReadonlyMap<number, number>;

function problemOf(labels: Labels, counts: Int32Array, options: PlanOptions): Problem {
  const present = [...counts.keys()].filter((code) => counts[code]! > 0);
  if (present.length < 2) {
    const only = present[0];
    throw new CounterweightError(
      'one-class',
      only === undefined
        ? 'resampling needs rows of at least two classes, got no rows'
        : `resampling needs rows of at least two classes; all ${counted(counts[only]!, 'row')} are of class ${quoted(labels.classes[only]!)}`,
      only === undefined ? {} : { class: labels.classes[only]! },
    );
  }
  return {
    labels,
    counts,
    present,
    largest: present.reduce((best, code) => (counts[code]! > counts[best]! ? code : best)),
    smallest: present.reduce((best, code) => (counts[code]! < counts[best]! ? code : best)),
    samplingType: options.samplingType,
    compat: options.compat !== undefined,
    notices: [],
  };
}

function resolve(strategy: unknown, problem: Problem): Resolved {
  if (typeof strategy === 'string') return resolveNamed(strategy, problem);
  if (typeof strategy === 'number') return resolveRatio(strategy, problem);
  if (Array.isArray(strategy)) return resolveList(strategy, problem);
  if (typeof strategy === 'function') {
    const { labels, counts, present } = problem;
    const byLabel = new Map(present.map((code) => [labels.classes[code]!, counts[code]!]));
    const given: unknown = strategy(byLabel);
    if (Array.isArray(given) && !problem.compat) return resolveList(given, problem);
    return resolveTargets(given, problem);
  }
  return resolveTargets(strategy, problem);
}

function resolveNamed(name: string, problem: Problem): Resolved {
  const { samplingType, present, largest, smallest, counts } = problem;
  const over = samplingType === 'over-sampling';
  const asked = name === 'auto' ? (over ? 'not majority' : 'not minority') : name;
  if (!(namedStrategies as readonly string[]).includes(name)) {
    throw badStrategy(`must be one of ${namedStrategies.join(', ')} when it is a word, got ${JSON.stringify(name)}`);
  }
  if (over && asked === 'majority') throw badStrategy('"majority" cannot be used where rows are added');
  if (!over && asked === 'minority') throw badStrategy('"minority" cannot be used where rows are removed');
  if (asked === 'median') return resolveMedian(problem);
  const chosen = present.filter((code) => {
    if (asked === 'majority') return code === largest;
    if (asked === 'minority') return code === smallest;
    if (asked === 'not majority') return code !== largest;
    if (asked === 'not minority') return code !== smallest;
    return true;
  });
  return new Map(chosen.map((code) => [code, over ? counts[largest]! - counts[code]! : counts[smallest]!]));
}

function resolveMedian({ samplingType, present, counts, smallest, compat }: Problem): Resolved {
  if (compat) throw badStrategy('imbalanced-learn has no "median"');
  const sizes = present.map((code) => counts[code]!).sort((a, b) => a - b);
  const half = sizes.length >> 1;
  const median = sizes.length % 2 === 1 ? sizes[half]! : Math.floor((sizes[half - 1]! + sizes[half]!) / 2);
  const over = samplingType === 'over-sampling';
  const chosen = present.filter((code) => (over ? counts[code]! < median : counts[code]! > median));
  const kept = samplingType === 'under-sampling' ? median : counts[smallest]!;
  return new Map(chosen.map((code) => [code, over ? median - counts[code]! : kept]));
}

function resolveRatio(ratio: number, problem: Problem): Resolved {
  const { samplingType, present, largest, smallest, counts, compat } = problem;
  if (!(ratio > 0 && ratio <= 1)) throw badStrategy(`a ratio must be above 0 and at most 1, got ${ratio}`);
  if (samplingType === 'clean-sampling') throw badStrategy('a ratio cannot be set for cleaning methods');
  if (compat && present.length > 2) {
    throw badStrategy('imbalanced-learn takes a single ratio for two classes only; give counts per class');
  }
  const over = samplingType === 'over-sampling';
  const count = countOfRatio(ratio, problem);
  const moved = present.filter((code) => code !== (over ? largest : smallest));
  const sign = over ? 1 : -1;
  const stuck = moved.filter((code) => sign * (count - counts[code]!) < 0);
  const movable = moved.filter((code) => sign * (count - counts[code]!) > 0);
  const refusesEqual = compat && over && movable.length === 0;
  if ((stuck.length > 0 && movable.length === 0) || refusesEqual) throw outOfReach(problem, moved[0]!, count);
  const left = moved.filter((code) => !movable.includes(code));
  if (left.length > 0) problem.notices.push(alreadyThere(left, count, problem));
  return new Map(
    moved.map((code) => [code, over ? Math.max(0, count - counts[code]!) : Math.min(count, counts[code]!)]),
  );
}

function resolveTargets(targets: unknown, problem: Problem): Resolved {
  const { labels, counts, samplingType } = problem;
  if (samplingType === 'clean-sampling') {
    throw badStrategy('cleaning methods take no targets per class; give the list of classes to clean');
  }
  const resolved = new Map<number, number>();
  for (const [code, target] of targetsByCode(targets, labels, counts)) {
    const count = countOfTarget(target, labels.classes[code]!, problem);
    const over = samplingType === 'over-sampling';
    if (over ? count < counts[code]! : count > counts[code]!) throw outOfReach(problem, code, count);
    resolved.set(code, over ? count - counts[code]! : count);
  }
  return resolved;
}

function resolveList(list: readonly unknown[], problem: Problem): Resolved {
  if (problem.samplingType !== 'clean-sampling') {
    throw badStrategy('a list of classes is for cleaning methods only');
  }
  const { labels, counts, smallest } = problem;
  return new Map(codesOfList(list, labels, counts).map((code) => [code, counts[smallest]!]));
}

function countOfTarget(target: ClassTarget, label: ClassLabel, problem: Problem): number {
  const fields: { readonly count?: unknown; readonly ratio?: unknown } =
    typeof target === 'object' && target !== null ? target : { count: target };
  const { count, ratio } = fields;
  if (count !== undefined && ratio !== undefined) {
    throw badStrategy(`class ${quoted(label)} has both a count and a ratio; give one`, label);
  }
  if (ratio !== undefined) {
    if (typeof ratio === 'number' && ratio > 0 && Number.isFinite(ratio)) {
      const rows = countOfRatio(ratio, problem);
      if (rows > 0) return rows;
      throw badStrategy(`the ratio ${ratio} leaves no row of class ${quoted(label)}; a count is a whole number`, label);
    }
    throw badStrategy(`the ratio of class ${quoted(label)} must be a number above 0, got ${String(ratio)}`, label);
  }
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw badStrategy(
    `the number of rows of class ${quoted(label)} must be a whole number of at least 0 (or write { ratio: 0.5 }), got ${String(count)}`,
    label,
  );
}

function countOfRatio(ratio: number, { samplingType, counts, largest, smallest, compat }: Problem): number {
  const exact = samplingType === 'over-sampling' ? counts[largest]! * ratio : counts[smallest]! / ratio;
  const nearest = Math.round(exact);
  // 100 · 0.29 is 28.999999999999996; whoever asks for 29 % of 100 rows means 29.
  const isNoise = !compat && Math.abs(nearest - exact) <= 4 * Number.EPSILON * exact;
  return isNoise ? nearest : Math.floor(exact);
}

function limitNew(resolved: Resolved, maxNew: number, { samplingType, compat, notices }: Problem): Resolved {
  if (!Number.isSafeInteger(maxNew) || maxNew < 0) {
    throw new CounterweightError('bad-option', `maxNew must be a whole number of at least 0, got ${maxNew}`);
  }
  if (compat || samplingType !== 'over-sampling') {
    throw new CounterweightError('bad-option', 'maxNew is for over-sampling without compat only');
  }
  const codes = [...resolved.keys()].sort((a, b) => a - b);
  const wanted = codes.map((code) => resolved.get(code)!);
  const total = wanted.reduce((sum, count) => sum + count, 0);
  if (total <= maxNew) return resolved;
  const shares = largestRemainder(maxNew, wanted);
  notices.push({
    code: 'max-new-reached',
    severity: 'warning',
    message: `${counted(maxNew, 'row')} ${maxNew === 1 ? 'is' : 'are'} added instead of ${grouped(total)}, as maxNew asks`,
    numbers: { asked: total, added: maxNew },
  });
  return new Map(codes.map((code, index) => [code, shares[index]!]));
}

function checkSize(targets: readonly SamplingTarget[], rows: number): void {
  const total = targets.reduce((sum, { count }) => sum + count, rows);
  if (total > 2147483647) {
    throw new CounterweightError('too-many-rows', `the result would have ${total} rows, more than 2147483647`, {
      rows: total,
    });
  }
}

function isIdle(targets: readonly SamplingTarget[], samplingType: SamplingType): boolean {
  if (samplingType === 'clean-sampling') return false;
  return targets.every(({ rows, count }) => count === (samplingType === 'over-sampling' ? 0 : rows));
}

function alreadyThere(codes: readonly number[], count: number, { labels, samplingType }: Problem): Notice {
  const shown = codes.slice(0, 5).map((code) => quoted(labels.classes[code]!));
  const side = samplingType === 'over-sampling' ? 'at least' : 'at most';
  return {
    code: 'already-at-ratio',
    severity: 'info',
    message: `class ${shown.join(', ')}${codes.length > 5 ? ` and ${codes.length - 5} more` : ''} left alone: ${side} the asked ${count} rows already`,
    numbers: { classes: codes.length, count },
  };
}

function outOfReach({ labels, counts, samplingType }: Problem, code: number, count: number): CounterweightError {
  const label = labels.classes[code]!;
  const side = samplingType === 'over-sampling' ? 'added, so ask for more' : 'removed, so ask for fewer';
  return new CounterweightError(
    'target-out-of-reach',
    `class ${quoted(label)} has ${counted(counts[code]!, 'row')} and ${grouped(count)} are asked: rows are only ${side} than it has`,
    { class: label, rows: counts[code]!, asked: count },
  );
}

function badStrategy(message: string, label?: ClassLabel): CounterweightError {
  return new CounterweightError(
    'bad-option',
    `samplingStrategy: ${message}`,
    label === undefined ? {} : { class: label },
  );
}
