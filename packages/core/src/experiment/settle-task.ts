import type { ClassLabel } from '../data/index.ts';
import { didYouMean } from '../data/nearest-name.ts';
import { checkCosts, costThreshold } from '../decide/index.ts';
import { isMetricName, metricInfo, metricNames } from '../metrics/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { Decision } from './decision.ts';
import type { EvaluationTask } from './evaluate-decisions.ts';
import type { ExperimentOptions } from './experiment-options.ts';
import type { PreparedData } from './prepare-data.ts';
import type { Costs, DecisionName, MetricChoice } from './result.ts';
import { decisionTuner, tuningMetric } from './tune-decision.ts';

/** What is to be compared by, and how rows are decided. */
export interface Task extends EvaluationTask {
  readonly metric: MetricChoice;
  readonly costReport: Costs | null;
  readonly operatingPoint: DecisionName;
  readonly tune: ReturnType<typeof decisionTuner>;
  /** The decision that follows from costs; null without costs. */
  readonly costDecision: Decision | null;
  readonly notices: readonly Notice[];
}

/** Settles metric and costs. Throws `unknown-metric`, `bad-costs`. */
export function settleTask({ labels, positive }: PreparedData, options: ExperimentOptions): Task {
  const { matrix, notices } = costMatrix(labels.classes, positive, options.costs);
  const metric = metricChoice(options.metric ?? (matrix ? 'expectedCost' : 'averagePrecision'), matrix !== null);
  const threshold = matrix && positive !== null ? costThreshold(matrix, positive) : null;
  const task: EvaluationTask = { positive, costs: matrix };
  return {
    ...task,
    metric,
    costReport: matrix && { classes: labels.classes, matrix, threshold },
    operatingPoint: matrix ? 'cost' : 'tuned',
    tune: decisionTuner(tuningMetric(metric.name, matrix), task),
    costDecision: matrix && costDecision(matrix, threshold),
    notices,
  };
}

function metricChoice(name: string, hasCosts: boolean): MetricChoice {
  if (name === 'expectedCost') {
    if (!hasCosts) {
      throw new CounterweightError(
        'bad-costs',
        'the metric expectedCost needs costs: give both a false positive and a false negative cost, or a cost matrix',
      );
    }
    return { name, label: 'expected cost a row', greaterIsBetter: false };
  }
  if (!isMetricName(name)) {
    throw new CounterweightError(
      'unknown-metric',
      `no metric is called "${name}"${didYouMean(name, metricNames)}; there are ${metricNames.join(', ')}, expectedCost`,
    );
  }
  const { label, greaterIsBetter } = metricInfo(name);
  return { name, label, greaterIsBetter };
}

function costDecision(matrix: readonly (readonly number[])[], threshold: number | null): Decision {
  return threshold === null ? { name: 'cost', kind: 'costs', matrix } : { name: 'cost', kind: 'threshold', threshold };
}

/** Costs by class code, with what is odd about them; null without costs. Throws `bad-costs`. */
export function costMatrix(
  classes: readonly ClassLabel[],
  positive: number | null,
  costs: ExperimentOptions['costs'],
): { matrix: readonly (readonly number[])[] | null; notices: readonly Notice[] } {
  if (!costs) return { matrix: null, notices: [] };
  let matrix: number[][];
  if ('matrix' in costs) {
    const place = classes.map((label) => costs.classes.findIndex((named) => String(named) === String(label)));
    const lacking = place.indexOf(-1);
    if (lacking >= 0) {
      throw new CounterweightError('bad-costs', `the cost matrix has no row and column for class ${classes[lacking]}`, {
        class: classes[lacking]!,
      });
    }
    matrix = place.map((row) => place.map((column) => costs.matrix[row]![column]!));
  } else {
    if (positive === null) {
      throw new CounterweightError(
        'bad-costs',
        `a false positive and a false negative cost need two classes, there are ${classes.length}: give a cost matrix or name the positive class`,
      );
    }
    matrix = [
      [0, 0],
      [0, 0],
    ];
    matrix[positive]![1 - positive] = costs.falsePositive;
    matrix[1 - positive]![positive] = costs.falseNegative;
  }
  return { matrix, notices: checkCosts(matrix, classes) };
}
