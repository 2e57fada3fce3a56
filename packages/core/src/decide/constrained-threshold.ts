import { clopperPearsonLowerBound } from '../metrics/clopper-pearson.ts';
import type { BinaryCounts } from '../metrics/confusion.ts';
import { fBeta, precision, recall, specificity } from '../metrics/count-ratios.ts';
import { type RankedScores, rankScores, type ScoredRows } from '../metrics/ranked-scores.ts';
import { type CountsObjective, countsAt, placedThreshold } from '../metrics/threshold-sweep.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { type BoundMetric, certifiedGroups } from './certified-groups.ts';
import { nextUp } from './next-up.ts';

export interface ThresholdConstraint {
  readonly metric: BoundMetric;
  /** In (0, 1). */
  readonly atLeast: number;
}

export interface ThresholdGuarantee {
  /**
   * `learn-then-test`: with this confidence the constraint holds for new rows at the threshold that is returned, the search
   * among thresholds included. `clopper-pearson`: the exact bound of each threshold taken alone must reach the
   * constraint; as the best of many is taken, the confidence is nominal for precision. For recall and specificity, which
   * rise or fall with the threshold, both are the same and hold.
   */
  readonly method: 'learn-then-test' | 'clopper-pearson';
  /** Default 0.95. */
  readonly confidence?: number;
}

export interface ConstrainedThresholdOptions extends ScoredRows {
  /** What to make large, a name or any function of the counts. */
  readonly maximise: BoundMetric | 'f1' | CountsObjective;
  readonly constraint: ThresholdConstraint;
  /** Without it the constraint is asked of these rows only. Needs rows without weights, drawn like those to come. */
  readonly guarantee?: ThresholdGuarantee;
}

export interface ConstrainedThreshold {
  /** Whether a threshold meets the constraint. If not, the one that comes nearest to it is given. */
  readonly feasible: boolean;
  /** Predict positive iff score >= threshold; infinity where none is predicted. */
  readonly threshold: number;
  /** What was made large. */
  readonly value: number;
  /** The constrained metric on these rows; NaN where nothing is predicted positive and it is the precision. */
  readonly constrained: number;
  /** The exact lower bound of the constrained metric at this threshold alone; NaN without a guarantee. */
  readonly lowerBound: number;
  readonly counts: BinaryCounts;
}

const objectives: Readonly<Record<BoundMetric | 'f1', CountsObjective>> = {
  precision: (counts) => precision(counts),
  recall: (counts) => recall(counts),
  specificity: (counts) => specificity(counts),
  f1: (counts) => fBeta(counts, 1),
};

/**
 * The best threshold under a constraint, such as the most recall with a precision of at least 0.8, over all distinct
 * scores; of equal values the highest threshold. With a guarantee it says what will hold for rows to come.
 *
 * Learn then Test looks at 120 ranks only where precision is bound, see `certifiedGroups`. Throws `bad-option`, and as
 * `rankScores`.
 */
export function constrainedThreshold(options: ConstrainedThresholdOptions): ConstrainedThreshold {
  const { maximise, constraint, guarantee } = options;
  requireOptions(options);
  const ranked = rankScores(options);
  const objective = typeof maximise === 'function' ? maximise : objectives[maximise];
  const metric = objectives[constraint.metric];
  const candidates = candidateGroups(ranked, options);
  let best = Number.NaN;
  let value = Number.NaN;
  for (const group of candidates) {
    const candidate = objective(countsAt(ranked, group));
    if (candidate > value || (Number.isNaN(value) && !Number.isNaN(candidate))) {
      value = candidate;
      best = group;
    }
  }
  const feasible = !Number.isNaN(best);
  const group = feasible ? best : nearestGroup(ranked, metric, constraint.metric, guarantee);
  const counts = countsAt(ranked, group);
  return Object.freeze({
    feasible,
    threshold: thresholdOf(ranked, group, options),
    value: objective(counts),
    constrained: metric(counts),
    lowerBound: guarantee ? lowerBound(counts, constraint.metric, guarantee) : Number.NaN,
    counts,
  });
}

function candidateGroups(ranked: RankedScores, { constraint, guarantee }: ConstrainedThresholdOptions): number[] {
  const { metric, atLeast } = constraint;
  if (guarantee?.method === 'learn-then-test') {
    return certifiedGroups(ranked, metric, atLeast, 1 - (guarantee.confidence ?? 0.95));
  }
  const groups: number[] = [];
  for (let group = -1; group < ranked.thresholds.length; group++) {
    const counts = countsAt(ranked, group);
    const reached = guarantee ? lowerBound(counts, metric, guarantee) : objectives[metric](counts);
    if (reached >= atLeast) groups.push(group);
  }
  return groups;
}

/** The group whose metric (or bound of it) is largest; the highest threshold of equals. */
function nearestGroup(
  ranked: RankedScores,
  metric: CountsObjective,
  name: BoundMetric,
  guarantee: ThresholdGuarantee | undefined,
): number {
  let best = -1;
  let value = Number.NEGATIVE_INFINITY;
  for (let group = -1; group < ranked.thresholds.length; group++) {
    const counts = countsAt(ranked, group);
    const candidate = guarantee ? lowerBound(counts, name, guarantee) : metric(counts);
    if (candidate > value) {
      value = candidate;
      best = group;
    }
  }
  return best;
}

function lowerBound({ tp, fp, fn, tn }: BinaryCounts, metric: BoundMetric, { confidence = 0.95 }: ThresholdGuarantee) {
  if (metric === 'precision') return clopperPearsonLowerBound(tp, tp + fp, confidence);
  if (metric === 'recall') return clopperPearsonLowerBound(tp, tp + fn, confidence);
  return clopperPearsonLowerBound(tn, tn + fp, confidence);
}

/** Halfway below the score without a guarantee; with one exactly what was tested. */
function thresholdOf(ranked: RankedScores, group: number, options: ConstrainedThresholdOptions): number {
  const { thresholds } = ranked;
  if (!options.guarantee) return placedThreshold(thresholds, group);
  const next = thresholds[group + 1];
  if (options.constraint.metric !== 'recall' && next !== undefined) return nextUp(next);
  return group < 0 ? Number.POSITIVE_INFINITY : thresholds[group]!;
}

function requireOptions({ constraint, guarantee, weights }: ConstrainedThresholdOptions): void {
  if (!Object.hasOwn(objectives, constraint.metric) || !(constraint.atLeast > 0 && constraint.atLeast < 1)) {
    throw new CounterweightError(
      'bad-option',
      `a constraint needs a metric and a value inside 0 .. 1, got ${constraint.metric} and ${constraint.atLeast}`,
    );
  }
  if (!guarantee) return;
  const { confidence = 0.95, method } = guarantee;
  if (!(confidence > 0 && confidence < 1) || (method !== 'learn-then-test' && method !== 'clopper-pearson')) {
    throw new CounterweightError('bad-option', `there is no guarantee ${method} with confidence ${confidence}`);
  }
  if (weights) throw new CounterweightError('bad-option', 'a guarantee counts rows, so they cannot have weights');
}
