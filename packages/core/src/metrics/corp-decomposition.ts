import { requireProbabilities } from './checks.ts';
import { poolSums } from './pool-adjacent-violators.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';
import { type UndefinedOption, undefinedValue } from './undefined-value.ts';

/** A proper score split exactly: score = miscalibration - discrimination + uncertainty. */
export interface CorpDecomposition {
  readonly score: number;
  /** What isotonic recalibration on these very rows would gain; 0 if calibrated, never negative. */
  readonly miscalibration: number;
  /** What the recalibrated probabilities gain over always giving the prevalence; never negative. */
  readonly discrimination: number;
  /** The score of always giving the prevalence. */
  readonly uncertainty: number;
  /** 1 - score / uncertainty. */
  readonly skill: number;
}

/**
 * CORP decomposition (Dimitriadis, Gneiting and Jordan, 2021) of the Brier score, or of the log loss with
 * `score: 'log'` (probabilities clipped to 2^-52 .. 1 - 2^-52): no bins, the recalibrated probabilities are those of
 * isotonic regression.
 *
 * Undefined without rows; the skill also where all rows are of one class. Throws `bad-scores` outside 0 .. 1, and as
 * `rankScores`.
 */
export function corpDecomposition(
  rows: ScoredRows & UndefinedOption & { readonly score?: 'brier' | 'log' },
): CorpDecomposition {
  requireProbabilities('scores', rows.scores);
  return corpDecompositionOfRanked(rankScores(rows), rows);
}

/** The same from ranked probabilities. */
export function corpDecompositionOfRanked(
  ranked: RankedScores,
  options: UndefinedOption & { readonly score?: 'brier' | 'log' } = {},
): CorpDecomposition {
  const total = ranked.positives + ranked.negatives;
  if (total === 0) {
    const nothing = undefinedValue(options);
    return { score: nothing, miscalibration: nothing, discrimination: nothing, uncertainty: nothing, skill: nothing };
  }
  const loss = options.score === 'log' ? logLossOf : brierLossOf;
  const { probabilities, hits, weights } = ascendingGroups(ranked);
  const mean = (of: (group: number) => number) => {
    let sum = 0;
    for (let group = 0; group < hits.length; group++) sum += loss(of(group), hits[group]!, weights[group]!);
    return sum / total;
  };
  const recalibrated = poolSums(hits, weights);
  const prevalence = ranked.positives / total;
  const score = mean((group) => probabilities[group]!);
  const best = mean((group) => recalibrated[group]!);
  const uncertainty = mean(() => prevalence);
  return Object.freeze({
    score,
    miscalibration: score - best,
    discrimination: uncertainty - best,
    uncertainty,
    skill:
      uncertainty === 0 || prevalence === 0 || prevalence === 1 ? undefinedValue(options) : 1 - score / uncertainty,
  });
}

function ascendingGroups({ thresholds, truePositives, falsePositives }: RankedScores) {
  const size = thresholds.length;
  const hits = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let group = 0; group < size; group++) {
    const own = truePositives[group]! - (group > 0 ? truePositives[group - 1]! : 0);
    hits[size - 1 - group] = own;
    weights[size - 1 - group] = own + falsePositives[group]! - (group > 0 ? falsePositives[group - 1]! : 0);
  }
  return { probabilities: Float64Array.from(thresholds).reverse(), hits, weights };
}

function brierLossOf(p: number, hits: number, weight: number): number {
  return hits * (1 - p) ** 2 + (weight - hits) * p * p;
}

function logLossOf(p: number, hits: number, weight: number): number {
  const clipped = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));
  return -hits * Math.log(clipped) - (weight - hits) * Math.log1p(-clipped);
}
