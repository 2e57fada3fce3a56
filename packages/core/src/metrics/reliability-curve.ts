import { CounterweightError } from '../runtime/errors.ts';
import { requireProbabilities } from './checks.ts';
import { wilsonInterval } from './intervals.ts';
import { type RankedScores, rankScores, type ScoredRows } from './ranked-scores.ts';

/** One group of rows with similar probabilities. */
export interface ReliabilityBin {
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of rows that are positive. */
  readonly observed: number;
  /** Wilson 95 % interval of that share. */
  readonly low: number;
  readonly high: number;
  /** Rows, or their weight. */
  readonly rows: number;
}

export interface Reliability {
  /** By ascending probability; empty bins are left out. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean predicted probability less the observed share over all rows; NaN without rows. */
  readonly bias: number;
}

export interface ReliabilityOptions extends ScoredRows {
  /** Most bins, default 10. */
  readonly bins?: number;
  /** `quantile` (default): equal numbers of rows. `uniform`: equal widths of 0 .. 1, upper ends included. */
  readonly strategy?: 'quantile' | 'uniform';
}

/**
 * Observed against predicted probability in bins.
 *
 * Rows of one score are never parted. A quantile bin closes at the first distinct score at which it holds its equal part
 * of the rows that earlier bins left over; so where most rows of a common class share one score, the other bins still
 * show the rest in detail. The uniform strategy has scikit-learn's edges.
 * Throws `bad-scores` outside 0 .. 1, `bad-option`, and as `rankScores`.
 */
export function reliabilityCurve(options: ReliabilityOptions): Reliability {
  requireProbabilities('scores', options.scores);
  return reliabilityCurveOfRanked(rankScores(options), options);
}

/** The same from ranked probabilities. */
export function reliabilityCurveOfRanked(
  ranked: RankedScores,
  options: Pick<ReliabilityOptions, 'bins' | 'strategy'> = {},
): Reliability {
  const { bins = 10, strategy = 'quantile' } = options;
  if (!Number.isInteger(bins) || bins < 1) {
    throw new CounterweightError('bad-option', `bins must be a positive integer, got ${bins}`);
  }
  const closesBin = strategy === 'uniform' ? uniformEnds(ranked, bins) : quantileEnds(ranked, bins);
  const made: ReliabilityBin[] = [];
  let bin = emptyBin();
  let all = emptyBin();
  for (let group = ranked.thresholds.length - 1; group >= 0; group--) {
    const hits = ranked.truePositives[group]! - (group > 0 ? ranked.truePositives[group - 1]! : 0);
    const alarms = ranked.falsePositives[group]! - (group > 0 ? ranked.falsePositives[group - 1]! : 0);
    bin = withGroup(bin, ranked.thresholds[group]!, hits, hits + alarms);
    all = withGroup(all, ranked.thresholds[group]!, hits, hits + alarms);
    if (group === 0 || closesBin(group)) {
      made.push(finishedBin(bin));
      bin = emptyBin();
    }
  }
  return Object.freeze({ bins: made, bias: (all.predicted - all.hits) / all.rows });
}

interface OpenBin {
  readonly predicted: number;
  readonly hits: number;
  readonly rows: number;
}

function emptyBin(): OpenBin {
  return { predicted: 0, hits: 0, rows: 0 };
}

function withGroup(bin: OpenBin, score: number, hits: number, rows: number): OpenBin {
  return { predicted: bin.predicted + score * rows, hits: bin.hits + hits, rows: bin.rows + rows };
}

function finishedBin({ predicted, hits, rows }: OpenBin): ReliabilityBin {
  return { predicted: predicted / rows, observed: hits / rows, ...wilsonInterval(hits, rows), rows };
}

/** Whether a bin ends with this group, groups coming by ascending score. */
function quantileEnds(ranked: RankedScores, bins: number): (group: number) => boolean {
  let left = ranked.positives + ranked.negatives;
  let binsLeft = bins;
  return (group) => {
    const above = ranked.truePositives[group - 1]! + ranked.falsePositives[group - 1]!;
    if (binsLeft === 1 || left - above < (left / binsLeft) * (1 - 1e-9)) return false;
    left = above;
    binsLeft--;
    return true;
  };
}

function uniformEnds(ranked: RankedScores, bins: number): (group: number) => boolean {
  const binOf = (score: number) => {
    let bin = 0;
    while (bin < bins - 1 && score > (bin + 1) * (1 / bins)) bin++;
    return bin;
  };
  return (group) => binOf(ranked.thresholds[group]!) !== binOf(ranked.thresholds[group - 1]!);
}
