import { matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { allMetrics, type PredictedRows, rankingMetrics, requirePredictedRows } from './all-metrics.ts';
import { accelerationOf, jackknifeInfluences } from './bca-interval.ts';
import {
  type BootstrapOptions,
  estimates,
  type MetricEstimate,
  nextTurn,
  type Others,
  otherValues,
  requireBootstrap,
  type Values,
} from './bootstrap-estimates.ts';
import { columnOf, requireLength } from './checks.ts';
import { type Confusion, confusionMatrix } from './confusion.ts';
import { decisionMetrics } from './decision-metrics.ts';
import { expectedCalibrationOverTimes } from './expected-calibration.ts';
import { type MetricName, metricNames } from './metric-info.ts';
import { brierLosses, logLosses } from './probability-losses.ts';
import { descendingOrder, type RankedScores } from './ranked-scores.ts';
import { redrawnSizes } from './redrawn-sizes.ts';

/** Rows without weights: the bootstrap draws its own. */
export type BootstrapRows = Omit<PredictedRows, 'weights'>;

/**
 * Intervals (percentile, or BCa on request) of every metric by the stratified bootstrap (Efron and Tibshirani, 1993, sections 8 and 13): each
 * class is drawn anew, with its own number of rows or (`shares`) one that varies as in a plain sample, so the rare class never vanishes.
 *
 * A replicate draws how often each row occurs, from its own stream `(seed, 'bootstrap', r)`; the rows are sorted once for
 * all. Replicates in which a metric is undefined are left out of its interval; ends are interpolated between order
 * statistics. A class with a single row is drawn as it is. Throws as `allMetrics`, and `bad-option`, `aborted`.
 */
export async function bootstrapMetrics<Other extends string = never>(
  options: BootstrapRows & BootstrapOptions<Other>,
  run?: RunOptions,
): Promise<Record<MetricName | Other, MetricEstimate>> {
  const rows = inScoreOrder(options, scoreOrder(options));
  const { metricsAt } = replicatedRows(rows, options.others);
  const { values, accelerations } = await replicate(options, rows.truth, rows.probabilities.columns, run, metricsAt);
  const found = estimates<MetricName | Other>(valuesOf(options, options.others), values, options.level, accelerations);
  // Its replicates were moved, and may have gone below what it can be.
  const { low, ...error } = found.expectedCalibrationError;
  return { ...found, expectedCalibrationError: { ...error, low: Math.max(0, low) } };
}

/**
 * The same for the difference of two predictions of the same rows, first less second; both see the same draws, so what
 * the rows have in common cancels.
 */
export async function bootstrapDifference<Other extends string = never>(
  options: BootstrapOptions<Other> & { readonly first: BootstrapRows; readonly second: BootstrapRows },
  run?: RunOptions,
): Promise<Record<MetricName | Other, MetricEstimate>> {
  const { first, second, others } = options;
  requireLength('second.truth', second.truth.length, first.truth.length);
  if (first.truth.some((label, row) => label !== second.truth[row])) {
    throw new CounterweightError('bad-option', 'a paired difference needs the same true classes on both sides');
  }
  requirePredictedRows(second);
  const order = scoreOrder(first);
  const rows = inScoreOrder(first, order);
  const sides = [replicatedRows(rows, others), replicatedRows(inScoreOrder(second, order), others)] as const;
  const { values, accelerations } = await replicate(options, rows.truth, rows.probabilities.columns, run, (times) =>
    difference(sides[0].metricsAt(times), sides[1].metricsAt(times)),
  );
  return estimates(difference(valuesOf(first, others), valuesOf(second, others)), values, options.level, accelerations);
}

/** Every metric of the rows as they are. */
function valuesOf(rows: BootstrapRows, others: Others): Values {
  const confusion = confusionMatrix(rows.truth, rows.decisions, rows.probabilities.columns);
  return { ...allMetrics(rows), ...otherValues(confusion, others) };
}

/** Prepares rows so that all metrics of a replicate follow from how often each row occurs. */
function replicatedRows(rows: BootstrapRows, others: Others): { metricsAt(times: Int32Array): Values } {
  const { probabilities, truth, positive } = rows;
  const rankings = rankedClasses(rows).map((label) => reusableRanking(columnOf(probabilities, label), truth, label));
  const sumsOf = sumsOverTimes(rows);
  const calibrationOf = expectedCalibrationOverTimes(rows);
  return {
    metricsAt: (times) => {
      const { brier, logarithmic, confusion } = sumsOf(times);
      const drawn = confusion.counts.reduce((sum, count) => sum + count, 0);
      return {
        ...rankingMetrics(rankings.map((ranking) => ranking.fill(times))),
        brierScore: brier / drawn,
        logLoss: logarithmic / drawn,
        expectedCalibrationError: calibrationOf(times),
        ...decisionMetrics(confusion, positive),
        ...otherValues(confusion, others),
      };
    },
  };
}

function rankedClasses({ probabilities, positive }: BootstrapRows): number[] {
  return positive === null ? Array.from({ length: probabilities.columns }, (_, label) => label) : [positive];
}

/** The rows by descending score of the first ranked class, so that a replicate reads its draws in their order. */
function inScoreOrder(rows: BootstrapRows, order: Int32Array): BootstrapRows {
  const { probabilities, truth, decisions } = rows;
  const { data, columns } = probabilities;
  const sorted = new Float64Array(data.length);
  order.forEach((row, i) => {
    for (let label = 0; label < columns; label++) sorted[i * columns + label] = data[row * columns + label]!;
  });
  return {
    ...rows,
    probabilities: matrix(sorted, probabilities.rows, columns),
    truth: order.map((row) => truth[row]!),
    decisions: order.map((row) => decisions[row]!),
  };
}

function scoreOrder(rows: BootstrapRows): Int32Array {
  requirePredictedRows(rows);
  return descendingOrder(columnOf(rows.probabilities, rankedClasses(rows)[0]!));
}

/** Sums of the losses and the confusion matrix in one pass over the rows. */
function sumsOverTimes({ probabilities, truth, decisions, positive }: BootstrapRows) {
  const classes = probabilities.columns;
  const cellCount = classes * classes;
  const brierOfRow = brierLosses(probabilities, truth, positive);
  const logOfRow = logLosses(probabilities, truth);
  // Four tables in turn: neighbours mostly fall into one cell, and each addition would wait for the last.
  const cells = truth.map((label, row) => label * classes + decisions[row]! + (row & 3) * cellCount);
  const tables = new Int32Array(4 * cellCount);
  return (times: Int32Array) => {
    let brier = 0;
    let logarithmic = 0;
    tables.fill(0);
    for (let row = 0; row < cells.length; row++) {
      const count = times[row]!;
      brier += brierOfRow[row]! * count;
      logarithmic += logOfRow[row]! * count;
      tables[cells[row]!] = tables[cells[row]!]! + count;
    }
    const counts = new Float64Array(cellCount);
    tables.forEach((count, at) => {
      counts[at % cellCount] = counts[at % cellCount]! + count;
    });
    return { brier, logarithmic, confusion: { classes, counts } satisfies Confusion };
  };
}

/** A ranking whose counts are filled anew for each replicate; the order of the scores never changes. */
function reusableRanking(scores: Float64Array, truth: Int32Array, positive: number) {
  const order = descendingOrder(scores);
  const n = order.length;
  // One read gives all: bit 0, whether a group of equal scores ends here; bit 1, the true class; above, the row.
  const coded = new Int32Array(n);
  let groups = 0;
  for (let i = 0; i < n; i++) {
    const row = order[i]!;
    const last = i === n - 1 || scores[order[i + 1]!] !== scores[row];
    if (last) groups++;
    coded[i] = row * 4 + (truth[row] === positive ? 2 : 0) + (last ? 1 : 0);
  }
  const truePositives = new Float64Array(groups);
  const falsePositives = new Float64Array(groups);
  const thresholds = new Float64Array(groups);
  return {
    fill(times: Int32Array): RankedScores {
      let group = 0;
      let all = 0;
      let hits = 0;
      for (let i = 0; i < n; i++) {
        const code = coded[i]!;
        const count = times[code >>> 2]!;
        all += count;
        hits += -((code >>> 1) & 1) & count;
        truePositives[group] = hits;
        falsePositives[group] = all - hits;
        group += code & 1;
      }
      return { thresholds, truePositives, falsePositives, positives: hits, negatives: all - hits };
    },
  };
}

/** Runs the replicates in order, giving way to other work now and then; one list of values a metric. */
async function replicate(
  options: BootstrapOptions<string>,
  truth: Int32Array,
  classes: number,
  run: RunOptions | undefined,
  metricsAt: (times: Int32Array) => Values,
): Promise<{ values: Record<string, Float64Array>; accelerations?: Record<string, number> }> {
  const { seed, replicates = 1000, shares = 'kept', others } = options;
  requireBootstrap(options);
  const strata = rowsByClass(truth, classes);
  const kept = strata.map((rows) => rows.length);
  const times = new Int32Array(truth.length);
  const names = [...metricNames, ...Object.keys(others ?? {})];
  const values = Object.fromEntries(names.map((name) => [name, new Float64Array(replicates)]));
  const pause = Math.max(1, Math.ceil(rowsBetweenPauses / (truth.length + 1)));
  for (let r = 0; r < replicates; r++) {
    if (r % pause === 0) {
      throwIfAborted(run?.signal);
      run?.onProgress?.({ task: 'bootstrap', done: r, total: replicates });
      await nextTurn();
    }
    const sizes = shares === 'drawn' ? redrawnSizes(kept, randomStream(seed, 'bootstrap-shares', r)) : kept;
    drawTimes(times, strata, sizes, randomStream(seed, 'bootstrap', r));
    const metrics = metricsAt(times);
    for (const name of names) values[name]![r] = metrics[name]!;
  }
  run?.onProgress?.({ task: 'bootstrap', done: replicates, total: replicates });
  if (options.interval !== 'bca') return { values };
  let left = 0;
  const leaveOut = async (rows: Int32Array) => {
    if (left++ % pause === 0) {
      throwIfAborted(run?.signal);
      await nextTurn();
    }
    for (const row of rows) times[row] = 0;
    const metrics = metricsAt(times);
    for (const row of rows) times[row] = 1;
    return metrics;
  };
  times.fill(1);
  const split = (rows: Int32Array, stratum: number) => randomStream(seed, 'jackknife', stratum).shuffle(rows);
  const influences = await jackknifeInfluences({ strata, names, leaveOut, split });
  return { values, accelerations: Object.fromEntries(names.map((name) => [name, accelerationOf(influences[name]!)])) };
}

/** About a twentieth of a second of work. */
const rowsBetweenPauses = 2_000_000;

function rowsByClass(truth: Int32Array, classes: number): Int32Array[] {
  const counts = new Int32Array(classes);
  for (const label of truth) counts[label] = counts[label]! + 1;
  const strata = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < truth.length; row++) {
    const label = truth[row]!;
    strata[label]![counts[label]!] = row;
    counts[label] = counts[label]! + 1;
  }
  return strata;
}

/** Draws with replacement inside each class and counts how often each row came. */
function drawTimes(
  times: Int32Array,
  strata: readonly Int32Array[],
  sizes: ArrayLike<number>,
  stream: RandomStream,
): void {
  times.fill(0);
  for (const [label, rows] of strata.entries()) {
    const draws = sizes[label]!;
    if (rows.length < 2 ** 21) drawQuickly(times, rows, draws, stream);
    else {
      for (let draw = 0; draw < draws; draw++) {
        const row = rows[stream.integer(rows.length)]!;
        times[row] = times[row]! + 1;
      }
    }
  }
}

/** Lemire's unbiased multiply-and-reject, its bound taken once; exact while n is below 2^21. */
function drawQuickly(times: Int32Array, rows: Int32Array, draws: number, stream: RandomStream): void {
  const n = rows.length;
  const reject = 4294967296 % n;
  for (let draw = 0; draw < draws; ) {
    const product = stream.uint32() * n;
    const high = Math.floor(product / 4294967296);
    if (product - high * 4294967296 < reject) continue;
    const row = rows[high]!;
    times[row] = times[row]! + 1;
    draw++;
  }
}

function difference(first: Values, second: Values): Values {
  return Object.fromEntries(Object.entries(first).map(([name, value]) => [name, value - second[name]!]));
}
