import { checkOptionNames } from '../data/check-option-names.ts';
import { logGamma } from '../metrics/distributions.ts';
import type { Calibration, Calibrator } from './calibrator.ts';
import { equalMassBins, type MassBins } from './equal-mass-bins.ts';
import { type BinaryMap, type BinaryRows, oneVersusRestCalibrator, oneVersusRestFromJSON } from './one-vs-rest.ts';
import { groupScores } from './score-groups.ts';
import { pieceOf, readStepMap, stepMap } from './step-function.ts';
import type { ScoreGroups } from './venn-abers-geometry.ts';

/** Prior rows that a whole binning shares out among its bins. */
const PRIOR_ROWS = 2;
/** Binnings with less than this part of the best one's evidence are left out. */
const LEAST_EVIDENCE = 1e-3;
/** Numbers of bins tried beyond this are thinned: neighbours there hardly differ. */
const MOST_BINNINGS = 200;

/**
 * Bayesian binning into quantiles (Naeini, Cooper and Hauskrecht, 2015): an average over binnings into equal weights, each
 * counting by its marginal likelihood.
 *
 * Numbers of bins run from max(1, n^(1/3) / 10) to min(n / 5, 10 n^(1/3)) for n the sum of weights; where these are
 * many, about 200 of them, evenly spaced. In a binning of B bins the prior of each bin is Beta with 2 / B rows, centred at
 * the middle of the bin (the ends being 0 and 1); its value is the posterior mean, never 0 or 1. The average is kept as
 * one step function. It need not ascend.
 */
export function bayesianBinningCalibrator(options: Readonly<Record<string, never>> = {}): Calibrator {
  checkOptionNames('Bayesian binning', options, []);
  const fit = (rows: BinaryRows) => ({ map: averagedBinnings(rows), notices: [] });
  return oneVersusRestCalibrator({ name: 'bayesian-binning', needsBothLabels: false, fit }, 'probabilities');
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function bayesianBinningFromJSON(json: unknown): Calibration {
  return oneVersusRestFromJSON('bayesian-binning', json, readStepMap);
}

interface Binning {
  readonly edges: Float64Array;
  /** Posterior means. */
  readonly values: Float64Array;
  readonly logEvidence: number;
}

function averagedBinnings({ scores, labels, weights }: BinaryRows): BinaryMap {
  const groups = groupScores(scores, labels, weights);
  const all = binCounts(groups).map((count) => scoredBinning(equalMassBins(groups, count)));
  const best = all.reduce((most, { logEvidence }) => Math.max(most, logEvidence), Number.NEGATIVE_INFINITY);
  const kept = all.filter(({ logEvidence }) => Math.exp(logEvidence - best) >= LEAST_EVIDENCE);
  const edges = Float64Array.from(new Set(kept.flatMap((binning) => [...binning.edges]))).sort();
  const values = new Float64Array(edges.length + 1);
  let total = 0;
  for (const binning of kept) {
    const evidence = Math.exp(binning.logEvidence - best);
    total += evidence;
    for (let piece = 0; piece < values.length; piece++) {
      const own = piece === 0 ? 0 : pieceOf(binning.edges, edges[piece - 1]!);
      values[piece] = values[piece]! + evidence * binning.values[own]!;
    }
  }
  return stepMap({ edges, values: values.map((value) => value / total) });
}

function binCounts({ weights }: ScoreGroups): number[] {
  const rows = weights.reduce((sum, weight) => sum + weight, 0);
  const least = Math.max(1, Math.floor(Math.cbrt(rows) / 10));
  const most = Math.max(least, Math.min(Math.ceil(rows / 5), Math.ceil(10 * Math.cbrt(rows)), weights.length));
  const stride = Math.ceil((most - least + 1) / MOST_BINNINGS);
  const counts: number[] = [];
  for (let count = least; count <= most; count += stride) counts.push(count);
  return counts;
}

/** Evidence of a binning: the product of the beta-binomial likelihoods of its bins. */
function scoredBinning({ edges, weights, positives }: MassBins): Binning {
  const prior = PRIOR_ROWS / weights.length;
  const values = new Float64Array(weights.length);
  let logEvidence = 0;
  for (let bin = 0; bin < weights.length; bin++) {
    const lower = bin === 0 ? 0 : edges[bin - 1]!;
    const upper = bin === edges.length ? 1 : edges[bin]!;
    // A bin of scores at an end alone would have its centre there, and no Beta distribution has.
    const centre = Math.min(1 - 1e-6, Math.max(1e-6, (lower + upper) / 2));
    const ones = prior * centre;
    const zeros = prior * (1 - centre);
    const total = weights[bin]!;
    const hits = positives[bin]!;
    logEvidence += logGamma(prior) - logGamma(total + prior);
    logEvidence += logGamma(hits + ones) - logGamma(ones) + logGamma(total - hits + zeros) - logGamma(zeros);
    values[bin] = (hits + ones) / (total + prior);
  }
  return { edges, values, logEvidence };
}
