import type { CostMatrix } from '../decide/costs.ts';
import { costThreshold } from '../decide/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { describeBins } from './evaluate-bins.ts';
import { compareModels } from './evaluate-comparisons.ts';
import { crossFittedValue } from './evaluate-cross-fit.ts';
import { bandOf, benefitThresholds } from './evaluate-curves.ts';
import { rowsByClass, stratumOf } from './evaluate-draws.ts';
import { type EvaluateScoresOptions, type EvaluationRows, evaluationRows } from './evaluate-input.ts';
import { decisionInfos, type ThresholdMetricName } from './evaluate-metrics.ts';
import { endsOf, mostGroups, type PreparedModel, prepareModel } from './evaluate-model.ts';
import { probabilityNames } from './evaluate-moments.ts';
import { modelNotices, rowNotices } from './evaluate-notices.ts';
import { rankingNames } from './evaluate-ranking.ts';
import type { EvaluationCurves, ModelEvaluation, ProbabilityEvaluation, ScoreEvaluation } from './evaluate-result.ts';
import { smoothNames, smoothReplicates } from './evaluate-smooth.ts';
import { bootstrapModels, estimateOf, finite, type Replicates } from './evaluate-statistics.ts';
import { describeThreshold, describeTuning, type OutcomeCosts, tuningObjective } from './evaluate-thresholds.ts';
import type { Estimate, MetricSet } from './result.ts';
import { costMatrix } from './settle-task.ts';

/**
 * Everything there is to say of given scores of one class: ranking, probabilities, decisions, curves, each number with its
 * interval, and every pair of models against each other on the same draws.
 *
 * Intervals are percentiles of a bootstrap that draws each class anew and the shares of the classes as in a plain sample of
 * rows, except where a formula is better: DeLong for the ROC-AUC (beside the bootstrap), Wilson and Clopper-Pearson for shares of counted rows. Scores
 * are sorted once a model; replicates see at most about 2,000 groups of neighbouring scores and draw at most 20,000 rows of
 * a class (their counts brought to the spread of all), so the time of the bootstrap does not grow with the table; all values
 * themselves are exact. Throws `not-binary`, `one-class`, `no-such-class`, `bad-scores`, `bad-weights`, `bad-costs`,
 * `bad-option`, `unknown-metric`, `shape-mismatch`, `aborted`.
 */
export async function evaluateScores(options: EvaluateScoresOptions, run?: RunOptions): Promise<ScoreEvaluation> {
  const { seed = 0, replicates = 1000, level = 0.95 } = options;
  requireOptions(options);
  const rows = evaluationRows(options);
  const { matrix, notices } = costMatrix(options.labels.classes, rows.positiveCode, options.costs);
  const costs = matrix && outcomeCosts(matrix, rows.positiveCode);
  const threshold = matrix && costThreshold(matrix, rows.positiveCode);
  const metric = options.metric ?? (costs ? 'expectedCost' : 'f1');
  const objective = tuningObjective(metric, costs);
  const request = { threshold: options.threshold, costs, costThreshold: threshold, objective, level };
  const models: PreparedModel[] = [];
  for (const [i, scores] of rows.scores.entries()) {
    run?.onProgress?.({ task: 'ranking scores', done: i, total: rows.scores.length });
    await new Promise((resolve) => setTimeout(resolve, 0));
    models.push(prepareModel(rows, scores, request));
  }
  const [negatives, positives] = rowsByClass(rows.truth, 2) as [Int32Array, Int32Array];
  const strata = [
    stratumOf(negatives, rows.weights, rows.counted),
    stratumOf(positives, rows.weights, rows.counted),
  ] as const;
  const carried = rows.counted ? undefined : rows.weights;
  const drawn = await bootstrapModels(models, { strata, carried, seed, replicates }, run);
  // A class of one row is drawn as it is every time: its replicates would claim a certainty that nobody has.
  const single = strata.some(({ units }) => units.length < 2);
  if (single) for (const { values } of drawn) for (const list of values) list.fill(Number.NaN);
  const rules = { level, counted: rows.counted };
  const evaluated = models.map((model, i) => {
    const tuned = {
      metric,
      crossFitted: single ? Number.NaN : crossFittedValue(model, strata, carried, objective, seed),
    };
    return describeModel(model, drawn[i]!, costs, tuned, rules);
  });
  const data = describeRows(rows, models[0]!);
  const info = decisionInfos[metric as ThresholdMetricName];
  return {
    kind: 'binary',
    positive: rows.positive,
    negative: rows.negative,
    data,
    intervals: {
      level,
      replicates,
      smoothReplicates: Math.min(smoothReplicates, replicates),
      draws: { positive: strata[1].draws, negative: strata[0].draws },
      mostGroups,
    },
    costs: matrix && { classes: options.labels.classes, matrix, threshold },
    tuning: { metric, label: info.label, greaterIsBetter: info.greaterIsBetter ?? true },
    models: evaluated,
    comparisons: models.length < 2 ? [] : compareModels(rows, models, drawn, level),
    notices: [
      ...rows.notices,
      ...notices,
      ...rowNotices(data, strata, models),
      ...evaluated.flatMap((model): readonly Notice[] =>
        modelNotices(model, { costs: costs !== null, several: models.length > 1 }),
      ),
    ],
  };
}

function requireOptions({ replicates = 1000, level = 0.95, threshold }: EvaluateScoresOptions): void {
  if (!Number.isInteger(replicates) || replicates < 1) {
    throw new CounterweightError('bad-option', `replicates must be a positive integer, got ${replicates}`);
  }
  if (!(level > 0 && level < 1)) {
    throw new CounterweightError('bad-option', `level must lie between 0 and 1, got ${level}`);
  }
  if (threshold !== undefined && !Number.isFinite(threshold)) {
    throw new CounterweightError('bad-option', `the threshold must be a number, got ${threshold}`);
  }
}

function outcomeCosts(matrix: CostMatrix, positive: number): OutcomeCosts {
  const negative = 1 - positive;
  return {
    tp: matrix[positive]![positive]!,
    fp: matrix[positive]![negative]!,
    fn: matrix[negative]![positive]!,
    tn: matrix[negative]![negative]!,
  };
}

function describeRows(rows: EvaluationRows, { positives, negatives }: PreparedModel): ScoreEvaluation['data'] {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const yes = sum(positives);
  const no = sum(negatives);
  return {
    rows: rows.truth.length,
    positives: yes,
    negatives: no,
    prevalence: yes / (yes + no),
    weights: rows.weights === undefined ? 'none' : rows.counted ? 'counts' : 'fractional',
  };
}

interface Rules {
  readonly level: number;
  readonly counted: boolean;
}

function describeModel(
  model: PreparedModel,
  replicates: Replicates,
  costs: OutcomeCosts | null,
  tuned: { readonly metric: string; readonly crossFitted: number },
  rules: Rules,
): ModelEvaluation {
  const estimate = (name: string): Estimate => estimateNamed(name, model, replicates, rules.level);
  const { deLong } = model;
  return {
    name: model.name,
    scores: model.summary,
    ranking: setOf(rankingNames, estimate),
    deLong: {
      value: finite(deLong.value),
      ...(rules.counted ? endsOf(deLong) : { low: null, high: null }),
      standardError: rules.counted ? finite(deLong.standardError) : null,
      method: rules.counted ? deLong.method : 'none',
    },
    top: model.topSizes.map((size) => {
      const of = (name: string) => estimate(`top${size}.${name}`);
      return {
        rows: size,
        share: size / totalOf(model),
        precision: of('precision'),
        recall: of('recall'),
        lift: of('lift'),
      };
    }),
    probabilities: describeProbabilities(model, replicates, estimate, rules),
    decisions: model.points.map(({ point, counts }) => ({
      ...describeThreshold(point, counts, costs, replicates, rules),
      tuned:
        point.name === 'tuned'
          ? describeTuning(tuned.metric, { ...tuned, apparent: model.tunedValue }, replicates, rules.level)
          : null,
    })),
    curves: describeCurves(model, replicates, rules.level),
    histogram: model.histogram,
  };
}

const totalOf = ({ positives, negatives }: PreparedModel) =>
  positives.reduce((sum, value, group) => sum + value + negatives[group]!, 0);

function estimateNamed(name: string, { exact }: PreparedModel, { names, centre, values }: Replicates, level: number) {
  const at = names.indexOf(name);
  return estimateOf(name, exact.get(name)!, centre[at]!, values[at]!, level);
}

const setOf = (names: readonly string[], estimate: (name: string) => Estimate): MetricSet =>
  Object.fromEntries(names.map((name) => [name, estimate(name)]));

function describeProbabilities(
  { probabilities }: PreparedModel,
  replicates: Replicates,
  estimate: (name: string) => Estimate,
  rules: Rules,
): ProbabilityEvaluation | null {
  if (!probabilities) return null;
  const { presets, fits, spiegelhalter, reliability } = probabilities;
  const calibrationErrors = describeBins(presets, replicates, rules);
  return {
    metrics: {
      ...setOf([...probabilityNames, ...smoothNames], estimate),
      expectedCalibrationError: calibrationErrors.find(({ preset }) => preset === 'adaptive')!.expected,
    },
    calibrationErrors,
    spiegelhalter: {
      z: rules.counted ? finite(spiegelhalter.z) : null,
      pValue: rules.counted ? finite(spiegelhalter.pValue) : null,
    },
    reliability: reliability.bins.map(({ predicted, observed, rows, ...ends }) => ({
      predicted,
      observed: { value: observed, ...(rules.counted ? endsOf(ends) : { low: null, high: null }) },
      rows,
    })),
    isotonic: fits.isotonic,
    smoothed: fits.smoothed,
  };
}

function describeCurves(
  { grids, drawn, probabilities }: PreparedModel,
  replicates: Replicates,
  level: number,
): EvaluationCurves {
  return {
    roc: { points: drawn.roc, band: bandOf('roc', grids.roc, replicates, level) },
    precisionRecall: { points: drawn.precisionRecall, band: bandOf('precision', grids.precision, replicates, level) },
    gains: bandOf('gains', grids.gains, replicates, level),
    decision: probabilities && {
      model: bandOf('benefit', probabilities.netBenefit, replicates, level),
      treatAll: Array.from(benefitThresholds, (_, i) => probabilities.treatAll[i]!),
    },
  };
}
