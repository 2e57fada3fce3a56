import { didYouMean } from '../data/nearest-name.ts';
import {
  type BinaryCounts,
  bestThresholdOfRanked,
  clopperPearsonInterval,
  cohenKappa,
  fBeta,
  geometricMean,
  indexBalancedAccuracy,
  informedness,
  jaccard,
  markedness,
  matthewsCorrcoef,
  negativeLikelihoodRatio,
  negativePredictiveValue,
  positiveLikelihoodRatio,
  precision,
  type RankedScores,
  recall,
  specificity,
  wilsonInterval,
} from '../metrics/index.ts';
import { ratio } from '../metrics/undefined-value.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { groupsAtLeast } from './evaluate-groups.ts';
import { decisionInfos, type ThresholdMetricName } from './evaluate-metrics.ts';
import type { ThresholdEvaluation, TunedThreshold } from './evaluate-result.ts';
import { estimateOf, finite, type Replicates, type StatisticBlock } from './evaluate-statistics.ts';
import type { Estimate } from './result.ts';

/** What each of the four outcomes costs. */
export interface OutcomeCosts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** A threshold at which rows are decided. */
export interface OperatingPoint {
  readonly name: ThresholdEvaluation['name'];
  /** Positive iff score >= threshold; infinity flags nothing. */
  readonly threshold: number;
  /** Whether the threshold is a probability of costs, so that the net benefit at it means something. */
  readonly odds: number | null;
}

type Formula = (counts: BinaryCounts) => number;

const baseFormulas = {
  precision: (counts) => precision(counts),
  recall: (counts) => recall(counts),
  specificity: (counts) => specificity(counts),
  negativePredictiveValue: (counts) => negativePredictiveValue(counts),
  f1: (counts) => fBeta(counts, 1),
  f2: (counts) => fBeta(counts, 2),
  accuracy: ({ tp, fp, fn, tn }) => ratio(tp + tn, tp + fp + fn + tn),
  balancedAccuracy: (counts) => (recall(counts) + specificity(counts)) / 2,
  matthewsCorrcoef: (counts) => matthewsCorrcoef(confusionOf(counts)),
  cohenKappa: (counts) => cohenKappa(confusionOf(counts)),
  geometricMean: (counts) => geometricMean(confusionOf(counts)),
  indexBalancedAccuracy: (counts) => indexBalancedAccuracy(counts),
  jaccard: (counts) => jaccard(counts),
  informedness: (counts) => informedness(counts),
  markedness: (counts) => markedness(counts),
  positiveLikelihoodRatio: (counts) => positiveLikelihoodRatio(counts),
  negativeLikelihoodRatio: (counts) => negativeLikelihoodRatio(counts),
  flaggedShare: ({ tp, fp, fn, tn }) => ratio(tp + fp, tp + fp + fn + tn),
} satisfies Partial<Record<ThresholdMetricName, Formula>>;

const shared = { classes: 2, counts: new Float64Array(4) };

/** One confusion matrix for all calls: searches ask for a metric at every distinct score. */
function confusionOf({ tp, fp, fn, tn }: BinaryCounts) {
  shared.counts[0] = tn;
  shared.counts[1] = fp;
  shared.counts[2] = fn;
  shared.counts[3] = tp;
  return shared;
}

/** The formulas at one operating point: those of the counts, and those that need costs. */
export function thresholdFormulas(
  odds: number | null,
  costs: OutcomeCosts | null,
): Readonly<Partial<Record<ThresholdMetricName, Formula>>> {
  return {
    ...baseFormulas,
    ...(odds === null
      ? {}
      : { netBenefit: ({ tp, fp, fn, tn }: BinaryCounts) => (tp - fp * odds) / (tp + fp + fn + tn) }),
    ...(costs === null ? {} : costFormulas(costs)),
  };
}

function costFormulas(costs: OutcomeCosts) {
  const total = ({ tp, fp, fn, tn }: BinaryCounts) => costs.tp * tp + costs.fp * fp + costs.fn * fn + costs.tn * tn;
  return {
    expectedCost: (counts: BinaryCounts) => total(counts) / (counts.tp + counts.fp + counts.fn + counts.tn),
    savings: (counts: BinaryCounts) => {
      const positives = counts.tp + counts.fn;
      const negatives = counts.fp + counts.tn;
      const constant = Math.min(
        total({ tp: 0, fp: 0, fn: positives, tn: negatives }),
        total({ tp: positives, fp: negatives, fn: 0, tn: 0 }),
      );
      return constant === 0 ? Number.NaN : (constant - total(counts)) / Math.abs(constant);
    },
  };
}

/** Metrics that one-sided decisions make perfect. */
const oneSided = new Set([
  'precision',
  'recall',
  'specificity',
  'negativePredictiveValue',
  'flaggedShare',
  'netBenefit',
]);

/** The metrics that a threshold can be tuned for. */
const tunableNames: readonly string[] = Object.freeze([
  ...Object.keys(baseFormulas).filter((name) => !oneSided.has(name)),
  'expectedCost',
]);

/** What a threshold is tuned for, to be made large. Throws `unknown-metric`, `bad-costs`. */
export function tuningObjective(name: string, costs: OutcomeCosts | null): Formula {
  if (!tunableNames.includes(name)) {
    const why = oneSided.has(name)
      ? `a threshold cannot be tuned for "${name}", which is made perfect by flagging everything or nothing`
      : `a threshold cannot be tuned for "${name}"${didYouMean(name, tunableNames)}`;
    throw new CounterweightError('unknown-metric', `${why}; there are ${tunableNames.join(', ')}`);
  }
  const formula = thresholdFormulas(null, costs)[name as ThresholdMetricName];
  if (!formula) {
    throw new CounterweightError(
      'bad-costs',
      `the metric ${name} needs the costs of a false positive and a false negative`,
    );
  }
  return decisionInfos[name as ThresholdMetricName].greaterIsBetter === false ? (counts) => -formula(counts) : formula;
}

/** Counts where the first `groups` groups are flagged. */
export function countsAbove(ranked: RankedScores, groups: number): BinaryCounts {
  const tp = groups === 0 ? 0 : ranked.truePositives[groups - 1]!;
  const fp = groups === 0 ? 0 : ranked.falsePositives[groups - 1]!;
  return { tp, fp, fn: ranked.positives - tp, tn: ranked.negatives - fp };
}

/** All numbers of the decisions at one threshold, named `half.f1`. */
export function decisionBlock(point: OperatingPoint, floors: Float64Array, costs: OutcomeCosts | null): StatisticBlock {
  const groups = groupsAtLeast(floors, point.threshold);
  const formulas = Object.entries(thresholdFormulas(point.odds, costs));
  return {
    names: formulas.map(([name]) => `${point.name}.${name}`),
    fill({ ranked }, out, at) {
      const counts = countsAbove(ranked, groups);
      for (const [, formula] of formulas) out[at++] = formula(counts);
    },
  };
}

/** The threshold tuned on each replicate. */
export function tuningBlock(objective: Formula): StatisticBlock {
  return {
    names: ['tuning.threshold'],
    fill({ ranked }, out, at) {
      out[at] = bestThresholdOfRanked(ranked, objective).threshold;
    },
  };
}

/** The names whose value is a share of counted rows. */
const proportions: Readonly<Record<string, (counts: BinaryCounts) => readonly [hits: number, of: number]>> = {
  precision: ({ tp, fp }) => [tp, tp + fp],
  recall: ({ tp, fn }) => [tp, tp + fn],
  specificity: ({ fp, tn }) => [tn, tn + fp],
  negativePredictiveValue: ({ fn, tn }) => [tn, tn + fn],
  accuracy: ({ tp, fp, fn, tn }) => [tp + tn, tp + fp + fn + tn],
};

/** Values and intervals at one threshold, from the exact counts and the replicates. */
export function describeThreshold(
  point: OperatingPoint,
  counts: BinaryCounts,
  costs: OutcomeCosts | null,
  replicates: Replicates,
  rules: { readonly level: number; readonly counted: boolean },
): Omit<ThresholdEvaluation, 'tuned'> {
  const metrics: Record<string, Estimate> = {};
  const exact: Record<string, Estimate> = {};
  for (const [name, formula] of Object.entries(thresholdFormulas(point.odds, costs))) {
    const value = formula(counts);
    const at = replicates.names.indexOf(`${point.name}.${name}`);
    const share = proportions[name];
    if (share && rules.counted) {
      const [hits, of] = share(counts);
      metrics[name] = { value: finite(value), ...ends(wilsonInterval(hits, of, rules.level)) };
      exact[name] = { value: finite(value), ...ends(clopperPearsonInterval(hits, of, rules.level)) };
    } else metrics[name] = estimateOf(name, value, replicates.centre[at]!, replicates.values[at]!, rules.level);
  }
  return { name: point.name, threshold: finite(point.threshold), counts, metrics, exact };
}

const ends = ({ low, high }: { low: number; high: number }) => ({ low: finite(low), high: finite(high) });

/** What the tuned threshold reaches here and on other rows, and how far it moves. */
export function describeTuning(
  metric: string,
  values: { readonly apparent: number; readonly crossFitted: number },
  replicates: Replicates,
  level: number,
): TunedThreshold {
  const sign = decisionInfos[metric as ThresholdMetricName].greaterIsBetter === false ? -1 : 1;
  const thresholds = replicates.values[replicates.names.indexOf('tuning.threshold')]!;
  const { low, high } = estimateOf('threshold', 0, 0, thresholds, level);
  return {
    metric,
    apparent: finite(sign * values.apparent),
    crossFitted: finite(sign * values.crossFitted),
    low,
    high,
  };
}
