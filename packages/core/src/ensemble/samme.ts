import type { Model } from '../learn/learner.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { BaseFits } from './base-fits.ts';
import type { Bag } from './row-units.ts';
import { ownVotes } from './votes.ts';

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

const LEAST_ERROR = 1e-10;

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
    weights: run.start.weights,
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
    await fits.fit(bags, streams, open[0]!.run.view ? 'all' : 'bag', ({ model, shares }, t) => {
      const state = open[t]!;
      const own = ownVotes(shares!, state.run.labels, classes);
      const { emphasis } = state.run;
      let error = 0;
      let total = 0;
      for (let i = 0; i < own.length; i++) {
        const weight = state.weights[i]! * (emphasis ? emphasis[i]! : 1);
        error += weight * (1 - own[i]!);
        total += weight;
      }
      error /= total;
      if (error >= 1 - 1 / classes - 1e-12) {
        state.spare ??= model;
        state.open = state.run.view !== undefined;
        return;
      }
      const alpha = rate * sammeAlpha(error, classes);
      state.models.push(model);
      state.alphas.push(alpha);
      state.open = error > LEAST_ERROR;
      const wrong = Math.exp(alpha);
      for (let i = 0; i < own.length; i++) {
        if (own[i] !== 1) state.factors[i]! *= own[i] === 0 ? wrong : Math.exp(alpha * (1 - own[i]!));
      }
      levelFactors(state.factors, state.run.start.weights);
      const weights = new Float64Array(own.length);
      for (let i = 0; i < own.length; i++) weights[i] = state.factors[i]! * state.run.start.weights[i]!;
      state.weights = weights;
    });
    onRound(round + 1);
  }
  return states.map(({ models, alphas, spare }) =>
    models.length > 0 ? { models, alphas } : { models: [spare!], alphas: [1] },
  );
}

/**
 * Makes the weighted mean of the factors 1. They become multiples of a power of 2 whose sums are exact, so that a row of
 * weight 3 is three rows in every sum, and are never 0, so that no row is lost.
 */
export function levelFactors(factors: Float64Array, weights: Float64Array): void {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < factors.length; i++) {
    sum += factors[i]! * weights[i]!;
    total += weights[i]!;
  }
  const grid = 2 ** (40 - Math.ceil(Math.log2(total)));
  for (let i = 0; i < factors.length; i++) {
    factors[i] = Math.max(1, Math.round((factors[i]! * total * grid) / sum)) / grid;
  }
}
