import {
  type CalibrationRegression,
  calibrationRegression,
  integratedCalibration,
  type RankedScores,
} from '../metrics/index.ts';
import { poolSums } from '../metrics/pool-adjacent-violators.ts';
import { groupScores, groupsAtLeast, type ScoreGroups } from './evaluate-groups.ts';
import { type SmoothName, smoothInfos } from './evaluate-metrics.ts';
import type { StatisticBlock } from './evaluate-statistics.ts';
import type { CurvePoint } from './result.ts';

/** Fits see at most about so many distinct probabilities; their results do not change in the first six digits. */
const mostFitted = 20_000;
/** Groups of the replicates of a local regression. */
const mostSmoothed = 150;
/** Replicates of a local regression. */
export const smoothReplicates = 200;
/** Points of a curve that is drawn. */
const mostPoints = 200;

export const smoothNames = Object.freeze(Object.keys(smoothInfos) as SmoothName[]);

/** Groups as weighted rows, two a group. */
interface GroupRows {
  readonly scores: Float64Array;
  readonly truth: Int32Array;
  readonly weights: Float64Array;
}

/** Mean probability of each group. */
function groupMeans(
  { thresholds, truePositives, falsePositives }: RankedScores,
  { floors }: ScoreGroups,
): Float64Array {
  const means = new Float64Array(floors.length);
  let group = 0;
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < thresholds.length; i++) {
    const before = i > 0 ? truePositives[i - 1]! + falsePositives[i - 1]! : 0;
    const own = truePositives[i]! + falsePositives[i]! - before;
    sum += own * thresholds[i]!;
    weight += own;
    if (thresholds[i] !== floors[group]) continue;
    // A group of one score is that score, without rounding.
    const single = group === 0 ? i === 0 : thresholds[i - 1] === floors[group - 1];
    means[group++] = single ? thresholds[i]! : sum / weight;
    sum = 0;
    weight = 0;
  }
  return means;
}

function rowsOf(means: Float64Array, positives: Float64Array, negatives: Float64Array): GroupRows {
  const size = means.length;
  const scores = new Float64Array(2 * size);
  const truth = new Int32Array(2 * size);
  const weights = new Float64Array(2 * size);
  for (let group = 0; group < size; group++) {
    scores[2 * group] = means[group]!;
    scores[2 * group + 1] = means[group]!;
    truth[2 * group] = 1;
    weights[2 * group] = positives[group]!;
    weights[2 * group + 1] = negatives[group]!;
  }
  return { scores, truth, weights };
}

/** What fits find on the rows. */
export interface SmoothFits {
  readonly regression: CalibrationRegression;
  readonly distances: Readonly<Record<SmoothName, number>>;
  /** The local regression and the isotonic one, for drawing. */
  readonly smoothed: readonly CurvePoint[];
  readonly isotonic: readonly CurvePoint[];
}

/** Calibration regression, local regression and isotonic regression of the ranked probabilities. */
export function smoothFits(ranked: RankedScores): SmoothFits {
  const groups = groupScores(ranked, mostFitted, []);
  const rows = rowsOf(groupMeans(ranked, groups), groups.positives, groups.negatives);
  const { smoothed, ...distances } = integratedCalibration(rows);
  const line: CurvePoint[] = [];
  for (let i = rows.scores.length - 2; i >= 0; i -= 2) line.push({ x: rows.scores[i]!, y: smoothed[i]! });
  return {
    regression: calibrationRegression(rows),
    distances,
    smoothed: thinned(line),
    isotonic: isotonicSteps(groups),
  };
}

/** Start of each block and its share, ascending. */
function isotonicSteps({ floors, positives, negatives }: ScoreGroups): CurvePoint[] {
  const hits = Float64Array.from(positives).reverse();
  const weights = positives.map((value, group) => value + negatives[group]!).reverse();
  const fitted = poolSums(hits, weights);
  const last = floors.length - 1;
  const steps: CurvePoint[] = [];
  fitted.forEach((y, i) => {
    if (i === 0 || y !== fitted[i - 1]) steps.push({ x: floors[last - i]!, y });
  });
  return thinned(steps);
}

function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  if (points.length <= mostPoints) return [...points];
  return Array.from(
    { length: mostPoints },
    (_, i) => points[Math.round((i * (points.length - 1)) / (mostPoints - 1))]!,
  );
}

/** ICI, E50, E90 and Emax for the first replicates, on coarser groups; NaN for the others. */
export function smoothBlock(ranked: RankedScores, fine: ScoreGroups): StatisticBlock {
  const coarse = groupScores(ranked, mostSmoothed, []);
  const means = groupMeans(ranked, coarse);
  const last = coarse.floors.length - 1;
  const target = Int32Array.from(fine.floors, (floor) => Math.min(last, coarseGroup(coarse.floors, floor)));
  const positives = new Float64Array(means.length);
  const negatives = new Float64Array(means.length);
  return {
    names: smoothNames,
    fill(replica, out, at) {
      if (replica.replicate >= smoothReplicates) {
        out.fill(Number.NaN, at, at + smoothNames.length);
        return;
      }
      positives.fill(0);
      negatives.fill(0);
      target.forEach((group, i) => {
        positives[group] = positives[group]! + replica.positives[i]!;
        negatives[group] = negatives[group]! + replica.negatives[i]!;
      });
      const found = integratedCalibration(rowsOf(means, positives, negatives));
      for (const name of smoothNames) out[at++] = found[name];
    },
  };
}

/** The first group whose floor is not above a score. */
function coarseGroup(floors: Float64Array, score: number): number {
  const above = groupsAtLeast(floors, score);
  return above > 0 && floors[above - 1] === score ? above - 1 : above;
}
