import type { RankedScores } from '../metrics/index.ts';
import { poolSums } from '../metrics/pool-adjacent-violators.ts';
import { type ProbabilityName, probabilityInfos } from './evaluate-metrics.ts';
import type { StatisticBlock } from './evaluate-statistics.ts';

/** Means over the rows of a group of probabilities, of each class apart where that matters. */
export interface GroupMoments {
  readonly positiveMean: Float64Array;
  readonly negativeMean: Float64Array;
  readonly positiveBrier: Float64Array;
  readonly negativeBrier: Float64Array;
  readonly positiveLog: Float64Array;
  readonly negativeLog: Float64Array;
  /** Of all rows. */
  readonly logit: Float64Array;
}

const least = Number.EPSILON;
const clipped = (p: number) => Math.min(1 - least, Math.max(least, p));
const logitOf = (p: number): number => Math.log(clipped(p)) - Math.log1p(-clipped(p));

/** The moments of groups of neighbouring probabilities; `floors` as `groupScores` makes them from this ranking. */
export function groupMoments(ranked: RankedScores, floors: Float64Array): GroupMoments {
  const { thresholds, truePositives, falsePositives } = ranked;
  const size = floors.length;
  const sums = Array.from({ length: 7 }, () => new Float64Array(size));
  const [positiveMean, negativeMean, positiveBrier, negativeBrier, positiveLog, negativeLog, logit] = sums as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const add = (to: Float64Array, group: number, value: number) => {
    to[group] = to[group]! + value;
  };
  let group = 0;
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < thresholds.length; i++) {
    const p = thresholds[i]!;
    const hits = truePositives[i]! - (i > 0 ? truePositives[i - 1]! : 0);
    const alarms = falsePositives[i]! - (i > 0 ? falsePositives[i - 1]! : 0);
    positives += hits;
    negatives += alarms;
    add(positiveMean, group, hits * p);
    add(negativeMean, group, alarms * p);
    add(positiveBrier, group, hits * (1 - p) ** 2);
    add(negativeBrier, group, alarms * p * p);
    add(positiveLog, group, hits * -Math.log(clipped(p)));
    add(negativeLog, group, alarms * -Math.log1p(-clipped(p)));
    add(logit, group, (hits + alarms) * logitOf(p));
    if (p !== floors[group]) continue;
    for (const of of [positiveMean, positiveBrier, positiveLog]) of[group] = positives > 0 ? of[group]! / positives : 0;
    for (const of of [negativeMean, negativeBrier, negativeLog]) of[group] = negatives > 0 ? of[group]! / negatives : 0;
    logit[group] = logit[group]! / (positives + negatives);
    positives = 0;
    negatives = 0;
    group++;
  }
  return { positiveMean, negativeMean, positiveBrier, negativeBrier, positiveLog, negativeLog, logit };
}

/** Slope and intercept of the rows themselves, from which replicates set out. */
export interface CalibrationStart {
  readonly slope: number;
  readonly intercept: number;
  readonly offset: number;
}

export const probabilityNames = Object.freeze(Object.keys(probabilityInfos) as ProbabilityName[]);

const calibrationNames = [
  'meanPrediction',
  'calibrationSlope',
  'calibrationIntercept',
  'calibrationInTheLarge',
] as const;
type CalibrationName = (typeof calibrationNames)[number];
type LossName = Exclude<ProbabilityName, CalibrationName>;
const isLoss = (name: ProbabilityName): name is LossName => !(calibrationNames as readonly string[]).includes(name);
const lossNames = Object.freeze(probabilityNames.filter(isLoss));

/** Losses and their parts. */
export function lossBlock(moments: GroupMoments): StatisticBlock {
  const size = moments.logit.length;
  const hits = new Float64Array(size);
  const weights = new Float64Array(size);
  return {
    names: lossNames,
    fill({ positives, negatives, ranked }, out, at) {
      const total = ranked.positives + ranked.negatives;
      const share = ranked.positives / total;
      let brier = 0;
      let log = 0;
      for (let group = 0; group < size; group++) {
        const yes = positives[group]!;
        const no = negatives[group]!;
        brier += yes * moments.positiveBrier[group]! + no * moments.negativeBrier[group]!;
        log += yes * moments.positiveLog[group]! + no * moments.negativeLog[group]!;
        hits[size - 1 - group] = yes;
        weights[size - 1 - group] = yes + no;
      }
      const best = recalibratedLosses(hits, weights);
      const brierOfShare = share * (1 - share);
      const logOfShare = -share * Math.log(share) - (1 - share) * Math.log1p(-share);
      const values: Readonly<Record<LossName, number>> = {
        brierScore: brier / total,
        brierMiscalibration: (brier - best.brier) / total,
        brierDiscrimination: brierOfShare - best.brier / total,
        brierUncertainty: brierOfShare,
        d2BrierScore: 1 - brier / total / brierOfShare,
        logLoss: log / total,
        logMiscalibration: (log - best.log) / total,
        logDiscrimination: logOfShare - best.log / total,
        logUncertainty: logOfShare,
        d2LogLossScore: 1 - log / total / logOfShare,
      };
      for (const name of lossNames) out[at++] = values[name];
    },
  };
}

/** Mean probability and weak calibration. */
export function calibrationBlock(moments: GroupMoments, start: CalibrationStart): StatisticBlock {
  return {
    names: calibrationNames,
    fill({ positives, negatives }, out, at) {
      let mean = 0;
      let total = 0;
      for (let group = 0; group < positives.length; group++) {
        const yes = positives[group]!;
        const no = negatives[group]!;
        mean += yes * moments.positiveMean[group]! + no * moments.negativeMean[group]!;
        total += yes + no;
      }
      const fitted = calibrationOf(moments.logit, positives, negatives, start);
      const values: Readonly<Record<CalibrationName, number>> = {
        meanPrediction: mean / total,
        calibrationSlope: fitted.slope,
        calibrationIntercept: fitted.intercept,
        calibrationInTheLarge: fitted.offset,
      };
      for (const name of calibrationNames) out[at++] = values[name];
    },
  };
}

/** Sums of both losses of isotonic probabilities. */
function recalibratedLosses(hits: Float64Array, weights: Float64Array): { brier: number; log: number } {
  const fitted = poolSums(hits, weights);
  let brier = 0;
  let log = 0;
  for (let i = 0; i < fitted.length; i++) {
    const p = fitted[i]!;
    const yes = hits[i]!;
    const no = weights[i]! - yes;
    brier += yes * (1 - p) ** 2 + no * p * p;
    if (p > 0 && p < 1) log -= yes * Math.log(p) + no * Math.log1p(-p);
  }
  return { brier, log };
}

/** Newton steps from the fit of the rows; NaN where the likelihood has no maximum. */
function calibrationOf(
  logits: Float64Array,
  positives: Float64Array,
  negatives: Float64Array,
  start: CalibrationStart,
): CalibrationStart {
  const line = overlap(positives, negatives)
    ? newton(logits, positives, negatives, start.intercept, start.slope, true)
    : null;
  const offset = newton(logits, positives, negatives, start.offset, 1, false);
  return {
    slope: line?.slope ?? Number.NaN,
    intercept: line?.intercept ?? Number.NaN,
    offset: offset?.intercept ?? Number.NaN,
  };
}

/** Whether the ranges of the two classes overlap in more than a point (Albert and Anderson, 1984). */
function overlap(positives: Float64Array, negatives: Float64Array): boolean {
  const ends = (of: Float64Array) => [of.findIndex((value) => value > 0), of.findLastIndex((value) => value > 0)];
  const [firstYes = 0, lastYes = 0] = ends(positives);
  const [firstNo = 0, lastNo = 0] = ends(negatives);
  return lastYes > firstNo && lastNo > firstYes;
}

function newton(
  logits: Float64Array,
  positives: Float64Array,
  negatives: Float64Array,
  intercept: number,
  slope: number,
  both: boolean,
): { slope: number; intercept: number } | null {
  for (let step = 0; step < 30; step++) {
    let g0 = 0;
    let g1 = 0;
    let h00 = 0;
    let h01 = 0;
    let h11 = 0;
    for (let group = 0; group < logits.length; group++) {
      const weight = positives[group]! + negatives[group]!;
      if (weight === 0) continue;
      const x = logits[group]!;
      const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
      const gap = weight * p - positives[group]!;
      const curvature = weight * p * (1 - p);
      g0 += gap;
      h00 += curvature;
      if (!both) continue;
      g1 += gap * x;
      h01 += curvature * x;
      h11 += curvature * x * x;
    }
    const determinant = both ? h00 * h11 - h01 * h01 : h00;
    if (!(determinant > 0)) return null;
    const d0 = both ? (h11 * g0 - h01 * g1) / determinant : g0 / h00;
    const d1 = both ? (h00 * g1 - h01 * g0) / determinant : 0;
    intercept -= d0;
    slope -= d1;
    if (!(Math.abs(intercept) < 1e4 && Math.abs(slope) < 1e4)) return null;
    // Far below what the replicates vary by.
    if (Math.abs(d0) <= 1e-6 * (1 + Math.abs(intercept)) && Math.abs(d1) <= 1e-6 * (1 + Math.abs(slope))) {
      return { slope, intercept };
    }
  }
  return null;
}
