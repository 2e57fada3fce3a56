import {
  type BinaryCounts,
  bestThresholdOfRanked,
  corpDecompositionOfRanked,
  decisionCurveOfRanked,
  type Interval,
  type RankedScores,
  type Reliability,
  type RocAucInterval,
  rankScores,
  reliabilityCurveOfRanked,
  rocAucIntervalOfRanked,
  type SpiegelhalterTest,
  spiegelhalterTest,
} from '../metrics/index.ts';
import { type BinnedPreset, binBlock, binnedPresets } from './evaluate-bins.ts';
import {
  benefitBlock,
  benefitThresholds,
  curveBlock,
  curvePoints,
  exactGrids,
  histogramOf,
} from './evaluate-curves.ts';
import { groupOfScores, groupScores, groupsAtLeast, reusableRanking } from './evaluate-groups.ts';
import type { EvaluationRows, NamedScores } from './evaluate-input.ts';
import type { ProbabilityName } from './evaluate-metrics.ts';
import { calibrationBlock, groupMoments, lossBlock } from './evaluate-moments.ts';
import { rankingBlock, topBlock, topSizes } from './evaluate-ranking.ts';
import type { ScoreHistogram, ScoreSummary } from './evaluate-result.ts';
import { type SmoothFits, smoothBlock, smoothFits } from './evaluate-smooth.ts';
import type { BootstrapModel, StatisticBlock } from './evaluate-statistics.ts';
import {
  countsAbove,
  decisionBlock,
  type OperatingPoint,
  type OutcomeCosts,
  thresholdFormulas,
  tuningBlock,
} from './evaluate-thresholds.ts';
import type { CurvePoint } from './result.ts';

/** What is asked of each model. */
export interface ModelRequest {
  readonly threshold: number | undefined;
  readonly costs: OutcomeCosts | null;
  readonly costThreshold: number | null;
  /** What the tuned threshold makes large. */
  readonly objective: (counts: BinaryCounts) => number;
  readonly level: number;
}

/** Everything exact about one model, and how the bootstrap is to see it. The full ranking is let go. */
export interface PreparedModel extends BootstrapModel {
  readonly name: string;
  readonly summary: ScoreSummary;
  /** Exact values by the names of the blocks. */
  readonly exact: ReadonlyMap<string, number>;
  readonly deLong: RocAucInterval;
  readonly topSizes: readonly number[];
  readonly points: readonly { readonly point: OperatingPoint; readonly counts: BinaryCounts }[];
  /** The objective at the tuned threshold. */
  readonly tunedValue: number;
  readonly grids: ReturnType<typeof exactGrids>;
  readonly drawn: { readonly roc: readonly CurvePoint[]; readonly precisionRecall: readonly CurvePoint[] };
  readonly histogram: ScoreHistogram;
  readonly probabilities: PreparedProbabilities | null;
}

export interface PreparedProbabilities {
  readonly presets: readonly BinnedPreset[];
  readonly fits: SmoothFits;
  readonly spiegelhalter: SpiegelhalterTest;
  readonly reliability: Reliability;
  readonly netBenefit: Float64Array;
  readonly treatAll: Float64Array;
}

/** Groups that a replicate tells apart. */
export const mostGroups = 2000;
const reliabilityBins = 10;

/** Ranks the scores once and takes everything exact from that. */
export function prepareModel(
  rows: EvaluationRows,
  { name, values }: NamedScores,
  request: ModelRequest,
): PreparedModel {
  const { truth, weights } = rows;
  const ranked = rankScores({ scores: values, truth, weights });
  const summary = summaryOf(ranked);
  const scored = { scores: values, truth, weights };
  const probabilities = summary.probabilities ? prepareProbabilities(scored, ranked) : null;
  const tuned = bestThresholdOfRanked(ranked, request.objective);
  const points = operatingPoints(summary, tuned.threshold, request).map((point) => ({
    point,
    counts: countsAbove(ranked, groupsAtLeast(ranked.thresholds, point.threshold)),
  }));
  const groups = groupScores(ranked, mostGroups, [
    ...points.map(({ point }) => point.threshold),
    ...(probabilities ? [...benefitThresholds, ...probabilities.presets.flatMap(({ cuts }) => cuts)] : []),
  ]);
  const own = copied(reusableRanking(groups.floors).fill(groups.positives, groups.negatives));
  const sizes = topSizes(ranked);
  const order = [rankingBlock, topBlock(sizes, ranked.positives + ranked.negatives)];
  const decided = points.map(({ point }) => decisionBlock(point, groups.floors, request.costs));
  const exact = new Map<string, number>();
  for (const block of order) setExact(exact, block, ranked);
  for (const { point, counts } of points) {
    for (const [key, formula] of Object.entries(thresholdFormulas(point.odds, request.costs))) {
      exact.set(`${point.name}.${key}`, formula(counts));
    }
  }
  if (probabilities) setExactProbabilities(exact, ranked, probabilities);
  return {
    name,
    summary,
    exact,
    deLong: rocAucIntervalOfRanked(ranked, { level: request.level }),
    topSizes: sizes,
    points,
    tunedValue: tuned.value,
    grids: exactGrids(ranked),
    drawn: curvePoints(own),
    histogram: histogramOf(ranked, summary.probabilities),
    probabilities,
    floors: groups.floors,
    positives: groups.positives,
    negatives: groups.negatives,
    groupOfRow: groupOfScores(values, groups.floors),
    blocks: [
      ...order,
      ...decided,
      tuningBlock(request.objective),
      curveBlock,
      ...(probabilities ? probabilityBlocks(ranked, groups, probabilities) : []),
    ],
  };
}

function summaryOf({ thresholds }: RankedScores): ScoreSummary {
  const lowest = thresholds[thresholds.length - 1]!;
  const highest = thresholds[0]!;
  return { lowest, highest, distinct: thresholds.length, probabilities: lowest >= 0 && highest <= 1 };
}

function operatingPoints(
  { probabilities }: ScoreSummary,
  tuned: number,
  { threshold, costThreshold }: ModelRequest,
): OperatingPoint[] {
  const oddsOf = (t: number) => (probabilities && t >= 0 && t < 1 ? t / (1 - t) : null);
  const points: OperatingPoint[] = [];
  if (probabilities) points.push({ name: 'half', threshold: 0.5, odds: 1 });
  if (threshold !== undefined) points.push({ name: 'given', threshold, odds: oddsOf(threshold) });
  if (probabilities && costThreshold !== null) {
    points.push({ name: 'cost', threshold: costThreshold, odds: oddsOf(costThreshold) });
  }
  // Tuned for a metric, it says nothing of what a false alarm weighs.
  points.push({ name: 'tuned', threshold: tuned, odds: null });
  return points;
}

function prepareProbabilities(
  rows: { scores: Float64Array; truth: Int32Array; weights: Float64Array | undefined },
  ranked: RankedScores,
): PreparedProbabilities {
  const curve = decisionCurveOfRanked(ranked, { thresholds: benefitThresholds });
  return {
    presets: binnedPresets(rows, ranked),
    fits: smoothFits(ranked),
    spiegelhalter: spiegelhalterTest(rows),
    reliability: reliabilityCurveOfRanked(ranked, { bins: reliabilityBins }),
    netBenefit: curve.netBenefit,
    treatAll: curve.treatAll,
  };
}

function setExact(exact: Map<string, number>, block: StatisticBlock, ranked: RankedScores): void {
  const out = new Float64Array(block.names.length);
  const nothing = new Float64Array(0);
  block.fill({ ranked, positives: nothing, negatives: nothing, replicate: -1 }, out, 0);
  for (const [i, name] of block.names.entries()) exact.set(name, out[i]!);
}

function setExactProbabilities(
  exact: Map<string, number>,
  ranked: RankedScores,
  { fits, presets }: PreparedProbabilities,
): void {
  const brier = corpDecompositionOfRanked(ranked);
  const log = corpDecompositionOfRanked(ranked, { score: 'log' });
  const values: Readonly<Record<ProbabilityName, number>> = {
    brierScore: brier.score,
    brierMiscalibration: brier.miscalibration,
    brierDiscrimination: brier.discrimination,
    brierUncertainty: brier.uncertainty,
    d2BrierScore: brier.skill,
    logLoss: log.score,
    logMiscalibration: log.miscalibration,
    logDiscrimination: log.discrimination,
    logUncertainty: log.uncertainty,
    d2LogLossScore: log.skill,
    meanPrediction: meanScore(ranked),
    calibrationSlope: fits.regression.slope,
    calibrationIntercept: fits.regression.intercept,
    calibrationInTheLarge: fits.regression.calibrationInTheLarge,
  };
  for (const [name, value] of Object.entries({ ...values, ...fits.distances })) exact.set(name, value);
  for (const { preset, errors } of presets) {
    exact.set(`${preset}.expected`, errors.expected);
    exact.set(`${preset}.maximum`, errors.maximum);
  }
}

function meanScore({ thresholds, truePositives, falsePositives, positives, negatives }: RankedScores): number {
  let sum = 0;
  let before = 0;
  thresholds.forEach((score, group) => {
    const until = truePositives[group]! + falsePositives[group]!;
    sum += score * (until - before);
    before = until;
  });
  return sum / (positives + negatives);
}

function probabilityBlocks(
  ranked: RankedScores,
  groups: ReturnType<typeof groupScores>,
  { presets, fits }: PreparedProbabilities,
): StatisticBlock[] {
  const moments = groupMoments(ranked, groups.floors);
  const { slope, intercept, calibrationInTheLarge } = fits.regression;
  const start = Number.isNaN(slope) ? { slope: 1, intercept: 0 } : { slope, intercept };
  return [
    lossBlock(moments),
    calibrationBlock(moments, { ...start, offset: calibrationInTheLarge }),
    smoothBlock(ranked, groups),
    binBlock(presets, groups.floors, moments),
    benefitBlock(groups.floors),
  ];
}

/** Arrays of their own, since a reusable ranking overwrites its. */
function copied(ranked: RankedScores): RankedScores {
  return {
    ...ranked,
    truePositives: Float64Array.from(ranked.truePositives),
    falsePositives: Float64Array.from(ranked.falsePositives),
  };
}

/** Both ends as numbers or null. */
export const endsOf = ({ low, high }: Interval) => ({
  low: Number.isFinite(low) ? low : null,
  high: Number.isFinite(high) ? high : null,
});
