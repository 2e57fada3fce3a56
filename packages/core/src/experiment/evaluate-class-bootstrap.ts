import type { Matrix } from '../data/matrix.ts';
import { nextUp } from '../decide/next-up.ts';
import { binEdges, binOf, settledBinning } from '../metrics/calibration-bins.ts';
import { columnOf } from '../metrics/checks.ts';
import {
  averagePrecisionOfRanked,
  brierScore,
  classWiseCalibrationError,
  d2Brier,
  d2LogLoss,
  expectedCalibrationError,
  logLoss,
  macroAveragePrecision,
  type RankedScores,
  rankScores,
  rocAucOfRanked,
  rocAucOneVsOne,
  rocAucOneVsRest,
  topKAccuracy,
  topLabelCalibrationError,
} from '../metrics/index.ts';
import { brierLosses, logLosses } from '../metrics/probability-losses.ts';
import { topKChances } from '../metrics/top-k-accuracy.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { replicateStream, rowsByClass, type Stratum } from './evaluate-draws.ts';
import { groupOfScores, groupScores, reusableRanking } from './evaluate-groups.ts';
import { shareFactors } from './evaluate-shares.ts';
import { estimateOf } from './evaluate-statistics.ts';
import type { MetricSet } from './result.ts';

/** Rows with one probability column a class. */
export interface ClassRows {
  readonly probabilities: Matrix;
  readonly truth: Int32Array;
  readonly weights: Float64Array | undefined;
}

const names = [
  'rocAucOneVsRest',
  'rocAucOneVsRestWeighted',
  'rocAucOneVsRestMicro',
  'rocAucOneVsOne',
  'rocAucOneVsOneWeighted',
  'averagePrecisionMacro',
  'brierScore',
  'logLoss',
  'd2BrierScore',
  'd2LogLossScore',
  'top2Accuracy',
  'top3Accuracy',
  'topLabelCalibrationError',
  'classWiseCalibrationError',
  'expectedCalibrationError',
] as const;
type Name = (typeof names)[number];
type Values = Record<Name, number>;

/** Groups of neighbouring scores of a column: few, since there are columns × classes lists of them. */
const mostGroups = 256;

/** The numbers on the rows themselves. */
function exactValues(rows: ClassRows): Values {
  const { columns } = rows.probabilities;
  return {
    rocAucOneVsRest: rocAucOneVsRest(rows),
    rocAucOneVsRestWeighted: rocAucOneVsRest({ ...rows, average: 'weighted' }),
    rocAucOneVsRestMicro: rocAucOneVsRest({ ...rows, average: 'micro' }),
    rocAucOneVsOne: rocAucOneVsOne(rows),
    rocAucOneVsOneWeighted: rocAucOneVsOne({ ...rows, average: 'weighted' }),
    averagePrecisionMacro: macroAveragePrecision(rows),
    brierScore: brierScore({ ...rows, positive: null }),
    logLoss: logLoss(rows),
    d2BrierScore: d2Brier(rows),
    d2LogLossScore: d2LogLoss(rows),
    top2Accuracy: topKAccuracy({ ...rows, k: Math.min(2, columns) }),
    top3Accuracy: topKAccuracy({ ...rows, k: Math.min(3, columns) }),
    topLabelCalibrationError: topLabelCalibrationError({ ...rows, preset: 'guo' }).expected,
    classWiseCalibrationError: classWiseCalibrationError({ ...rows, preset: 'sklearn' }).expected,
    expectedCalibrationError: expectedCalibrationError({ ...rows, positive: null }),
  };
}

/** All numbers over all classes, with intervals of the bootstrap of `bootstrapModels`. Throws `aborted`. */
export async function bootstrapClasses(
  rows: ClassRows,
  options: {
    /** One a class that has rows. */
    readonly strata: readonly { readonly label: number; readonly stratum: Stratum }[];
    readonly carried: Float64Array | undefined;
    readonly seed: number;
    readonly replicates: number;
    readonly level: number;
  },
  run?: RunOptions,
): Promise<MetricSet> {
  const { strata, carried, seed, replicates, level } = options;
  const exact = exactValues(rows);
  const state = classState(rows);
  const centre = state.centre();
  const values = Object.fromEntries(names.map((name) => [name, new Float64Array(replicates)])) as Record<
    Name,
    Float64Array
  >;
  const places = strata.map(({ stratum }) => new Int32Array(stratum.draws));
  for (let r = 0; r < replicates; r++) {
    if (r % 16 === 0) {
      throwIfAborted(run?.signal);
      run?.onProgress?.({ task: 'bootstrap over all classes', done: r, total: replicates });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const stream = replicateStream(seed, r);
    const factors = shareFactors(
      seed,
      r,
      strata.map(({ stratum }) => stratum),
    );
    state.keep(strata, factors);
    strata.forEach(({ label, stratum }, i) => {
      const perDraw = stratum.perDraw * factors[i]!;
      stratum.draw(stream, places[i]!);
      for (const place of places[i]!) {
        const row = stratum.units[place]!;
        state.add(row, label, carried ? perDraw * carried[row]! : perDraw);
      }
    });
    const found = state.measure();
    for (const name of names) values[name][r] = found[name];
  }
  run?.onProgress?.({ task: 'bootstrap over all classes', done: replicates, total: replicates });
  return Object.fromEntries(
    names.map((name) => [name, estimateOf(name, exact[name], centre[name], values[name], level)]),
  );
}

/**
 * Weights by column, true class and group of scores, and sums over rows, filled anew for each replicate. `own` are those
 * of the rows themselves.
 */
function classState(rows: ClassRows) {
  const { probabilities, truth, weights } = rows;
  const classes = probabilities.columns;
  // Rows are drawn at random, so what a row adds lies together: one or two reads of memory a draw instead of a dozen.
  const width = 2 * classes + 1;
  const places = new Int32Array(truth.length * width);
  const columns = Array.from({ length: classes }, (_, k) => columnState(rows, k, places, width));
  const pooled = pooledState(rows, places, width);
  const means = rowMeans(rows, places, width);
  const counts = (): Counts => ({
    tables: columns.map(({ size }) => Array.from({ length: classes }, () => new Float64Array(size))),
    hits: new Float64Array(pooled.floors.length),
    alarms: new Float64Array(pooled.floors.length),
    sums: new Float64Array(MEANS),
    gaps: new Float64Array(means.bins),
    totals: new Float64Array(classes),
  });
  const own = Array.from({ length: classes }, counts);
  const drawn = counts();
  const addTo = (to: Counts, row: number, label: number, weight: number) => {
    const at = row * width;
    for (let k = 0; k < classes; k++) {
      const table = to.tables[k]![label]!;
      const group = places[at + k]!;
      table[group] = table[group]! + weight;
      const cell = places[at + classes + k]!;
      const side = k === label ? to.hits : to.alarms;
      side[cell] = side[cell]! + weight;
    }
    const value = row * (MEANS + 1);
    for (let i = 0; i < MEANS; i++) to.sums[i] = to.sums[i]! + weight * means.values[value + i]!;
    const bin = places[at + 2 * classes]!;
    to.gaps[bin] = to.gaps[bin]! + weight * means.values[value + MEANS]!;
    to.totals[label] = to.totals[label]! + weight;
  };
  for (let row = 0; row < truth.length; row++) addTo(own[truth[row]!]!, row, truth[row]!, weights ? weights[row]! : 1);
  const keepOf = (label: number, kept: number) => {
    const from = own[label]!;
    const blend = (to: Float64Array, of: Float64Array) => {
      for (let i = 0; i < to.length; i++) to[i] = to[i]! + kept * of[i]!;
    };
    for (let k = 0; k < classes; k++) blend(drawn.tables[k]![label]!, from.tables[k]![label]!);
    blend(drawn.hits, from.hits);
    blend(drawn.alarms, from.alarms);
    blend(drawn.sums, from.sums);
    blend(drawn.gaps, from.gaps);
    blend(drawn.totals, from.totals);
  };
  const clear = () => {
    for (const table of drawn.tables.flat()) table.fill(0);
    for (const list of [drawn.hits, drawn.alarms, drawn.sums, drawn.gaps, drawn.totals]) list.fill(0);
  };
  const rankings = columns.map(({ floors }) => [reusableRanking(floors), reusableRanking(floors)] as const);
  const pooledRanking = reusableRanking(pooled.floors);
  const measure = (): Values => measured(drawn, rankings, pooledRanking, columns, means);
  return {
    centre() {
      clear();
      own.forEach((_, label) => {
        keepOf(label, 1);
      });
      return measure();
    },
    keep(strata: readonly { readonly label: number; readonly stratum: Stratum }[], factors: Float64Array) {
      clear();
      strata.forEach(({ label, stratum }, i) => {
        if (stratum.kept > 0) keepOf(label, stratum.kept * factors[i]!);
      });
    },
    add: (row: number, label: number, weight: number) => addTo(drawn, row, label, weight),
    measure,
  };
}

interface Counts {
  readonly tables: readonly (readonly Float64Array[])[];
  readonly hits: Float64Array;
  readonly alarms: Float64Array;
  readonly sums: Float64Array;
  readonly gaps: Float64Array;
  readonly totals: Float64Array;
}

type Column = ReturnType<typeof columnState>;

function columnState({ probabilities, truth, weights }: ClassRows, k: number, places: Int32Array, width: number) {
  const scores = columnOf(probabilities, k);
  const ranked = rankScores({ scores, truth, positive: k, weights });
  const binning = settledBinning({ preset: 'sklearn' });
  const edges = binEdges(scores, weights, binning);
  const even = settledBinning({ preset: 'adaptive' });
  const evenEdges = binEdges(scores, weights, even);
  const { floors } = groupScores(ranked, mostGroups, [...edges, ...Array.from(evenEdges, nextUp)]);
  const groupOf = groupOfScores(scores, floors);
  const sums = new Float64Array(floors.length);
  const totals = new Float64Array(floors.length);
  for (let row = 0; row < scores.length; row++) {
    const weight = weights ? weights[row]! : 1;
    const group = groupOf[row]!;
    places[row * width + k] = group;
    sums[group] = sums[group]! + weight * scores[row]!;
    totals[group] = totals[group]! + weight;
  }
  const means = sums.map((sum, group) => sum / totals[group]!);
  return {
    floors,
    size: floors.length,
    means,
    bins: Int32Array.from(means, (mean) => binOf(mean, edges, binning.closed)),
    // A mean of equal scores may be off by a rounding, and edges are scores; no group lies on both sides of one.
    evenBins: Int32Array.from(floors, (floor) => binOf(floor, evenEdges, even.closed)),
  };
}

/** All cells of all columns as one ranking, for the micro average. */
function pooledState({ probabilities, truth, weights }: ClassRows, places: Int32Array, width: number) {
  const { data, columns } = probabilities;
  const cells = new Int32Array(data.length);
  const cellWeights = weights && new Float64Array(data.length);
  for (let row = 0; row < truth.length; row++) {
    cells[row * columns + truth[row]!] = 1;
    cellWeights?.fill(weights![row]!, row * columns, (row + 1) * columns);
  }
  const ranked = rankScores({ scores: data, truth: cells, weights: cellWeights });
  const { floors } = groupScores(ranked, 4 * mostGroups, []);
  groupOfScores(data, floors).forEach((group, cell) => {
    places[Math.floor(cell / columns) * width + columns + (cell % columns)] = group;
  });
  return { floors };
}

/** Means over rows: both losses, top-2 and top-3 hits. */
const MEANS = 4;

/** What each row adds to the means, and last its top-label gap; the gap's bin goes to the row's `places`. */
function rowMeans({ probabilities, truth }: ClassRows, places: Int32Array, width: number) {
  const { data, columns } = probabilities;
  const hit = (k: number) => topKChances(probabilities, truth, Math.min(k, columns));
  const edges = binEdges(data, undefined, settledBinning({ preset: 'guo' }));
  const terms = [brierLosses(probabilities, truth, null), logLosses(probabilities, truth), hit(2), hit(3)];
  const values = new Float64Array(truth.length * (MEANS + 1));
  for (let row = 0; row < truth.length; row++) {
    let best = 0;
    for (let k = 1; k < columns; k++) if (data[row * columns + k]! > data[row * columns + best]!) best = k;
    const confidence = data[row * columns + best]!;
    const at = row * (MEANS + 1);
    for (let i = 0; i < MEANS; i++) values[at + i] = terms[i]![row]!;
    values[at + MEANS] = Number(truth[row] === best) - confidence;
    places[row * width + 2 * columns] = binOf(confidence, edges, 'right');
  }
  return { values, bins: edges.length + 1 };
}

type Rankings = readonly (readonly [ReturnType<typeof reusableRanking>, ReturnType<typeof reusableRanking>])[];

function measured(
  { tables, hits, alarms, sums, gaps, totals }: Counts,
  rankings: Rankings,
  pooled: ReturnType<typeof reusableRanking>,
  columns: readonly Column[],
  means: ReturnType<typeof rowMeans>,
): Values {
  const total = totals.reduce((sum, value) => sum + value, 0);
  const shares = totals.map((value) => value / total);
  const rest = tables.map((table, k) => restOf(table, k));
  const rest1 = columns.map((_, k) => rankings[k]![0].fill(tables[k]![k]!, rest[k]!));
  const mean = (of: (ranked: RankedScores) => number, weighted = false) =>
    weightedMean(
      rest1.map((ranked) => ({
        value: ranked.positives > 0 ? of(ranked) : Number.NaN,
        weight: weighted ? ranked.positives : 1,
      })),
    );
  const pairs = pairAreas(tables, rankings, totals);
  const meanError = (binsOf: (column: Column) => Int32Array) =>
    columns.reduce(
      (sum, column, k) => sum + binnedError(binsOf(column), column.means, tables[k]![k]!, rest[k]!, means.bins),
      0,
    ) / columns.length;
  const brierOfShares = 1 - shares.reduce((sum, share) => sum + share * share, 0);
  const logOfShares = -shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);
  const [brier, log, top2, top3] = Array.from(sums, (sum) => sum / total) as [number, number, number, number];
  return {
    rocAucOneVsRest: mean((ranked) => rocAucOfRanked(ranked)),
    rocAucOneVsRestWeighted: mean((ranked) => rocAucOfRanked(ranked), true),
    rocAucOneVsRestMicro: rocAucOfRanked(pooled.fill(hits, alarms)),
    rocAucOneVsOne: weightedMean(pairs.map(({ value }) => ({ value, weight: 1 }))),
    rocAucOneVsOneWeighted: weightedMean(pairs),
    averagePrecisionMacro: mean((ranked) => averagePrecisionOfRanked(ranked)),
    brierScore: brier,
    logLoss: log,
    d2BrierScore: 1 - brier / brierOfShares,
    d2LogLossScore: 1 - log / logOfShares,
    top2Accuracy: top2,
    top3Accuracy: top3,
    topLabelCalibrationError: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total,
    classWiseCalibrationError: meanError(({ bins }) => bins),
    expectedCalibrationError: meanError(({ evenBins }) => evenBins),
  };
}

function restOf(table: readonly Float64Array[], k: number): Float64Array {
  const rest = new Float64Array(table[k]!.length);
  table.forEach((counts, label) => {
    if (label === k) return;
    for (let group = 0; group < rest.length; group++) rest[group] = rest[group]! + counts[group]!;
  });
  return rest;
}

function pairAreas(tables: Counts['tables'], rankings: Rankings, totals: Float64Array) {
  const pairs: { value: number; weight: number }[] = [];
  for (let a = 0; a < tables.length; a++) {
    for (let b = a + 1; b < tables.length; b++) {
      const one = rocAucOfRanked(rankings[a]![1].fill(tables[a]![a]!, tables[a]![b]!));
      const other = rocAucOfRanked(rankings[b]![1].fill(tables[b]![b]!, tables[b]![a]!));
      pairs.push({ value: (one + other) / 2, weight: totals[a]! + totals[b]! });
    }
  }
  return pairs;
}

function weightedMean(terms: readonly { readonly value: number; readonly weight: number }[]): number {
  let sum = 0;
  let total = 0;
  for (const { value, weight } of terms) {
    if (Number.isNaN(value)) continue;
    sum += weight * value;
    total += weight;
  }
  return total === 0 ? Number.NaN : sum / total;
}

function binnedError(
  bins: Int32Array,
  means: Float64Array,
  positives: Float64Array,
  rest: Float64Array,
  most: number,
): number {
  const gaps = new Float64Array(most);
  let total = 0;
  for (let group = 0; group < means.length; group++) {
    const weight = positives[group]! + rest[group]!;
    const bin = bins[group]!;
    gaps[bin] = gaps[bin]! + positives[group]! - weight * means[group]!;
    total += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}

/** The classes that have rows. */
export function presentClasses(truth: Int32Array, classes: number): { label: number; rows: Int32Array }[] {
  return rowsByClass(truth, classes)
    .map((rows, label) => ({ label, rows }))
    .filter(({ rows }) => rows.length > 0);
}
