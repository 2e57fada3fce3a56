import { shownClass } from '../data/folds.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { requireLength } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type CalibrationScores, randomnessFor, requireClassProbabilities, visitScores } from './calibration-scores.ts';
import { calibrationToJSON } from './conformal-json.ts';
import { type Grouping, type GroupTable, groupBounds, groupTable, judgedGroup, tooFewNotice } from './group-bounds.ts';
import { predictionSets } from './prediction-sets.ts';
import type { ConformalModel, ConformalPValueOptions, ConformalSetOptions, TooFewPolicy } from './predictor.ts';
import { exactQuantiles, firstAbove, firstAtLeast, requireAlpha, rowsNeeded } from './rank-rule.ts';
import { requireUniform, streamRandomness } from './row-randomness.ts';

export interface GroupedParts {
  readonly name: string;
  readonly calibration: CalibrationScores;
  readonly grouping: Grouping;
  readonly tooFew: TooFewPolicy;
  readonly notices: readonly Notice[];
  /** What the JSON has beside the calibration scores. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * A conformal model that compares the score of a label with the calibration scores of its group: all rows, those of the
 * class, of the category, or of a cluster of classes. Sorting once and searching makes a p-value O(log n).
 */
export function groupedModel(parts: GroupedParts): ConformalModel {
  const { name, calibration, grouping, tooFew } = parts;
  const { classes } = calibration;
  const table = groupTable(calibration, grouping, tooFew);
  const context = { ...parts, table };
  return Object.freeze({
    name,
    classes,
    notices: Object.freeze([...parts.notices]),
    sets: (probabilities: Matrix | readonly Matrix[], options: ConformalSetOptions) =>
      groupedSets(context, singleMatrix(probabilities), options),
    pValues: (probabilities: Matrix | readonly Matrix[], options: ConformalPValueOptions = {}) =>
      groupedPValues(context, singleMatrix(probabilities), options),
    thresholds: (alpha: number, category = 0) => {
      const bounds = groupBounds(table, alpha);
      return Float64Array.from(judgedGroups(context, category, rowsNeeded(alpha)), (group) => bounds[group]!);
    },
    toJSON: () => ({
      ...calibrationToJSON(name, calibration),
      ...parts.fields,
    }),
  });
}

interface Context extends GroupedParts {
  readonly table: GroupTable;
}

/** Throws `shape-mismatch` for an array of matrices, which only cross-conformal models take. */
export function singleMatrix(probabilities: Matrix | readonly Matrix[]): Matrix {
  if ('kind' in probabilities) return probabilities;
  throw new CounterweightError(
    'shape-mismatch',
    'this conformal model takes one matrix of probabilities, not one a fold',
  );
}

/** Throws `bad-option` where a model that has no exact variant is asked for one. */
export function refuseExact(name: string, options: ConformalSetOptions): void {
  if (!options.exact) return;
  throw new CounterweightError('bad-option', `${name} sets have no variant of exact coverage`);
}

/** The group that judges each class in a category. */
function judgedGroups({ calibration, table, tooFew }: Context, category: number, needed: number): Int32Array {
  const { classes } = calibration;
  return Int32Array.from(classes, (label, code) =>
    judgedGroup(table, table.groupAt(category, code), needed, tooFew, () => ({
      message: `class ${shownClass(label)} has fewer calibration rows than the ${needed} it needs`,
      class: label,
    })),
  );
}

/** Judging groups of each category that the rows have, keyed by category; rows without categories are in category 0. */
function groupsByCategory(context: Context, categories: Int32Array | undefined, needed: number) {
  const found = new Map<number, Int32Array>();
  for (const category of categories ?? [0]) {
    if (!found.has(category)) found.set(category, judgedGroups(context, category, needed));
  }
  return found;
}

function checkedCategories(context: Context, rows: number, categories: Int32Array | undefined) {
  if (!context.grouping.categories) return undefined;
  if (!categories) {
    throw new CounterweightError('bad-option', 'this conformal model needs the categories of the rows');
  }
  requireLength('categories', categories.length, rows);
  return categories;
}

function groupedSets(context: Context, probabilities: Matrix, options: ConformalSetOptions) {
  const { calibration, table, tooFew } = context;
  const { score, seed, classes } = calibration;
  requireAlpha(options.alpha);
  requireClassProbabilities(probabilities, classes);
  const categories = checkedCategories(context, probabilities.rows, options.categories);
  const u = randomnessFor(score, probabilities, seed, options.u);
  const bounds = groupBounds(table, options.alpha);
  const groupsOf = groupsByCategory(context, categories, rowsNeeded(options.alpha));
  const boundsOf = new Map(
    [...groupsOf].map(([category, groups]) => [category, Float64Array.from(groups, (g) => bounds[g]!)]),
  );
  const lowered = options.exact && loweredBounds(table, options.alpha, groupsOf, options.exact, probabilities.rows);
  const columns = classes.length;
  const members = new Uint8Array(probabilities.rows * columns);
  visitScores(score, probabilities, u, (scores, begin, end) => {
    for (let row = begin, from = 0; row < end; row++) {
      const limits = boundsOf.get(categories ? categories[row]! : 0)!;
      const lower = lowered?.get(categories ? categories[row]! : 0);
      for (let label = 0, to = row * columns; label < columns; label++, from++, to++) {
        const limit = lower && options.exact![row]! < lower.share[label]! ? lower.bound[label]! : limits[label]!;
        members[to] = scores[from]! <= limit ? 1 : 0;
      }
    }
  });
  return predictionSets(
    members,
    classes,
    options.alpha,
    tooFewNotice(shortClasses(context, [...groupsOf.keys()], options.alpha), columns, options.alpha, tooFew),
  );
}

/** By category: the lower bound of each class, and the share of rows that it is for. */
function loweredBounds(
  table: GroupTable,
  alpha: number,
  groupsOf: ReadonlyMap<number, Int32Array>,
  numbers: Float64Array,
  rows: number,
) {
  requireUniform('exact', numbers, rows);
  const exact = Array.from({ length: table.offsets.length - 1 }, (_, group) =>
    exactQuantiles(table.sorted, alpha, table.offsets[group]!, table.offsets[group + 1]!),
  );
  return new Map(
    [...groupsOf].map(([category, groups]) => [
      category,
      {
        bound: Float64Array.from(groups, (group) => exact[group]!.lower),
        share: Float64Array.from(groups, (group) => exact[group]!.lowerShare),
      },
    ]),
  );
}

/** Classes whose own group is too small in any of the categories. */
function shortClasses({ calibration, table }: Context, categories: readonly number[], alpha: number) {
  const needed = rowsNeeded(alpha);
  return calibration.classes.filter((_label, code) =>
    categories.some((category) => table.sizeOf(table.groupAt(category, code)) < needed),
  );
}

function groupedPValues(context: Context, probabilities: Matrix, options: ConformalPValueOptions): Matrix {
  const { calibration, table } = context;
  const { score, seed, classes } = calibration;
  requireClassProbabilities(probabilities, classes);
  const categories = checkedCategories(context, probabilities.rows, options.categories);
  const u = randomnessFor(score, probabilities, seed, options.u);
  const ties = tieBreakers(probabilities.rows, seed, options);
  const groupsOf = groupsByCategory(context, categories, options.alpha === undefined ? 1 : rowsNeeded(options.alpha));
  const columns = classes.length;
  const out = new Float64Array(probabilities.rows * columns);
  visitScores(score, probabilities, u, (scores, begin, end) => {
    // A class at a time keeps its calibration scores in the cache.
    for (let label = 0; label < columns; label++) {
      for (let row = begin; row < end; row++) {
        const group = groupsOf.get(categories ? categories[row]! : 0)![label]!;
        const value = scores[(row - begin) * columns + label]!;
        out[row * columns + label] = pValueIn(table, group, value, ties ? ties[row]! : -1);
      }
    }
  });
  return matrix(out, probabilities.rows, columns);
}

/** The numbers v of smoothed p-values; undefined for conservative ones. */
export function tieBreakers(rows: number, seed: number, options: ConformalPValueOptions): Float64Array | undefined {
  if (!options.smoothed) return undefined;
  if (!options.ties) return streamRandomness(rows, seed, 'ties');
  requireUniform('ties', options.ties, rows);
  return options.ties;
}

/** P-value of a score in its group: conservative where `v` is negative, else smoothed with v. */
function pValueIn({ sorted, offsets }: GroupTable, group: number, score: number, v: number): number {
  const begin = offsets[group]!;
  const end = offsets[group + 1]!;
  const first = firstAtLeast(sorted, score, begin, end);
  const scale = end - begin + 1;
  if (v < 0) return (end - first + 1) / scale;
  const above = first < end && sorted[first] === score ? firstAbove(sorted, score, first, end) : first;
  return (end - above + v * (above - first + 1)) / scale;
}
