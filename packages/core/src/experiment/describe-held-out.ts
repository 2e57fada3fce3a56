import type { Matrix } from '../data/index.ts';
import {
  type BinaryCounts,
  binaryCounts,
  confusionMatrix,
  type RankedScores,
  rankScores,
  rocAucInterval,
  sweepCounts,
  type ThresholdSweep,
  thinSweep,
} from '../metrics/index.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { codesOf } from './cross-validate.ts';
import { describeCalibration } from './describe-calibration.ts';
import { describeSets, describeVennAbers, type JudgedRows } from './describe-uncertainty.ts';
import type { FinalFit } from './fit-final.ts';
import { curveBands } from './held-out-bands.ts';
import { judgeProbabilities } from './judge-probabilities.ts';
import type { Scores } from './pipeline.ts';
import type { PreparedData } from './prepare-data.ts';
import type { CurvePoint, HeldOut } from './result.ts';

/** The held-out rows as one model sees them. */
export interface HeldOutScores extends Omit<Scores, 'sureness'> {
  /** Rows of the input (of the test table, where one was given). */
  readonly inputRows: Int32Array;
  readonly truth: Int32Array;
}

const mostPoints = 400;

export interface DescribeHeldOutRequest {
  readonly fit: FinalFit;
  readonly scores: HeldOutScores;
  readonly data: PreparedData;
  readonly comparison: HeldOut['comparison'];
  readonly judged: JudgedRows;
  readonly seed: number;
  readonly replicates: number;
}

/** Curves with their bands, counts and calibration of the chosen model on the held-out rows. */
export async function describeHeldOut(
  request: DescribeHeldOutRequest,
  run?: RunOptions,
): Promise<{ report: HeldOut; counts: BinaryCounts | null }> {
  const { scores, comparison, judged, seed } = request;
  const { id, decisions } = request.fit;
  const { labels, positive, split } = request.data;
  const { classes } = labels;
  const truth = codesOf(labels, split.test);
  const confusion = confusionMatrix(truth, scores.decisions, classes.length);
  const counts = positive === null ? null : binaryCounts(confusion, positive);
  const operating = decisions.at(-1)!;
  const codes = positive === null ? classes.map((_, code) => code) : [positive];
  const replicates = Math.max(Math.min(200, request.replicates), Math.floor(request.replicates / codes.length));
  const curves: HeldOut['curves'][number][] = [];
  for (const code of codes) {
    const column = columnOf(scores.probabilities, code);
    const ranked = rankScores({ scores: column, truth, positive: code });
    const sweep = thinSweep(sweepCounts(ranked), mostPoints);
    const area = rocAucInterval({ scores: column, truth, positive: code });
    curves.push({
      class: classes[code]!,
      rocAuc: {
        value: orNull(area.value),
        low: orNull(area.low),
        high: orNull(area.high),
        method: area.method,
      },
      precisionRecall: precisionRecallPoints(sweep),
      roc: rocPoints(sweep),
      bands: await curveBands({ scores: column, truth, positive: code, ranked, seed, replicates }, run),
      chosen: counts && pointOf(counts),
      prevalence: ranked.positives / truth.length,
    });
  }
  const report: HeldOut = {
    strategy: id,
    classes,
    confusion: classes.map((_, row) =>
      Array.from(confusion.counts.subarray(row * classes.length, (row + 1) * classes.length)),
    ),
    threshold: operating.kind === 'threshold' ? operating.threshold : null,
    classWeights: operating.kind === 'weights' ? operating.weights : null,
    curves,
    sweep:
      positive === null
        ? []
        : sweepRows(thinSweep(sweepCounts(rankColumn(scores.probabilities, truth, positive)), mostPoints)),
    calibration: describeCalibration(scores.raw, scores.probabilities, truth, classes, positive),
    probabilities: codes.map((code) => ({
      class: classes[code]!,
      own: judgeProbabilities(scores.raw, truth, code),
      calibrated: judgeProbabilities(scores.probabilities, truth, code),
      vennAbers: judgeProbabilities(judged.sureness.merged, truth, code),
    })),
    comparison,
    vennAbers: describeVennAbers(judged),
    sets: describeSets(judged),
  };
  return { report, counts };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function columnOf({ rows, columns, data }: Matrix, code: number): Float64Array {
  const scores = new Float64Array(rows);
  for (let i = 0; i < rows; i++) scores[i] = data[i * columns + code]!;
  return scores;
}

function rankColumn(probabilities: Matrix, truth: Int32Array, code: number): RankedScores {
  return rankScores({ scores: columnOf(probabilities, code), truth, positive: code });
}

/** From the highest threshold on; the point of predicting none, where precision does not exist, is left out. */
function precisionRecallPoints({ tp, fp, fn }: ThresholdSweep): CurvePoint[] {
  const points: CurvePoint[] = [];
  for (let i = 0; i < tp.length; i++) {
    const flagged = tp[i]! + fp[i]!;
    const positives = tp[i]! + fn[i]!;
    if (flagged > 0 && positives > 0) points.push({ x: tp[i]! / positives, y: tp[i]! / flagged });
  }
  return points;
}

function rocPoints({ tp, fp, fn, tn }: ThresholdSweep): CurvePoint[] {
  const points: CurvePoint[] = [];
  for (let i = 0; i < tp.length; i++) {
    const positives = tp[i]! + fn[i]!;
    const negatives = fp[i]! + tn[i]!;
    if (positives > 0 && negatives > 0) points.push({ x: fp[i]! / negatives, y: tp[i]! / positives });
  }
  return points;
}

function pointOf({
  tp,
  fp,
  fn,
  tn,
}: BinaryCounts): { recall: number; precision: number; falsePositiveRate: number } | null {
  if (tp + fn === 0 || tp + fp === 0 || fp + tn === 0) return null;
  return { recall: tp / (tp + fn), precision: tp / (tp + fp), falsePositiveRate: fp / (fp + tn) };
}

/** Infinity, predicting none, becomes a threshold just above every probability, so that JSON can carry it. */
function sweepRows({ thresholds, tp, fp, fn, tn }: ThresholdSweep): HeldOut['sweep'] {
  return Array.from(thresholds, (threshold, i) => ({
    threshold: threshold === Number.POSITIVE_INFINITY ? 1 + Number.EPSILON : threshold,
    tp: tp[i]!,
    fp: fp[i]!,
    fn: fn[i]!,
    tn: tn[i]!,
  }));
}
