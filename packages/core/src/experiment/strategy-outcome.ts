import type { PriorCorrection, Recalibration } from '../calibrate/index.ts';
import { type Comparisons, foldEstimate } from './compare-strategies.ts';
import { codesOf, concatenateCodes, concatenateRows, type FoldOutcome, NOT_TUNED } from './cross-validate.ts';
import type { Decision } from './decision.ts';
import { decisionsOf, thresholdToRaw } from './decisions-of.ts';
import { describeCalibration } from './describe-calibration.ts';
import { type DecisionsEvaluated, evaluateDecisions, type MetricValues } from './evaluate-decisions.ts';
import type { FinalFit } from './fit-final.ts';
import { metricRange, withinRange } from './metric-range.ts';
import type { OutOfFold } from './out-of-fold.ts';
import type { PreparedData } from './prepare-data.ts';
import type { DecisionName, DecisionReport, MetricSet, StrategyReport, ThresholdSpread } from './result.ts';
import type { Task } from './settle-task.ts';
import type { Strategy } from './strategy.ts';

/** Held-out metrics of one strategy: all of them, and those of each decision by name. */
export interface TestedStrategy {
  readonly all: MetricSet;
  readonly byDecision: ReadonlyMap<DecisionName, MetricSet>;
}

/** What the folds say of one strategy. */
export interface StrategyOutcome {
  readonly id: string;
  /** The chosen metric fold by fold; NaN where undefined. */
  readonly foldScores: readonly number[];
  /** Out-of-fold probabilities of all folds, as the model gives them, and the classes of these rows. */
  readonly outOfFold: OutOfFold;
  /** Tuned on the out-of-fold probabilities of all folds: the decision of the final model. */
  readonly tuned: Decision;
  report(
    comparisons: Comparisons,
    foldRows: { readonly train: number; readonly validate: number },
    finals: readonly FinalFit[],
    tested: ReadonlyMap<string, TestedStrategy>,
  ): StrategyReport;
}

export function strategyOutcome(
  strategy: Strategy,
  folds: readonly FoldOutcome[],
  data: PreparedData,
  task: Task,
): StrategyOutcome {
  const { labels } = data;
  const classes = labels.classes.length;
  const truths = folds.map(({ rows }) => codesOf(labels, rows));
  const calibrated = folds.map(({ raw, recalibration }) => recalibration.apply(raw));
  const evaluated = folds.map((fold, f) =>
    evaluateDecisions(
      { probabilities: calibrated[f]!, raw: fold.raw },
      truths[f]!,
      decisionsOf(fold.recalibration, fold.tuned, task),
      task,
    ),
  );
  const truth = concatenateCodes(truths);
  const pooled = concatenateRows(calibrated, classes);
  const pooledRaw = concatenateRows(
    folds.map(({ raw }) => raw),
    classes,
  );
  // What no fold could tune was judged untuned, and so it stays.
  const untuned = folds.every(({ notices }) => notices.some(({ code }) => code === NOT_TUNED));
  const tuned = untuned ? folds[0]!.tuned : task.tune(pooled, truth);
  const foldScores = evaluated.map(({ all }) => all[task.metric.name]!);
  const calibration = describeCalibration(pooledRaw, pooled, truth, labels.classes, task.positive);
  return {
    id: strategy.id,
    foldScores,
    outOfFold: { raw: pooledRaw, truth },
    tuned,
    report(comparisons, foldRows, finals, tested) {
      const final = finals.find(({ id }) => id === strategy.id);
      const recalibration = final?.pipeline.recalibration ?? folds[0]!.recalibration;
      const decisions = final?.decisions ?? decisionsOf(recalibration, tuned, task);
      const correction = final?.correction ?? folds[0]!.correction;
      const test = tested.get(strategy.id) ?? null;
      const compared = comparisons.all.find(({ id }) => id === strategy.id)!;
      return {
        id: strategy.id,
        treatment: strategy.treatment.name,
        learner: strategy.learner.name,
        validation: setOf(
          evaluated.map(({ all }) => all),
          foldRows,
          task.costs,
        ),
        test: test?.all ?? null,
        operatingPoint: task.operatingPoint,
        decisions: decisions.map((decision, d) =>
          describeDecision(
            decision,
            recalibration,
            task.positive,
            spreadOf(decision, folds),
            evaluated,
            d,
            foldRows,
            test?.byDecision.get(decision.name) ?? null,
            task.costs,
          ),
        ),
        difference: compared.difference,
        foldScores: foldScores.map((score) => (Number.isNaN(score) ? null : score)),
        calibration,
        recalibration: {
          decision: recalibration.decision,
          folds: {
            none: countOf(folds, 'none'),
            priorCorrection: countOf(folds, 'prior-correction'),
            recalibrated: countOf(folds, 'recalibrated'),
          },
        },
        priorShift: seenOverTrue(correction, classes),
      };
    },
  };
}

function describeDecision(
  decision: Decision,
  recalibration: Recalibration,
  positive: number | null,
  spread: ThresholdSpread | null,
  evaluated: readonly DecisionsEvaluated[],
  index: number,
  foldRows: { readonly train: number; readonly validate: number },
  test: MetricSet | null,
  costs: Task['costs'],
): DecisionReport {
  return {
    name: decision.name,
    threshold: decision.kind === 'threshold' ? decision.threshold : null,
    rawThreshold: rawThresholdOf(decision, recalibration, positive),
    spread,
    classWeights: decision.kind === 'weights' ? decision.weights : null,
    validation: setOf(
      evaluated.map(({ byDecision }) => byDecision[index]!),
      foldRows,
      costs,
    ),
    test,
  };
}

function rawThresholdOf(decision: Decision, recalibration: Recalibration, positive: number | null): number | null {
  if (decision.kind !== 'threshold' || positive === null) return null;
  return decision.name === 'half' ? 0.5 : thresholdToRaw(recalibration, decision.threshold, positive);
}

const countOf = (folds: readonly FoldOutcome[], decision: Recalibration['decision']): number =>
  folds.filter(({ recalibration }) => recalibration.decision === decision).length;

/** How far the tuned threshold moves from fold to fold; null for thresholds that nothing is tuned for. */
function spreadOf(decision: Decision, folds: readonly FoldOutcome[]): ThresholdSpread | null {
  if (decision.name !== 'tuned' || decision.kind !== 'threshold') return null;
  const values = folds.flatMap(({ tuned }) => (tuned.kind === 'threshold' ? [tuned.threshold] : []));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    standardDeviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    least: Math.min(...values),
    most: Math.max(...values),
    folds: values.length,
  };
}

/** Class shares that the learner saw as multiples of the true ones, all 1 where nothing changed. */
function seenOverTrue(correction: PriorCorrection, classes: number): number[] {
  const { trueShares, seenShares } = correction;
  return Array.from({ length: classes }, (_, c) => (trueShares[c]! > 0 ? seenShares[c]! / trueShares[c]! : 1));
}

function setOf(
  folds: readonly MetricValues[],
  foldRows: { readonly train: number; readonly validate: number },
  costs: Task['costs'],
): MetricSet {
  return Object.fromEntries(
    Object.keys(folds[0]!).map((name) => [
      name,
      withinRange(
        foldEstimate(
          folds.map((values) => values[name]!),
          foldRows,
        ),
        metricRange(name, costs),
      ),
    ]),
  );
}
