import type { Matrix } from '../data/matrix.ts';
import { expectedCost } from '../decide/index.ts';
import {
  type BinaryCounts,
  bestClassWeights,
  bestThreshold,
  type Confusion,
  type DecisionMetricName,
  decisionMetric,
  fBeta,
  isMetricName,
  metricInfo,
  recall,
} from '../metrics/index.ts';
import type { Decision } from './decision.ts';
import type { EvaluationTask } from './evaluate-decisions.ts';

/** Smallest number above 1: a threshold that no probability reaches, and that JSON can carry. */
const never = 1 + Number.EPSILON;

/** Metrics that one-sided decisions make perfect, so that tuning for them alone would be pointless. */
const oneSided = new Set(['precision', 'recall', 'specificity']);

/**
 * The metric for which decisions are tuned: the chosen one where it is a metric of decisions that can be tuned for,
 * least cost where costs are given, else F1.
 */
export function tuningMetric(metric: string, costs: EvaluationTask['costs']): string {
  if (costs) return 'expectedCost';
  if (isMetricName(metric) && metricInfo(metric).needs === 'decision' && !oneSided.has(metric)) return metric;
  return 'f1';
}

/** Finds the decision that is best for `metric` on the given corrected probabilities. */
export function decisionTuner(metric: string, { positive, costs }: EvaluationTask) {
  return (probabilities: Matrix, truth: Int32Array): Decision => {
    const { rows, columns, data } = probabilities;
    if (positive === null) {
      if (rows === 0) return { name: 'tuned', kind: 'weights', weights: new Array<number>(columns).fill(1) };
      const { weights } = bestClassWeights({
        probabilities,
        truth,
        objective: confusionObjective(metric, null, costs),
        macro: costs ? undefined : macroTerms.get(metric),
      });
      return { name: 'tuned', kind: 'weights', weights: [...weights] };
    }
    if (rows === 0) return { name: 'tuned', kind: 'threshold', threshold: 0.5 };
    const scores = new Float64Array(rows);
    const isPositive = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      scores[i] = data[i * columns + positive]!;
      isPositive[i] = truth[i] === positive ? 1 : 0;
    }
    const { threshold } = bestThreshold({
      scores,
      truth: isPositive,
      objective: countsObjective(metric, positive, costs),
    });
    return { name: 'tuned', kind: 'threshold', threshold: Math.min(Math.max(threshold, 0), never) };
  };
}

/** Metrics that are means over classes, as their terms. */
const macroTerms: ReadonlyMap<string, (counts: BinaryCounts) => number> = new Map([
  ['f1', (counts) => fBeta(counts, 1)],
  ['f2', (counts) => fBeta(counts, 2)],
  ['balancedAccuracy', (counts) => recall(counts)],
]);

function confusionObjective(metric: string, positive: number | null, costs: EvaluationTask['costs']) {
  return (confusion: Confusion): number =>
    costs ? -expectedCost(confusion, costs) : decisionMetric(metric as DecisionMetricName, confusion, positive);
}

/** The same as a function of the four counts. F measures, asked for at every distinct score, take the short way. */
function countsObjective(metric: string, positive: number, costs: EvaluationTask['costs']) {
  if (!costs && metric === 'f1') return (counts: BinaryCounts) => fBeta(counts, 1);
  if (!costs && metric === 'f2') return (counts: BinaryCounts) => fBeta(counts, 2);
  const confusion: Confusion = { classes: 2, counts: new Float64Array(4) };
  const objective = confusionObjective(metric, positive, costs);
  const negative = 1 - positive;
  return ({ tp, fp, fn, tn }: BinaryCounts) => {
    confusion.counts[positive * 2 + positive] = tp;
    confusion.counts[negative * 2 + positive] = fp;
    confusion.counts[positive * 2 + negative] = fn;
    confusion.counts[negative * 2 + negative] = tn;
    return objective(confusion);
  };
}
