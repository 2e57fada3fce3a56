import { type RankedScores, sweepCounts, thinSweep } from '../metrics/index.ts';
import { groupsAtLeast } from './evaluate-groups.ts';
import type { BandPoint, ScoreHistogram } from './evaluate-result.ts';
import { estimateOf, type Replicates, type StatisticBlock } from './evaluate-statistics.ts';
import type { CurvePoint } from './result.ts';

/** 0, 0.01 .. 1. */
const shares = Float64Array.from({ length: 101 }, (_, i) => i / 100);
/** From 0 to 0.98, closer together where probabilities of rare classes lie. */
export const benefitThresholds = Float64Array.from({ length: 100 }, (_, i) => (i / 100) ** 2);
/** Points of a curve that is drawn. */
const mostPoints = 400;

/** True positive rate at each false positive rate, on straight lines between thresholds. */
const rocGrid: Grid = {
  name: 'roc',
  xs: shares,
  fill: ({ truePositives, falsePositives, positives, negatives }, out, at) =>
    along(falsePositives, truePositives, negatives, true, (hits) => hits / positives, out, at),
};

/** Share of the positive rows in each share of the rows from the top. */
const gainsGrid: Grid = {
  name: 'gains',
  xs: shares,
  fill({ truePositives, falsePositives, positives, negatives }, out, at) {
    const flagged = truePositives.map((hits, group) => hits + falsePositives[group]!);
    along(flagged, truePositives, positives + negatives, true, (hits) => hits / positives, out, at);
  },
};

/** Precision at each recall, false positives growing linearly between thresholds (Davis and Goadrich, 2006). */
const precisionGrid: Grid = {
  name: 'precision',
  xs: shares,
  fill({ truePositives, falsePositives, positives }, out, at) {
    along(
      truePositives,
      falsePositives,
      positives,
      false,
      (alarms, hits, slope) => (hits > 0 ? hits / (hits + alarms) : 1 / (1 + slope)),
      out,
      at,
    );
  },
};

interface Grid {
  readonly name: string;
  readonly xs: Float64Array;
  fill(ranked: RankedScores, out: Float64Array, at: number): void;
}

/**
 * Walks two cumulative counts together: at each share of the first the second, linear between groups, and the slope there.
 * Where the first stands still while the second rises, `end` says whether the end of the rise counts or its start.
 */
function along(
  xs: Float64Array,
  ys: Float64Array,
  total: number,
  end: boolean,
  value: (y: number, x: number, slope: number) => number,
  out: Float64Array,
  at: number,
): void {
  let group = 0;
  let x0 = 0;
  let y0 = 0;
  for (const share of shares) {
    const x = share * total;
    // Shares of counts are often counts themselves but for rounding.
    const bound = end ? x * (1 + 1e-12) : x * (1 - 1e-12);
    while (group < xs.length) {
      const empty = xs[group] === x0 && ys[group] === y0;
      if (!empty && !(end ? xs[group]! <= bound : xs[group]! < bound)) break;
      x0 = xs[group]!;
      y0 = ys[group]!;
      group++;
    }
    const slope = group === xs.length ? 0 : (ys[group]! - y0) / (xs[group]! - x0);
    out[at++] = value(x === x0 ? y0 : y0 + slope * (x - x0), x, slope);
  }
}

const grids: readonly Grid[] = [rocGrid, precisionGrid, gainsGrid];

/** All grids of the curves of order. */
export const curveBlock: StatisticBlock = {
  names: grids.flatMap(({ name, xs }) => Array.from(xs, (x) => `${name}@${x}`)),
  fill({ ranked }, out, at) {
    for (const grid of grids) {
      grid.fill(ranked, out, at);
      at += grid.xs.length;
    }
  },
};

/** Net benefit at each threshold probability. */
export function benefitBlock(floors: Float64Array): StatisticBlock {
  const groups = Int32Array.from(benefitThresholds, (threshold) => groupsAtLeast(floors, threshold));
  return {
    names: Array.from(benefitThresholds, (threshold) => `benefit@${threshold}`),
    fill({ ranked }, out, at) {
      const total = ranked.positives + ranked.negatives;
      benefitThresholds.forEach((threshold, i) => {
        const group = groups[i]! - 1;
        const hits = group < 0 ? 0 : ranked.truePositives[group]!;
        const alarms = group < 0 ? 0 : ranked.falsePositives[group]!;
        out[at++] = (hits - (alarms * threshold) / (1 - threshold)) / total;
      });
    },
  };
}

/** A curve with its band; values from `exact`, in the order of the names that start with `${name}@`. */
export function bandOf(
  name: 'roc' | 'precision' | 'gains' | 'benefit',
  exact: Float64Array,
  replicates: Replicates,
  level: number,
): BandPoint[] {
  const start = replicates.names.findIndex((key) => key.startsWith(`${name}@`));
  const xs = name === 'benefit' ? benefitThresholds : shares;
  const key = name === 'benefit' ? 'netBenefit' : 'recall';
  return Array.from(xs, (x, i) => {
    const { value, low, high } = estimateOf(
      key,
      exact[i]!,
      replicates.centre[start + i]!,
      replicates.values[start + i]!,
      level,
    );
    return { x, y: value, low, high };
  });
}

/** The exact values of the three grids of order from the full ranking. */
export function exactGrids(ranked: RankedScores): Readonly<Record<'roc' | 'precision' | 'gains', Float64Array>> {
  const of = (grid: Grid) => {
    const out = new Float64Array(grid.xs.length);
    grid.fill(ranked, out, 0);
    return out;
  };
  return { roc: of(rocGrid), precision: of(precisionGrid), gains: of(gainsGrid) };
}

/** Points of both curves for drawing: corners of the exact ones, thinned. */
export function curvePoints(groups: RankedScores): { roc: CurvePoint[]; precisionRecall: CurvePoint[] } {
  const { tp, fp, fn, tn } = thinSweep(sweepCounts(groups), mostPoints);
  const roc: CurvePoint[] = [];
  const precisionRecall: CurvePoint[] = [];
  for (let i = 0; i < tp.length; i++) {
    roc.push({ x: fp[i]! / (fp[i]! + tn[i]!), y: tp[i]! / (tp[i]! + fn[i]!) });
    if (tp[i]! + fp[i]! > 0) precisionRecall.push({ x: tp[i]! / (tp[i]! + fn[i]!), y: tp[i]! / (tp[i]! + fp[i]!) });
  }
  return { roc, precisionRecall };
}

const histogramBins = 40;

/**
 * Weight of each class in 40 bins from the lowest to the highest score; for probabilities from 0, and growing with the
 * square where most of them are small, so that a rare class is seen.
 */
export function histogramOf(
  { thresholds, truePositives, falsePositives }: RankedScores,
  probabilities: boolean,
): ScoreHistogram {
  const high = thresholds[0]!;
  const low = probabilities ? 0 : thresholds[thresholds.length - 1]!;
  const median = medianScore(thresholds, truePositives, falsePositives);
  const squared = probabilities && median < 0.1 * high;
  const top = high > low ? high : low + 1;
  const edges = Array.from({ length: histogramBins + 1 }, (_, i) => {
    const share = i / histogramBins;
    return i === histogramBins ? top : low + (top - low) * (squared ? share * share : share);
  });
  const positives = new Array<number>(histogramBins).fill(0);
  const negatives = new Array<number>(histogramBins).fill(0);
  let bin = histogramBins - 1;
  for (let group = 0; group < thresholds.length; group++) {
    while (bin > 0 && thresholds[group]! < edges[bin]!) bin--;
    positives[bin] = positives[bin]! + truePositives[group]! - (group > 0 ? truePositives[group - 1]! : 0);
    negatives[bin] = negatives[bin]! + falsePositives[group]! - (group > 0 ? falsePositives[group - 1]! : 0);
  }
  return { edges, positives, negatives };
}

function medianScore(thresholds: Float64Array, hits: Float64Array, alarms: Float64Array): number {
  const last = thresholds.length - 1;
  const half = (hits[last]! + alarms[last]!) / 2;
  return thresholds[hits.findIndex((value, group) => value + alarms[group]! >= half)] ?? thresholds[last]!;
}
