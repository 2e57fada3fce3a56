import {
  type Calibration,
  type Calibrator,
  calibrators,
  hasIntervals,
  type PriorCorrection,
  shiftedCalibration,
} from '../calibrate/index.ts';
import { stratifiedFolds } from '../data/folds.ts';
import { classCounts } from '../data/label-views.ts';
import { type Classes, type Labels, subsetLabels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import type { MetricEstimate } from '../metrics/bootstrap-estimates.ts';
import { logLosses, weightedMean } from '../metrics/probability-losses.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { type CalibrationMeasures, measureCalibration } from './calibration-measures.ts';
import { mergeNotices } from './merge-notices.ts';

export interface CompareCalibratorsOptions {
  /** Scores of rows that the scoring model has not seen: one column a class, or that of the second of two classes. */
  readonly scores: Matrix;
  readonly y: Labels;
  /** One a row, as copies of the row. */
  readonly weights?: Float64Array | undefined;
  /** Tried one by one; their names must differ. */
  readonly calibrators: readonly Calibrator[];
  /** The one to fit; default the one with the least log loss out of fold. */
  readonly choose?: string | undefined;
  /** Whether the scores are probabilities and so can be measured as they are; default true. */
  readonly probabilities?: boolean | undefined;
  /** The population's class shares where they differ from those of the rows; `seenShares` are those of the rows. */
  readonly shift?: PriorCorrection | undefined;
  /** Default 5. */
  readonly folds?: number | undefined;
  readonly seed: number;
  /** Of the bootstrap; see `measureCalibration`. */
  readonly replicates?: number | undefined;
  readonly level?: number | undefined;
}

/** One method out of fold: every row got its probability from a calibration that had not seen it. */
export interface ComparedCalibrator {
  readonly name: string;
  /** `rows × classes`. */
  readonly probabilities: Matrix;
  readonly measures: CalibrationMeasures;
  /** Log loss less that of the best method. */
  readonly logLossBehindBest: MetricEstimate;
  /** p1 - p0 of each row, as `VennAbersIntervals.width`; null for methods without intervals. */
  readonly widths: Float64Array | null;
}

export interface CalibratorComparison {
  /** Folds as they turned out. */
  readonly folds: number;
  /** The scores as they are, where they are probabilities. */
  readonly before: { readonly probabilities: Matrix; readonly measures: CalibrationMeasures } | null;
  /** In the order given. */
  readonly methods: readonly ComparedCalibrator[];
  /** Name of the method with the least log loss, the first of equals. */
  readonly best: string;
  /** Name of the method that was fitted. */
  readonly chosen: string;
  /** The chosen method fitted to all rows, followed by the shift if there is one. */
  readonly calibration: Calibration;
  /** What the measures count each row as: its weight, under a shift times what its class gains. */
  readonly rowWeights: Float64Array | undefined;
  readonly notices: readonly Notice[];
}

/**
 * Compares calibrators by stratified cross-validation on the scores and fits one of them to all rows.
 *
 * A class with fewer rows than folds gives fewer folds, with a notice. The chosen method and the raw scores are measured class by
 * class, the others as a whole. Choosing the best of many by the same rows flatters it a little: `logLossBehindBest` shows which others
 * the rows cannot tell from it. A method that few rare rows make unsteady is named in the notice `few-rows`.
 * Throws `bad-option`, `too-few-rows` where a class has a single row, and what the calibrators throw.
 */
export async function compareCalibrators(
  options: CompareCalibratorsOptions,
  run: RunOptions = {},
): Promise<CalibratorComparison> {
  const { scores, y, weights, seed } = options;
  requireCandidates(options);
  const rowWeights = shiftedWeights(y, weights, options.shift);
  const { folds, notices: foldNotices } = stratifiedFolds({
    labels: y,
    folds: options.folds ?? 5,
    seed: randomStream(seed, 'calibration folds').uint32(),
  });
  const outOfFold: OutOfFold[] = [];
  for (const calibrator of options.calibrators) {
    outOfFold.push(await calibrateOutOfFold(calibrator, options, folds, run));
    run.onProgress?.({ task: 'methods', done: outOfFold.length, total: options.calibrators.length });
  }
  const losses = outOfFold.map(({ probabilities }) => weightedMean(logLosses(probabilities, y.codes), rowWeights));
  const best = losses.reduce((least, loss, i) => (loss < losses[least]! ? i : least), 0);
  const chosen = options.choose ?? options.calibrators[best]!.name;
  const calibrator = options.calibrators.find(({ name }) => name === chosen)!;
  const fitted = await calibrator.fit(scores, y, { weights, signal: run.signal });
  const raw = options.probabilities === false ? null : bothColumns(scores, y.classes);
  const measures = await measureCalibration(
    {
      entries: [
        ...outOfFold.map(({ probabilities, name }) => ({ probabilities, byClass: name === chosen })),
        ...(raw ? [{ probabilities: raw, byClass: true }] : []),
      ],
      reference: best,
      truth: y.codes,
      classes: y.classes,
      weights: rowWeights,
      seed,
      replicates: options.replicates,
      level: options.level,
    },
    run,
  );
  return Object.freeze({
    folds: folds.length,
    before: raw && { probabilities: raw, measures: measures.at(-1)! },
    methods: outOfFold.map(({ name, probabilities, widths }, i) => ({
      name,
      probabilities,
      widths,
      measures: measures[i]!,
      logLossBehindBest: measures[i]!.logLossBeyondReference,
    })),
    best: options.calibrators[best]!.name,
    chosen,
    calibration: options.shift && !options.shift.isIdentity ? shiftedCalibration(fitted, options.shift) : fitted,
    rowWeights,
    notices: mergeNotices([foldNotices, fewRows(y, [chosen]), fitted.notices]),
  });
}

/**
 * A notice for each method that too few rows of the rarest class make unsteady: the numbers are `rareRows` of the registry.
 */
export function fewRows(y: Labels, names: readonly string[]): Notice[] {
  const counts = classCounts(y);
  let rarest = -1;
  counts.forEach((count, code) => {
    if (count > 0 && (rarest < 0 || count < counts[rarest]!)) rarest = code;
  });
  const rows = counts[rarest] ?? 0;
  return names.flatMap((name) => {
    const wanted = calibrators.find((entry) => entry.name === name)?.rareRows ?? 0;
    if (rows >= wanted) return [];
    const label = y.classes[rarest]!;
    return [
      {
        code: 'few-rows',
        severity: 'warning' as const,
        message: `${name} was fitted with ${rows} row${rows === 1 ? '' : 's'} of class ${label}; below about ${wanted} it follows chance. Venn-Abers tells in its widths how little such rows say${name === 'platt' || name === 'temperature' ? '' : ', and platt needs the fewest'}.`,
        class: label,
        numbers: { rows, wanted },
      },
    ];
  });
}

interface OutOfFold {
  readonly name: string;
  readonly probabilities: Matrix;
  readonly widths: Float64Array | null;
}

async function calibrateOutOfFold(
  calibrator: Calibrator,
  { scores, y, weights, shift }: CompareCalibratorsOptions,
  folds: readonly { readonly train: Int32Array; readonly validate: Int32Array }[],
  run: RunOptions,
): Promise<OutOfFold> {
  const classes = y.classes.length;
  const out = new Float64Array(scores.rows * classes);
  let widths: Float64Array | null = null;
  for (const { train, validate } of folds) {
    throwIfAborted(run.signal);
    const fitted = await calibrator.fit(rowsOf(scores, train), subsetLabels(y, train), {
      weights: weights && Float64Array.from(train, (row) => weights[row]!),
      signal: run.signal,
    });
    const calibration = shift && !shift.isIdentity ? shiftedCalibration(fitted, shift) : fitted;
    const held = rowsOf(scores, validate);
    const { data } = calibration.apply(held);
    validate.forEach((row, i) => {
      out.set(data.subarray(i * classes, (i + 1) * classes), row * classes);
    });
    if (!hasIntervals(calibration)) continue;
    const { width } = calibration.intervals(held);
    widths ??= new Float64Array(scores.rows);
    for (let i = 0; i < validate.length; i++) widths[validate[i]!] = width[i]!;
  }
  return { name: calibrator.name, probabilities: matrix(out, scores.rows, classes), widths };
}

const rowsOf = (scores: Matrix, rows: Int32Array): Matrix => selectNumericRows(scores, rows) as Matrix;

/** One column of the second class's probabilities as two. */
function bothColumns(scores: Matrix, classes: Classes): Matrix {
  if (scores.columns === classes.length) return scores;
  const out = new Float64Array(2 * scores.rows);
  for (let row = 0; row < scores.rows; row++) {
    out[2 * row] = 1 - scores.data[row]!;
    out[2 * row + 1] = scores.data[row]!;
  }
  return matrix(out, scores.rows, 2);
}

/** Under a shift a row counts as many rows of its class in the population, their sum staying that of the rows. */
function shiftedWeights(
  { codes }: Labels,
  weights: Float64Array | undefined,
  shift: PriorCorrection | undefined,
): Float64Array | undefined {
  if (!shift || shift.isIdentity) return weights;
  const { trueShares, seenShares } = shift;
  return Float64Array.from(codes, (code, row) => {
    const own = weights ? weights[row]! : 1;
    return seenShares[code]! > 0 ? (own * trueShares[code]!) / seenShares[code]! : own;
  });
}

function requireCandidates({ calibrators: candidates, choose, scores, y }: CompareCalibratorsOptions): void {
  const names = candidates.map(({ name }) => name);
  if (names.length === 0) throw new CounterweightError('bad-option', 'there is no calibrator to compare');
  if (new Set(names).size < names.length) {
    throw new CounterweightError('bad-option', `calibrators must differ in their names, got ${names.join(', ')}`);
  }
  if (choose !== undefined && !names.includes(choose)) {
    throw new CounterweightError('bad-option', `"${choose}" is none of the calibrators ${names.join(', ')}`);
  }
  if (scores.rows !== y.codes.length) {
    throw new CounterweightError('shape-mismatch', `${scores.rows} rows of scores, ${y.codes.length} labels`);
  }
}
