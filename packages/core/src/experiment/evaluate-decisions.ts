import type { Matrix } from '../data/matrix.ts';
import { expectedCost } from '../decide/index.ts';
import { allMetrics, confusionMatrix, decisionMetrics } from '../metrics/index.ts';
import { type Decision, decide } from './decision.ts';

/** Metric values by name; NaN where a metric is undefined. */
export type MetricValues = Readonly<Record<string, number>>;

export interface DecisionsEvaluated {
  /** Every metric, those of decisions at the operating point. */
  readonly all: MetricValues;
  /** Metrics of decisions only, one record a decision, in order. */
  readonly byDecision: readonly MetricValues[];
}

export interface EvaluationTask {
  /** Index of the positive class in a binary task, else null. */
  readonly positive: number | null;
  /** `matrix[predicted][true]`, or null where no costs are given. */
  readonly costs: readonly (readonly number[])[] | null;
}

/** Metrics of calibrated probabilities under several ways to decide; the last decision is the operating point. */
export function evaluateDecisions(
  { probabilities, raw }: { readonly probabilities: Matrix; readonly raw: Matrix },
  truth: Int32Array,
  decisions: readonly Decision[],
  { positive, costs }: EvaluationTask,
): DecisionsEvaluated {
  const decided = decisions.map((decision) => decide(probabilities, decision, positive, raw));
  const byDecision = decided.map((predicted) => {
    const confusion = confusionMatrix(truth, predicted, probabilities.columns);
    const values: Record<string, number> = { ...decisionMetrics(confusion, positive) };
    if (costs) values['expectedCost'] = expectedCost(confusion, costs);
    return values;
  });
  const operating = decided.at(-1)!;
  const all = allMetrics({ truth, probabilities, decisions: operating, positive });
  return { all: { ...all, ...byDecision.at(-1)! }, byDecision };
}
