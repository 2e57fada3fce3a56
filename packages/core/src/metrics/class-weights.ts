import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { requireCodes, requireLength, requireProbabilities, requireWeights } from './checks.ts';
import { type BinaryCounts, type Confusion, confusionMatrix, margins } from './confusion.ts';
import { weightedDecisions } from './decisions.ts';
import { sortWithPayload } from './float-order.ts';
import { midpointAbove } from './threshold-sweep.ts';

export interface ClassWeightSearch {
  /** rows × classes, entries in 0 .. 1. */
  readonly probabilities: Matrix;
  readonly truth: Int32Array;
  readonly weights?: Float64Array | undefined;
  /** A number to be made large, from the confusion matrix; NaN is never chosen. Must not keep its argument. */
  readonly objective: (confusion: Confusion) => number;
  /**
   * Where the objective is a mean over classes of a function of each class against the rest (macro F1, balanced
   * accuracy): that function. A step of a sweep then costs as many operations as there are classes, not their square.
   */
  readonly macro?: ((counts: BinaryCounts) => number) | undefined;
  /** Passes over all classes at most, default 5; it ends as soon as a pass brings nothing. */
  readonly maxRounds?: number;
}

export interface BestClassWeights {
  /** One a class, the largest 1: predict the class with the largest weight times probability. */
  readonly weights: Float64Array;
  /** The objective of these very decisions. */
  readonly value: number;
  readonly confusion: Confusion;
}

/**
 * Class weights w for which "predict argmax w_c p_c" makes any function of the confusion matrix large: the threshold of
 * a binary task for more classes.
 *
 * Coordinate ascent with exact steps: for one class at a time all switching points (where a row changes to that class)
 * are sorted and swept, the confusion matrix changing by one row at a time; so each step finds the best weight of that
 * class given the others. It starts at equal weights or at inverse class frequencies, whichever is better, and takes a
 * step only if the decisions at the new weights, made anew, are strictly better. The result is a local optimum.
 *
 * Throws `bad-scores`, `bad-labels`, `bad-weights`, `shape-mismatch`, and `bad-option` without rows.
 */
export function bestClassWeights(search: ClassWeightSearch): BestClassWeights {
  requireSearch(search);
  const classes = search.probabilities.columns;
  const starts = [new Float64Array(classes).fill(1), inverseFrequencies(search)];
  let best = evaluate(search, starts[0]!);
  const balanced = evaluate(search, starts[1]!);
  if (isBetter(balanced.value, best.value)) best = balanced;
  for (let round = 0; round < (search.maxRounds ?? 5); round++) {
    const before = best.value;
    for (let label = 0; label < classes; label++) {
      const candidate = evaluate(search, withBestWeight(search, best.weights, label));
      if (isBetter(candidate.value, best.value)) best = candidate;
    }
    if (!isBetter(best.value, before)) break;
  }
  return Object.freeze(best);
}

function requireSearch({ probabilities, truth, weights }: ClassWeightSearch): void {
  requireLength('truth', truth.length, probabilities.rows);
  if (truth.length === 0) throw new CounterweightError('bad-option', 'class weights cannot be tuned without rows');
  requireCodes('truth', truth, probabilities.columns);
  requireWeights(weights, truth.length);
  requireProbabilities('probabilities', probabilities.data);
}

function isBetter(candidate: number, value: number): boolean {
  return candidate > value || (Number.isNaN(value) && !Number.isNaN(candidate));
}

function evaluate(
  { probabilities, truth, weights, objective }: ClassWeightSearch,
  raw: Float64Array,
): BestClassWeights {
  const largest = raw.reduce((top, value) => Math.max(top, value), 0);
  const scaled = raw.map((value) => value / largest);
  const confusion = confusionMatrix(truth, weightedDecisions(probabilities, scaled), probabilities.columns, weights);
  return { weights: scaled, value: objective(confusion), confusion };
}

function inverseFrequencies({ probabilities, truth, weights }: ClassWeightSearch): Float64Array {
  const totals = new Float64Array(probabilities.columns);
  for (let row = 0; row < truth.length; row++) {
    totals[truth[row]!] = totals[truth[row]!]! + (weights ? weights[row]! : 1);
  }
  const smallest = totals.reduce(
    (least, total) => (total > 0 ? Math.min(least, total) : least),
    Number.POSITIVE_INFINITY,
  );
  return totals.map((total) => (total > 0 ? smallest / total : 1));
}

/** The given weights with that of one class replaced by the best in the sweep. */
function withBestWeight(search: ClassWeightSearch, weights: Float64Array, label: number): Float64Array {
  const points = switchingPoints(search, weights, label);
  const at = sweepSwitches(search, points, label);
  const next = Float64Array.from(weights);
  next[label] = weightBetween(points.ratios, at, weights[label]!);
  return next;
}

interface SwitchingPoints {
  /** Ascending: row `rows[i]` goes to the class once its weight exceeds `ratios[i]`. */
  readonly ratios: Float64Array;
  readonly rows: Int32Array;
  /** For each row the class it has while the weight is tiny. */
  readonly others: Int32Array;
}

/** Rows of weight 0 have no say, not even in where between two others a weight comes to lie. */
function switchingPoints(search: ClassWeightSearch, weights: Float64Array, label: number): SwitchingPoints {
  const { probabilities, weights: rowWeights } = search;
  const { data, rows: count, columns } = probabilities;
  const without = Float64Array.from(weights);
  without[label] = 0;
  const others = weightedDecisions(probabilities, without);
  const ratios = new Float64Array(count);
  const rows = new Int32Array(count);
  let switching = 0;
  for (let row = 0; row < count; row++) {
    const own = data[row * columns + label]!;
    const rival = others[row]!;
    if (own === 0 || rival === label || rowWeights?.[row] === 0) continue;
    const ratio = (weights[rival]! * data[row * columns + rival]!) / own;
    if (ratio === Number.POSITIVE_INFINITY) continue;
    ratios[switching] = ratio;
    rows[switching++] = row;
  }
  const points = { ratios: ratios.slice(0, switching), rows: rows.slice(0, switching), others };
  sortWithPayload(points.ratios, points.rows);
  return points;
}

/** How many of the sorted rows should have switched: the best of all prefixes that end between distinct ratios. */
function sweepSwitches(search: ClassWeightSearch, points: SwitchingPoints, label: number): number {
  const { truth, weights, probabilities } = search;
  const { ratios, rows, others } = points;
  const confusion = confusionMatrix(truth, others, probabilities.columns, weights);
  const running = search.macro ? runningMacro(confusion, search.macro) : runningConfusion(confusion, search.objective);
  let best = 0;
  let value = running.value();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    running.move(truth[row]!, others[row]!, label, weights ? weights[row]! : 1);
    if (i + 1 < rows.length && ratios[i + 1] === ratios[i]) continue;
    const candidate = running.value();
    if (isBetter(candidate, value)) {
      value = candidate;
      best = i + 1;
    }
  }
  return best;
}

/** An objective that is kept up to date while rows change their predicted class. */
interface RunningObjective {
  move(truth: number, from: number, to: number, weight: number): void;
  value(): number;
}

function runningConfusion(confusion: Confusion, objective: (confusion: Confusion) => number): RunningObjective {
  const { counts, classes } = confusion;
  return {
    move(truth, from, to, weight) {
      counts[truth * classes + from] = counts[truth * classes + from]! - weight;
      counts[truth * classes + to] = counts[truth * classes + to]! + weight;
    },
    value: () => objective(confusion),
  };
}

/** The mean over classes that occur and have a value, as the macro averages take it; a move changes two of its terms. */
function runningMacro(confusion: Confusion, measure: (counts: BinaryCounts) => number): RunningObjective {
  const { classes, counts } = confusion;
  const { truth, predicted, total } = margins(confusion);
  const correct = Float64Array.from({ length: classes }, (_, label) => counts[label * classes + label]!);
  const termOf = (label: number) => {
    if (truth[label]! + predicted[label]! === 0) return Number.NaN;
    const tp = correct[label]!;
    const fp = predicted[label]! - tp;
    const fn = truth[label]! - tp;
    return measure({ tp, fp, fn, tn: total - tp - fp - fn });
  };
  const terms = Float64Array.from({ length: classes }, (_, label) => termOf(label));
  return {
    move(label, from, to, weight) {
      predicted[from] = predicted[from]! - weight;
      predicted[to] = predicted[to]! + weight;
      if (label === from) correct[from] = correct[from]! - weight;
      if (label === to) correct[to] = correct[to]! + weight;
      terms[from] = termOf(from);
      terms[to] = termOf(to);
    },
    value() {
      let sum = 0;
      let valued = 0;
      for (let label = 0; label < classes; label++) {
        const term = terms[label]!;
        if (Number.isNaN(term)) continue;
        sum += term;
        valued++;
      }
      return valued === 0 ? Number.NaN : sum / valued;
    },
  };
}

/** A weight above the first `switched` ratios and below the rest; the old one where there is nothing to choose. */
function weightBetween(ratios: Float64Array, switched: number, old: number): number {
  if (ratios.length === 0) return old;
  const weight =
    switched === 0
      ? ratios[0]! / 2
      : switched === ratios.length
        ? ratios[switched - 1]! * 2
        : midpointAbove(ratios[switched - 1]!, ratios[switched]!);
  // Neither 0 nor infinity: all weights could become 0, and infinity cannot be scaled.
  return Math.min(Math.max(weight, 1e-300), 1e300);
}
