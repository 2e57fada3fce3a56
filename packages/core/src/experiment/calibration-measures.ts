import { type CalibrationCheck, calibrationCheck } from '../calibrate/index.ts';
import type { Classes, ClassLabel } from '../data/labels.ts';
import type { Matrix } from '../data/matrix.ts';
import { estimates, type MetricEstimate, nextTurn, requireBootstrap } from '../metrics/bootstrap-estimates.ts';
import { calibrationError } from '../metrics/calibration-error.ts';
import { calibrationRegression } from '../metrics/calibration-regression.ts';
import { columnOf } from '../metrics/checks.ts';
import { corpDecomposition } from '../metrics/corp-decomposition.ts';
import { integratedCalibration } from '../metrics/integrated-calibration.ts';
import { brierLosses, logLosses, requireClassProbabilities, weightedMean } from '../metrics/probability-losses.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { type CalibrationGroups, calibrationGroups, type GroupValues } from './calibration-groups.ts';

/** How well the probabilities of one class against the rest mean what they say. */
export interface ClassCalibrationMeasures {
  readonly class: ClassLabel;
  /** Mean of (p - y)². */
  readonly brierScore: MetricEstimate;
  /** Calibration slope, right at 1. */
  readonly slope: MetricEstimate;
  /** Intercept fitted beside the slope, right at 0. */
  readonly intercept: MetricEstimate;
  /** Calibration in the large, right at 0. */
  readonly inTheLarge: MetricEstimate;
  /** Integrated calibration index. */
  readonly ici: MetricEstimate;
  /** Expected calibration error, 10 bins of equal numbers of rows. */
  readonly ece: MetricEstimate;
  /** CORP miscalibration of the Brier score. */
  readonly miscalibration: MetricEstimate;
}

/** The measures of a whole set of probabilities. */
export interface OverallCalibrationMeasures {
  /** Of the positive class, from 0 to 1; over all classes, from 0 to 2, where there are more than two. */
  readonly brierScore: MetricEstimate;
  readonly logLoss: MetricEstimate;
  /** Mean over the classes (the positive one of two) of their expected calibration errors and CORP miscalibrations. */
  readonly ece: MetricEstimate;
  readonly miscalibration: MetricEstimate;
}

export interface CalibrationMeasures {
  readonly overall: OverallCalibrationMeasures;
  /** The second of two classes, or each of more. Empty where only `overall` was asked for. */
  readonly classes: readonly ClassCalibrationMeasures[];
  readonly check: CalibrationCheck;
  /** Log loss less that of the entry `reference`, from the same draws. */
  readonly logLossBeyondReference: MetricEstimate;
}

/** Probabilities to measure. */
export interface MeasuredProbabilities {
  /** `rows × classes`. */
  readonly probabilities: Matrix;
  /** Whether the classes are measured one by one too. */
  readonly byClass: boolean;
}

export interface MeasureCalibrationOptions {
  readonly entries: readonly MeasuredProbabilities[];
  /** Place among the entries of the one that log losses are compared with; default 0. */
  readonly reference?: number | undefined;
  readonly truth: Int32Array;
  readonly classes: Classes;
  /** One a row, as copies. */
  readonly weights?: Float64Array | undefined;
  readonly seed: number;
  /** Default `defaultReplicates`. */
  readonly replicates?: number | undefined;
  readonly level?: number | undefined;
}

/** Measures that cannot be negative and that drawing rows again inflates. */
const distances = ['ece', 'miscalibration', 'ici'];
/** Bootstrap samples: 500; 200 beyond two classes or 100,000 rows; 100 beyond 500,000 rows, where the intervals are narrow anyway. */
export function defaultReplicates(rows: number, classes: number): number {
  if (rows > 500_000) return 100;
  return classes > 2 || rows > 100_000 ? 200 : 500;
}

/** How long the bootstrap keeps its thread, in replicates. */
const turn = 10;

/**
 * Measures of calibration with percentile intervals by the bootstrap over rows, the same draws for every entry.
 *
 * Rows are drawn from all rows, not class by class: whether probabilities are too high on the whole is a question of how many
 * rows are positive, and drawing by class would hold that number fixed and make its interval far too narrow. Replicates without one
 * of the classes leave out what they cannot define. Slope, intercept, ICI and miscalibration of replicates are
 * computed on at most 256 groups of rows with neighbouring probabilities; the values themselves are exact. Distances are
 * inflated by drawing rows anew; their replicates are moved so that their mean is the value. Throws `bad-scores`,
 * `bad-labels`, `bad-weights`, `shape-mismatch`, `bad-option`, `aborted`.
 */
export async function measureCalibration(
  options: MeasureCalibrationOptions,
  run: RunOptions = {},
): Promise<readonly CalibrationMeasures[]> {
  const { entries, truth, classes, weights, seed, level = 0.95, reference = 0 } = options;
  for (const { probabilities } of entries) {
    requireClassProbabilities({ probabilities, truth, ...(weights ? { weights } : {}) });
  }
  const replicates = options.replicates ?? defaultReplicates(truth.length, classes.length);
  requireBootstrap({ seed, replicates, level });
  const prepared = entries.map((entry) => preparedEntry(entry, truth, classes, weights));
  const values = prepared.map((entry) =>
    Object.fromEntries(Object.keys(entry.points).map((name) => [name, new Float64Array(replicates)])),
  );
  const times = new Float64Array(truth.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    if (replicate % turn === 0) {
      throwIfAborted(run.signal);
      run.onProgress?.({ task: 'intervals', done: replicate, total: replicates });
      await nextTurn();
    }
    drawRows(times, weights, seed, replicate);
    for (const [i, entry] of prepared.entries()) {
      for (const [name, value] of Object.entries(entry.at(times))) values[i]![name]![replicate] = value;
    }
  }
  run.onProgress?.({ task: 'intervals', done: replicates, total: replicates });
  return Object.freeze(
    prepared.map(({ points }, i) => {
      const compared = { points: prepared[reference]!.points, values: values[reference]! };
      const beyond = values[i]!['logLoss']!.map((value, r) => value - compared.values['logLoss']![r]!);
      const found = estimates(
        { ...points, logLossBeyondReference: points['logLoss']! - compared.points['logLoss']! },
        { ...centred(values[i]!, points), logLossBeyondReference: beyond },
        level,
      );
      return measuresOf(found, entries[i]!, options, level);
    }),
  );
}

function measuresOf(
  found: Readonly<Record<string, MetricEstimate>>,
  { probabilities, byClass }: MeasuredProbabilities,
  { truth, classes, weights }: MeasureCalibrationOptions,
  level: number,
): CalibrationMeasures {
  const codes = judgedClasses(classes);
  return Object.freeze({
    overall: {
      brierScore: found['brierScore']!,
      logLoss: found['logLoss']!,
      ece: found['ece']!,
      miscalibration: found['miscalibration']!,
    },
    classes: byClass
      ? codes.map((code) => ({
          class: classes[code]!,
          brierScore: found[`${code} brierScore`]!,
          slope: found[`${code} slope`]!,
          intercept: found[`${code} intercept`]!,
          inTheLarge: found[`${code} inTheLarge`]!,
          ici: found[`${code} ici`]!,
          ece: found[`${code} ece`]!,
          miscalibration: found[`${code} miscalibration`]!,
        }))
      : [],
    check: calibrationCheck({ probabilities, truth, weights, level }),
    logLossBeyondReference: found['logLossBeyondReference']!,
  });
}

/** Of two classes the second speaks for both. */
function judgedClasses(classes: Classes): readonly number[] {
  return classes.length === 2 ? [1] : classes.map((_, code) => code);
}

interface PreparedEntry {
  /** Every measure on the rows as they are. */
  readonly points: Readonly<Record<string, number>>;
  /** Every measure with these weights of the rows. */
  at(weights: Float64Array): Record<string, number>;
}

function preparedEntry(
  { probabilities, byClass }: MeasuredProbabilities,
  truth: Int32Array,
  classes: Classes,
  weights: Float64Array | undefined,
): PreparedEntry {
  const codes = judgedClasses(classes);
  const brier = brierLosses(probabilities, truth, classes.length === 2 ? 1 : null);
  const log = logLosses(probabilities, truth);
  const columns = codes.map((code) => columnOf(probabilities, code));
  const groups = columns.map((scores, i) => calibrationGroups(scores, truth, codes[i]!, weights));
  const points = {
    brierScore: weightedMean(brier, weights),
    logLoss: weightedMean(log, weights),
    ...joined(
      codes,
      columns.map((scores, i) => exactMeasures(scores, truth, codes[i]!, weights, byClass)),
      byClass,
    ),
  };
  return {
    points,
    at: (drawn) => ({
      brierScore: weightedMean(brier, drawn),
      logLoss: weightedMean(log, drawn),
      ...joined(
        codes,
        groups.map((group) => groupMeasures(group, drawn, byClass)),
        byClass,
      ),
    }),
  };
}

type OneClass = Record<string, number> & { readonly ece: number; readonly miscalibration: number };

/** The means over the classes, and those of each class under its code. */
function joined(codes: readonly number[], found: readonly OneClass[], byClass: boolean): Record<string, number> {
  const mean = (name: 'ece' | 'miscalibration') => found.reduce((sum, one) => sum + one[name], 0) / found.length;
  const all: Record<string, number> = { ece: mean('ece'), miscalibration: mean('miscalibration') };
  if (!byClass) return all;
  codes.forEach((code, i) => {
    for (const [name, value] of Object.entries(found[i]!)) all[`${code} ${name}`] = value;
  });
  return all;
}

function exactMeasures(
  scores: Float64Array,
  truth: Int32Array,
  positive: number,
  weights: Float64Array | undefined,
  full: boolean,
): OneClass {
  const rows = { scores, truth, positive, ...(weights ? { weights } : {}) };
  const corp = corpDecomposition(rows);
  const ece = calibrationError({ ...rows, preset: 'adaptive' }).expected;
  if (!full) return { ece, miscalibration: corp.miscalibration };
  const { slope, intercept, calibrationInTheLarge } = calibrationRegression(rows);
  const { ici } = integratedCalibration(rows);
  return {
    brierScore: corp.score,
    slope,
    intercept,
    inTheLarge: calibrationInTheLarge,
    ici,
    ece,
    miscalibration: corp.miscalibration,
  };
}

function groupMeasures(groups: CalibrationGroups, drawn: Float64Array, full: boolean): OneClass {
  const values = groups.valuesOf(drawn);
  const [ece, miscalibration] = [values.ece(), values.miscalibration()];
  if (!full) return { ece, miscalibration };
  const { slope, intercept, calibrationInTheLarge } = calibrationRegression(values.rows);
  return {
    brierScore: values.brierScore(),
    slope,
    intercept,
    inTheLarge: calibrationInTheLarge,
    ici: iciOf(values),
    ece,
    miscalibration,
  };
}

const iciOf = ({ rows }: GroupValues): number => integratedCalibration(rows).ici;

/** How often each row is drawn, times its weight. */
function drawRows(times: Float64Array, weights: Float64Array | undefined, seed: number, replicate: number): void {
  const stream = randomStream(seed, 'calibration bootstrap', replicate);
  const rows = times.length;
  times.fill(0);
  for (let draw = 0; draw < rows; draw++) {
    const row = Math.floor(stream.uniform() * rows);
    times[row] = times[row]! + 1;
  }
  if (weights) for (let row = 0; row < rows; row++) times[row] = times[row]! * weights[row]!;
}

/** Replicates of distances moved so that their mean is the value, none below 0. */
function centred(
  replicates: Readonly<Record<string, Float64Array>>,
  points: Readonly<Record<string, number>>,
): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(replicates).map(([name, values]) => {
      if (!distances.includes(name.slice(name.indexOf(' ') + 1))) return [name, values];
      const known = values.filter((value) => !Number.isNaN(value));
      const shift = points[name]! - known.reduce((sum, value) => sum + value, 0) / known.length;
      return [name, values.map((value) => Math.max(0, value + shift))];
    }),
  );
}
