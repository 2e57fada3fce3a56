import type { Model } from '../learn/learner.ts';
import { addVotes } from '../learn/votes.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { BaseFits } from './base-fits.ts';
import type { Bag } from './row-units.ts';

/** One run of boosting: rows with weights that change from round to round. */
export interface BoostingRun {
  /** What the weights stand for, and the weights of the first round. */
  readonly start: Bag;
  /** Place of each row's class. */
  readonly labels: Int32Array;
  readonly stream: RandomStream;
  /** What a row's weight is multiplied by where the error is measured; 1 if left out. */
  readonly emphasis?: Float64Array | undefined;
  /** What a round learns from instead of all rows with their weights; errors are still those of all rows. */
  readonly view?: ((weights: Float64Array, round: number) => Bag) | undefined;
}

export interface BoostedMembers {
  readonly models: Model[];
  readonly alphas: number[];
}

/** A member with no error would have boundless weight; with this one it has log-odds of 23, which outweigh any others. */
const LEAST_ERROR = 1e-10;

/** An error this near to chance is chance but for rounding, and its member's weight 0. */
const CHANCE_SLACK = 1e-12;

/** Weight of a member of that error: log((1 - e) / e) + log(K - 1), as in SAMME (Zhu et al. 2009, algorithm 2). */
export function sammeAlpha(error: number, classes: number): number {
  const bounded = Math.max(error, LEAST_ERROR);
  return Math.log((1 - bounded) / bounded) + Math.log(classes - 1);
}

/**
 * AdaBoost for any number of classes, several runs side by side, a round of all runs at a time.
 *
 * A run ends at a member without error, and where one is no better than chance, which is dropped; a run with a `view` has its
 * next round draw anew instead. A run's first member stays whatever its error, since a model needs one.
 */
export async function boostSamme(
  fits: BaseFits,
  runs: readonly BoostingRun[],
  settings: { readonly rounds: number; readonly rate: number; readonly classes: number },
  onRound: (done: number) => void = () => {},
): Promise<BoostedMembers[]> {
  const { rounds, rate, classes } = settings;
  const states = runs.map((run) => ({
    run,
    weights: run.start.weights.slice(),
    factors: new Float64Array(run.start.rows.length).fill(1),
    open: true,
    spare: undefined as Model | undefined,
    models: [] as Model[],
    alphas: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    const open = states.filter((state) => state.open);
    if (open.length === 0) break;
    const bags = open.map(({ run, weights }) => run.view?.(weights, round) ?? { rows: run.start.rows, weights });
    const streams = open.map(({ run }) => run.stream.child('round', round));
    const wanted = open[0]!.run.view ? 'all-lines' : 'bag-lines';
    await fits.fit(bags, streams, wanted, ({ model, shares, lines }, t) => {
      const state = open[t]!;
      const missed = missedVotes(shares!, classes);
      const error = errorOf(state, missed, lines!, classes);
      if (error >= 1 - 1 / classes - CHANCE_SLACK) {
        state.spare ??= model;
        state.open = state.run.view !== undefined;
        return;
      }
      const alpha = rate * sammeAlpha(error, classes);
      state.models.push(model);
      state.alphas.push(alpha);
      state.open = error > LEAST_ERROR;
      raise(state.factors, state.run.labels, missed, lines!, alpha, classes);
      levelFactors(state.factors, state.run.start.weights, state.weights);
    });
    onRound(round + 1);
  }
  return states.map(({ models, alphas, spare }) =>
    models.length > 0 ? { models, alphas } : { models: [spare!], alphas: [1] },
  );
}

/** The part of a vote that each line of shares withholds from each class, `lines × classes`. */
function missedVotes(shares: Float64Array, classes: number): Float64Array {
  const votes = new Float64Array(shares.length);
  addVotes(votes, shares, classes, 1);
  return votes.map((vote) => 1 - vote);
}

/** Weighted share of the votes against the rows' own classes. */
function errorOf(
  { run: { labels, emphasis }, weights }: { readonly run: BoostingRun; readonly weights: Float64Array },
  missed: Float64Array,
  lines: Int32Array,
  classes: number,
): number {
  let error = 0;
  let total = 0;
  for (let i = 0; i < lines.length; i++) {
    const weight = emphasis ? weights[i]! * emphasis[i]! : weights[i]!;
    error += weight * missed[lines[i]! * classes + labels[i]!]!;
    total += weight;
  }
  return error / total;
}

/** Multiplies the factors of rows by exp(alpha times the part of the vote that they missed). */
function raise(
  factors: Float64Array,
  labels: Int32Array,
  missed: Float64Array,
  lines: Int32Array,
  alpha: number,
  classes: number,
): void {
  const growth = missed.map((part) => (part === 0 ? 1 : Math.exp(alpha * part)));
  for (let i = 0; i < lines.length; i++) factors[i]! *= growth[lines[i]! * classes + labels[i]!]!;
}

/**
 * Makes the weighted mean of the factors 1. They become multiples of a power of 2 whose sums are exact, so that a row of
 * weight 3 is three rows in every sum, and are never 0, so that no row is lost. `scaled`, where given, becomes the weights
 * times the factors.
 */
export function levelFactors(factors: Float64Array, weights: Float64Array, scaled?: Float64Array): void {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < factors.length; i++) {
    sum += factors[i]! * weights[i]!;
    total += weights[i]!;
  }
  // Of weights so large that sums are not exact any more, the grid stays as fine as factors need.
  const grid = 2 ** Math.max(20, 40 - Math.ceil(Math.log2(total)));
  const scale = (total * grid) / sum;
  const unit = 1 / grid;
  for (let i = 0; i < factors.length; i++) {
    const whole = Math.floor(factors[i]! * scale + 0.5);
    const factor = whole < 1 ? unit : whole * unit;
    factors[i] = factor;
    if (scaled) scaled[i] = factor * weights[i]!;
  }
}
