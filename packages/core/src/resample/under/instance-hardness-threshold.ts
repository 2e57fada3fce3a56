import { requireOptions } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import { sortedOrder } from '../../data/sorted-order.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkWhole } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import type { Compat, SamplingStrategy } from '../sampling-strategy.ts';
import { agreeingNeighbours, outOfFoldProbabilities } from './own-class-probabilities.ts';
import type { ProbabilityEstimator } from './probability-estimator.ts';
import { type OnTooFew, type UnderProblem, underSampler } from './under-sampler.ts';

export interface InstanceHardnessThresholdOptions {
  /** Default `auto`: every class down to the smallest. */
  readonly samplingStrategy?: SamplingStrategy | undefined;
  /**
   * Learns how probable each row's class is, from the other folds' rows. Without it, and without `probabilities`, a row is as
   * easy as the share of its `nNeighbors` nearest neighbours that are of its class.
   */
  readonly estimator?: ProbabilityEstimator | undefined;
  /** Probability of each row's own class, or what finds it; takes the place of `estimator`. */
  readonly probabilities?: Float64Array | ((data: Dataset, options?: RunOptions) => Promise<Float64Array>) | undefined;
  /** Folds for the estimator, at least 2. Default 5. */
  readonly cv?: number | undefined;
  /** Default 5. */
  readonly nNeighbors?: number | undefined;
  /** For the folds and for ties. Default 0. */
  readonly seed?: number | undefined;
  /** What happens where there are fewer rows than neighbours are asked for. Default `clamp-k`, with `compat` `error`. */
  readonly onTooFew?: OnTooFew | undefined;
  /**
   * Rows of one group stay or go together, for data with groups. Groups of which the method keeps the
   * largest share stay first; a group with a row of a class that loses none stays; a notice says where counts are not met.
   * Not with `compat`. Default false.
   */
  readonly wholeGroups?: boolean | undefined;
  /**
   * `imbalanced-learn`: the rows that its version 0.14 keeps given the same probabilities, and the same folds for an
   * estimator without a `random_state`. Its own default, a forest, is not here: neighbours judge, with a notice.
   */
  readonly compat?: Compat | undefined;
}

const name = 'instance-hardness-threshold';

/**
 * Instance hardness threshold: of each targeted class the rows stay that are easiest, those whose own class is most probable.
 *
 * Exactly the asked number stays; ties are broken at random. imbalanced-learn, and `compat`, keeps all rows at or above a
 * percentile, which ties may make more, and takes the label for the column of the probabilities, which is right for the
 * labels 0, 1, 2, … only. Output: the rows that stay, in input order; with `compat` class after class.
 *
 * Smith, Martinez and Giraud-Carrier, "An instance level analysis of data complexity", Machine Learning 95 (2014). Throws
 * what `planSampling` and the estimator throw, `too-few-rows`, `not-finite`, `shape-mismatch`, `bad-probabilities`;
 * `bad-option`.
 */
export function instanceHardnessThreshold(options: InstanceHardnessThresholdOptions = {}): DataRowSelector {
  requireOptions(name, options);
  const { estimator, probabilities, cv = 5, nNeighbors = 5, compat } = options;
  checkWhole('cv', cv, 2);
  checkWhole('nNeighbors', nNeighbors, 1);
  if (estimator && probabilities) {
    throw new CounterweightError('bad-option', 'give an estimator or probabilities, not both');
  }
  if (estimator !== undefined && typeof (estimator as { fit?: unknown } | null)?.fit !== 'function') {
    throw new CounterweightError('bad-option', 'the estimator must be an object with a fit method');
  }
  return underSampler({
    name,
    samplingType: 'under-sampling',
    options,
    known: ['estimator', 'probabilities', 'cv', 'nNeighbors'],
    choose: async (problem) => {
      const own = await ownProbabilities(problem, options);
      const removed = compat ? belowPercentile(problem, own) : hardest(problem, own);
      return { removed, order: compat ? 'class' : 'input' };
    },
  });
}

const withoutForest: Notice = {
  code: 'other-estimator',
  severity: 'warning',
  message: 'neighbours judge the rows where imbalanced-learn would grow a forest: the rows that stay differ from its',
};

async function ownProbabilities(
  problem: UnderProblem,
  options: InstanceHardnessThresholdOptions,
): Promise<Float64Array> {
  const { estimator, probabilities, cv = 5, nNeighbors = 5 } = options;
  const { data, run, compat, notices } = problem;
  if (!estimator && !probabilities) {
    if (compat) notices.push(withoutForest);
    return agreeingNeighbours(problem, nNeighbors);
  }
  const own = estimator
    ? await outOfFoldProbabilities(problem, estimator, cv)
    : typeof probabilities === 'function'
      ? await probabilities(data, run)
      : probabilities!;
  if (own.length !== data.X.rows) {
    throw new CounterweightError('shape-mismatch', `${data.X.rows} rows but ${own.length} probabilities`);
  }
  const wrong = own.findIndex((p) => !(p >= 0 && p <= 1));
  if (wrong < 0) return own;
  throw new CounterweightError('bad-probabilities', `row ${wrong} has the probability ${own[wrong]}`, { row: wrong });
}

function hardest({ plan, members, seed, data }: UnderProblem, own: Float64Array): Uint8Array {
  const removed = new Uint8Array(data.X.rows);
  for (const { code, count } of plan.targets) {
    const rows = classStream(seed, name, members[code]!).shuffle(members[code]!.slice());
    const order = sortedOrder(Float64Array.from(rows, (row) => own[row]!));
    for (const i of order.subarray(0, rows.length - count)) removed[rows[i]!] = 1;
  }
  return removed;
}

function belowPercentile({ plan, members, data, notices }: UnderProblem, own: Float64Array): Uint8Array {
  const removed = new Uint8Array(data.X.rows);
  for (const { code, label, count } of plan.targets) {
    const rows = members[code]!;
    const values = Float64Array.from(rows, (row) => own[row]!);
    const threshold = percentile(values.slice().sort(), (1 - count / rows.length) * 100);
    let kept = 0;
    for (const row of rows) {
      if (own[row]! >= threshold) kept++;
      else removed[row] = 1;
    }
    if (kept === count) continue;
    notices.push({
      code: 'count-not-reached',
      severity: 'warning',
      message: `class ${quoted(label)} keeps ${kept} rows, ${count} were asked: as many lie at or above the percentile`,
      class: label,
      numbers: { kept, asked: count },
    });
  }
  return removed;
}

/** numpy's linear percentile, in its order of operations, of ascending values. */
function percentile(sorted: Float64Array, percent: number): number {
  const place = (sorted.length - 1) * (percent / 100);
  const below = Math.floor(place);
  const a = sorted[below]!;
  const b = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const step = place - below;
  return step >= 0.5 ? b - (b - a) * (1 - step) : a + (b - a) * step;
}
