import { binEdges, binOf, settledBinning } from '../metrics/calibration-bins.ts';
import { sortWithPayload } from '../metrics/float-order.ts';
import { poolSums } from '../metrics/pool-adjacent-violators.ts';
import type { ScoredRows } from '../metrics/ranked-scores.ts';

/** Groups of rows with neighbouring probabilities of a class, prepared once for many weightings of the rows. */
export interface CalibrationGroups {
  /** The sums of the groups with these weights of the rows. */
  valuesOf(weights: Float64Array): GroupValues;
}

export interface GroupValues {
  /** Each group as two rows, its positive and its negative part, with their weights. */
  readonly rows: ScoredRows & { readonly positive: 1 };
  brierScore(): number;
  /** Expected calibration error over the bins of the rows as they are. */
  ece(): number;
  /** CORP miscalibration of the Brier score. */
  miscalibration(): number;
}

/** Enough that a group's rows hardly differ, few enough that a replicate costs about a millisecond. */
const mostGroups = 256;

/** Parts the rows by rank of their probability and by the bins of the calibration error; equal probabilities stay together. */
export function calibrationGroups(
  scores: Float64Array,
  truth: Int32Array,
  positive: number,
  weights: Float64Array | undefined,
): CalibrationGroups {
  const rows = scores.length;
  const keys = scores.map((score) => score + 0);
  const order = Int32Array.from(keys.keys());
  sortWithPayload(keys, order);
  const binning = settledBinning({ preset: 'adaptive' });
  const edges = binEdges(scores, weights, binning);
  const groupOf = new Int32Array(rows);
  const centres: number[] = [];
  const bins: number[] = [];
  let rowsIn = 0;
  for (let i = 0; i < rows; i++) {
    const bin = binOf(keys[i]!, edges, binning.closed);
    const isNew = i === 0 || keys[i] !== keys[i - 1];
    if (isNew && (i === 0 || bin !== bins.at(-1) || rowsIn * (mostGroups - edges.length) >= rows)) {
      centres.push(0);
      bins.push(bin);
      rowsIn = 0;
    }
    rowsIn++;
    const group = centres.length - 1;
    centres[group] = centres[group]! + (keys[i]! - centres[group]!) / rowsIn;
    groupOf[order[i]!] = group;
  }
  const size = centres.length;
  const probabilities = Float64Array.from(centres);
  const isHit = truth.map((label) => Number(label === positive));
  return Object.freeze({
    valuesOf: (drawn: Float64Array) => {
      const totals = new Float64Array(size);
      const hits = new Float64Array(size);
      for (let row = 0; row < rows; row++) {
        const weight = drawn[row]!;
        const group = groupOf[row]!;
        totals[group] = totals[group]! + weight;
        if (isHit[row] === 1) hits[group] = hits[group]! + weight;
      }
      return groupValues(probabilities, bins, totals, hits);
    },
  });
}

function groupValues(
  probabilities: Float64Array,
  bins: readonly number[],
  totals: Float64Array,
  hits: Float64Array,
): GroupValues {
  const size = totals.length;
  const total = totals.reduce((sum, weight) => sum + weight, 0);
  const brier = (of: Float64Array) => {
    let sum = 0;
    for (let group = 0; group < size; group++) {
      const p = of[group]!;
      sum += hits[group]! * (1 - p) ** 2 + (totals[group]! - hits[group]!) * p * p;
    }
    return sum / total;
  };
  const both = new Float64Array(2 * size);
  const truth = new Int32Array(2 * size);
  const weights = new Float64Array(2 * size);
  for (let group = 0; group < size; group++) {
    both[2 * group] = probabilities[group]!;
    both[2 * group + 1] = probabilities[group]!;
    truth[2 * group] = 1;
    weights[2 * group] = hits[group]!;
    weights[2 * group + 1] = Math.max(0, totals[group]! - hits[group]!);
  }
  return {
    rows: { scores: both, truth, weights, positive: 1 },
    brierScore: () => brier(probabilities),
    ece: () => {
      const gaps = new Map<number, number>();
      for (let group = 0; group < size; group++) {
        const gap = hits[group]! - totals[group]! * probabilities[group]!;
        gaps.set(bins[group]!, (gaps.get(bins[group]!) ?? 0) + gap);
      }
      let sum = 0;
      for (const gap of gaps.values()) sum += Math.abs(gap);
      return sum / total;
    },
    miscalibration: () => brier(probabilities) - brier(poolSums(hits, totals)),
  };
}
