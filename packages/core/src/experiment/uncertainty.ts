import {
  type VennAbersCalibration,
  type VennAbersIntervals,
  vennAbersCalibrator,
  vennAbersFromJSON,
} from '../calibrate/index.ts';
import {
  type ConformalModel,
  conformalModelFromJSON,
  mondrianConformal,
  type PredictionSets,
} from '../conformal/index.ts';
import { classCounts } from '../data/label-views.ts';
import type { Classes } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** What a pipeline says of how sure a prediction is, beside its probability. */
export interface Uncertainty {
  /** Brackets of the probabilities. */
  readonly vennAbers: VennAbersCalibration;
  /** Label sets within each class. */
  readonly conformal: ConformalModel;
  /** Share of the rows of each class whose set may miss it. */
  readonly alpha: number;
  /** Rows of each class that both rest on. */
  readonly calibrationRows: readonly number[];
}

export interface UncertaintyJSON {
  readonly alpha: number;
  readonly calibrationRows: readonly number[];
  readonly vennAbers: unknown;
  readonly conformal: unknown;
}

/** Brackets and sets of some rows. */
export interface Sureness {
  /** Venn-Abers brackets, one a binary problem. */
  readonly intervals: VennAbersIntervals;
  /** The probabilities that the brackets merge to, `rows × classes`. */
  readonly merged: Matrix;
  readonly sets: PredictionSets;
}

/** Most calibration rows that a model file carries, shared by the classes; of rarer classes every row. */
const MOST_ROWS = 8000;
const LEAST_OF_CLASS = 1000;

/**
 * Venn-Abers brackets and class-conditional label sets from probabilities of rows that the model has not seen, so that
 * both are what theory promises. Of a class with very many rows the sets keep an even part of the sorted scores.
 */
export async function fitUncertainty(
  probabilities: Matrix,
  truth: Int32Array,
  classes: Classes,
  alpha: number,
  { signal }: RunOptions,
): Promise<Uncertainty> {
  const y = { codes: truth, classes };
  const vennAbers = await vennAbersCalibrator({ multiClass: 'one-vs-rest' }).fit(probabilities, y, { signal });
  const kept = thinnedRows(probabilities, truth);
  const conformal = mondrianConformal({ tooFew: 'full' }).fit(pickRows(probabilities, kept), {
    codes: pickCodes(truth, kept),
    classes,
  });
  return Object.freeze({ vennAbers, conformal, alpha, calibrationRows: Object.freeze([...classCounts(y)]) });
}

/** What the brackets and sets say of rows with these probabilities. */
export function surenessOf({ vennAbers, conformal, alpha }: Uncertainty, probabilities: Matrix): Sureness {
  return {
    intervals: vennAbers.intervals(probabilities),
    merged: vennAbers.apply(probabilities),
    sets: conformal.sets(probabilities, { alpha }),
  };
}

const PARTS = 5;

/**
 * The same for the calibration rows themselves: each fifth is judged by the other four, so that no row has a say in what
 * is said of it. Fifths are taken class by class in the order of the rows, or, where rows come in groups, group by group;
 * of a single group, which cannot be judged by others, class by class as well.
 */
export async function crossFittedSureness(
  probabilities: Matrix,
  truth: Int32Array,
  classes: Classes,
  alpha: number,
  groups: Int32Array | undefined,
  run: RunOptions,
): Promise<Sureness> {
  const parts = groups && severalGroups(groups) ? partsOfGroups(groups) : partsOfClasses(truth, classes.length);
  const judged: { rows: Int32Array; sureness: Sureness }[] = [];
  for (let part = 0; part < PARTS; part++) {
    const [own, others] = [rowsWhere(parts, (p) => p === part), rowsWhere(parts, (p) => p !== part)];
    if (own.length === 0) continue;
    const fitted = await fitUncertainty(pickRows(probabilities, others), pickCodes(truth, others), classes, alpha, run);
    judged.push({ rows: own, sureness: surenessOf(fitted, pickRows(probabilities, own)) });
  }
  return gathered(judged, truth.length, classes, alpha);
}

/** Whether there is more than one group. */
export const severalGroups = (groups: Int32Array): boolean => groups.some((group) => group !== groups[0]);

function partsOfClasses(truth: Int32Array, classes: number): Int32Array {
  const seen = new Int32Array(classes);
  const parts = truth.map((code) => seen[code]!++ % PARTS);
  // Of classes of one row each all would stand in the first part, and none be left to judge them by.
  return parts.some((part) => part > 0) ? parts : truth.map((_code, row) => row % PARTS);
}

function partsOfGroups(groups: Int32Array): Int32Array {
  const partOf = new Map<number, number>();
  return groups.map((group) => {
    if (!partOf.has(group)) partOf.set(group, partOf.size % PARTS);
    return partOf.get(group)!;
  });
}

function gathered(
  judged: readonly { readonly rows: Int32Array; readonly sureness: Sureness }[],
  rows: number,
  classes: Classes,
  alpha: number,
): Sureness {
  const first = judged[0]!.sureness;
  const problems = first.intervals.problems;
  const columns = classes.length;
  const lower = new Float64Array(rows * problems.length);
  const upper = new Float64Array(rows * problems.length);
  const width = new Float64Array(rows);
  const merged = new Float64Array(rows * columns);
  const members = new Uint8Array(rows * columns);
  const sizes = new Int32Array(rows);
  for (const { rows: own, sureness } of judged) {
    scatter(sureness.intervals.lower.data, lower, own, problems.length);
    scatter(sureness.intervals.upper.data, upper, own, problems.length);
    scatter(sureness.intervals.width, width, own, 1);
    scatter(sureness.merged.data, merged, own, columns);
    scatter(sureness.sets.members, members, own, columns);
    scatter(sureness.sets.sizes, sizes, own, 1);
  }
  return {
    intervals: {
      problems,
      lower: matrix(lower, rows, problems.length),
      upper: matrix(upper, rows, problems.length),
      width,
    },
    merged: matrix(merged, rows, columns),
    sets: { rows, classes, alpha, members, sizes, notices: first.sets.notices },
  };
}

function scatter<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T, rows: Int32Array, columns: number) {
  rows.forEach((row, i) => {
    to.set(from.subarray(i * columns, (i + 1) * columns), row * columns);
  });
}

/**
 * All rows of a class up to the limit; beyond it, in the order of the true class's probability, every n-th, so that the
 * order statistics that sets are made from stay where they were to one part in the limit.
 */
function thinnedRows({ data, columns }: Matrix, codes: Int32Array): Int32Array {
  const limit = Math.max(LEAST_OF_CLASS, Math.floor(MOST_ROWS / columns));
  const byClass: number[][] = Array.from({ length: columns }, () => []);
  for (let row = 0; row < codes.length; row++) byClass[codes[row]!]!.push(row);
  const kept = byClass.flatMap((rows, code) => {
    if (rows.length <= limit) return rows;
    const p = (row: number) => data[row * columns + code]!;
    rows.sort((a, b) => p(a) - p(b) || a - b);
    return Array.from({ length: limit }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / limit)]!);
  });
  return Int32Array.from(kept).sort();
}

function rowsWhere(parts: Int32Array, wanted: (part: number) => boolean): Int32Array {
  return Int32Array.from(parts.keys()).filter((row) => wanted(parts[row]!));
}

function pickRows({ data, columns }: Matrix, rows: Int32Array): Matrix {
  const out = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return matrix(out, rows.length, columns);
}

const pickCodes = (codes: Int32Array, rows: Int32Array): Int32Array => rows.map((row) => codes[row]!);

export function uncertaintyToJSON({ vennAbers, conformal, alpha, calibrationRows }: Uncertainty): UncertaintyJSON {
  return { alpha, calibrationRows, vennAbers: vennAbers.toJSON(), conformal: conformal.toJSON() };
}

/** Reads what `uncertaintyToJSON` made. Throws `bad-model`. */
export function uncertaintyFromJSON(json: unknown, classes: Classes): Uncertainty {
  const bad = (what: string) => new CounterweightError('bad-model', `this is no usable model: ${what}`);
  if (typeof json !== 'object' || json === null) throw bad('its uncertainty is not an object');
  const { alpha, calibrationRows, vennAbers, conformal } = json as Record<string, unknown>;
  if (typeof alpha !== 'number' || !(alpha > 0 && alpha < 1)) throw bad('its alpha is not between 0 and 1');
  if (!isCounts(calibrationRows, classes.length)) throw bad('its calibration rows are not one count a class');
  const parts = { vennAbers: vennAbersFromJSON(vennAbers), conformal: conformalModelFromJSON(conformal) };
  for (const part of [parts.vennAbers, parts.conformal]) {
    if (part.classes.length !== classes.length || part.classes.some((label, i) => label !== classes[i])) {
      throw bad('its calibration speaks of other classes');
    }
  }
  return Object.freeze({ ...parts, alpha, calibrationRows });
}

const isCounts = (value: unknown, length: number): value is number[] =>
  Array.isArray(value) && value.length === length && value.every((count) => Number.isSafeInteger(count) && count >= 0);
