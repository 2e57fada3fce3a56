import { sortedQuantile } from '../metrics/bca-interval.ts';
import type { RankedScores } from '../metrics/index.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { replicateStream, type Stratum } from './evaluate-draws.ts';
import { reusableRanking } from './evaluate-groups.ts';
import { type EvaluationMetricInfo, evaluationMetricInfo } from './evaluate-metrics.ts';
import { shareFactors } from './evaluate-shares.ts';
import type { Estimate } from './result.ts';

/** One weighting of the groups of a model: that of the rows themselves, or of a replicate. */
export interface Replica {
  /** Cumulated over the groups; lives only during the call. */
  readonly ranked: RankedScores;
  /** Weight a group. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Number of the replicate, -1 for the rows themselves. */
  readonly replicate: number;
}

/** Numbers that follow from a weighting of the groups. */
export interface StatisticBlock {
  readonly names: readonly string[];
  /** Writes one number a name from `at` on; NaN where undefined or not wanted for this replicate. */
  fill(replica: Replica, out: Float64Array, at: number): void;
}

/** A model as the bootstrap sees it. */
export interface BootstrapModel {
  /** Of each group, descending. */
  readonly floors: Float64Array;
  /** Weight a group of the rows themselves. */
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly groupOfRow: Int32Array | Uint16Array;
  readonly blocks: readonly StatisticBlock[];
}

/** Replicates of all numbers of one model. */
export interface Replicates {
  readonly names: readonly string[];
  /** On the groups as they are. */
  readonly centre: Float64Array;
  /** One list a name. */
  readonly values: readonly Float64Array[];
}

/**
 * Draws every replicate once and shows it to all models, so that their differences are paired: each class anew, and the shares
 * of the classes as in a plain sample (`shareFactors`). Gives way to other work
 * between replicates. Throws `aborted`.
 */
export async function bootstrapModels(
  models: readonly BootstrapModel[],
  options: {
    readonly strata: readonly [negative: Stratum, positive: Stratum];
    /** Importance weights, where rows are drawn alike and carry them. */
    readonly carried: Float64Array | undefined;
    readonly seed: number;
    readonly replicates: number;
  },
  run?: RunOptions,
): Promise<Replicates[]> {
  const { strata, carried, seed, replicates } = options;
  const states = models.map((model) => stateOf(model, replicates, strata));
  const places = strata.map(({ draws }) => new Int32Array(draws));
  const weights = carried && strata.map(({ units }) => Float64Array.from(units, (row) => carried[row]!));
  for (const state of states) state.measure(state.model.positives, state.model.negatives, -1);
  for (let r = 0; r < replicates; r++) {
    if (r % 16 === 0) {
      throwIfAborted(run?.signal);
      run?.onProgress?.({ task: 'bootstrap', done: r, total: replicates });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const stream = replicateStream(seed, r);
    for (const [label, stratum] of strata.entries()) stratum.draw(stream, places[label]!);
    const factors = shareFactors(seed, r, strata);
    for (const { keep, count, measure, drawn } of states) {
      keep();
      for (const [label, { perDraw }] of strata.entries()) count(label, places[label]!, perDraw, weights?.[label]);
      for (const [label, factor] of factors.entries()) scale(drawn[label]!, factor);
      measure(drawn[1]!, drawn[0]!, r);
    }
  }
  run?.onProgress?.({ task: 'bootstrap', done: replicates, total: replicates });
  return states.map(({ names, centre, values }) => ({ names, centre, values }));
}

function scale(weights: Float64Array, factor: number): void {
  for (let group = 0; group < weights.length; group++) weights[group] = weights[group]! * factor;
}

function stateOf(model: BootstrapModel, replicates: number, strata: readonly Stratum[]) {
  const { floors, blocks, groupOfRow } = model;
  // In the order of the draws: one random read a draw instead of two.
  const groupsOfUnits = strata.map(({ units }) => {
    const groups = floors.length <= 65536 ? new Uint16Array(units.length) : new Int32Array(units.length);
    for (let unit = 0; unit < units.length; unit++) groups[unit] = groupOfRow[units[unit]!]!;
    return groups;
  });
  const ranking = reusableRanking(floors);
  const drawn = [new Float64Array(floors.length), new Float64Array(floors.length)];
  const names = blocks.flatMap((block) => block.names);
  const centre = new Float64Array(names.length);
  const one = new Float64Array(names.length);
  const values = names.map(() => new Float64Array(replicates));
  return {
    model,
    drawn,
    names,
    centre,
    values,
    /** What the rows keep without being drawn. */
    keep() {
      strata.forEach(({ kept }, label) => {
        const own = label === 1 ? model.positives : model.negatives;
        const counts = drawn[label]!;
        if (kept === 0) counts.fill(0);
        else for (let group = 0; group < counts.length; group++) counts[group] = own[group]! * kept;
      });
    },
    /** What the draws add. */
    count(label: number, places: Int32Array, perDraw: number, weights: Float64Array | undefined) {
      const counts = drawn[label]!;
      const groups = groupsOfUnits[label]!;
      for (let i = 0; i < places.length; i++) {
        const unit = places[i]!;
        const group = groups[unit]!;
        counts[group] = counts[group]! + (weights ? perDraw * weights[unit]! : perDraw);
      }
    },
    measure(positives: Float64Array, negatives: Float64Array, replicate: number) {
      const replica = { ranked: ranking.fill(positives, negatives), positives, negatives, replicate };
      let at = 0;
      for (const block of blocks) {
        block.fill(replica, one, at);
        at += block.names.length;
      }
      if (replicate < 0) centre.set(one);
      else for (let i = 0; i < one.length; i++) values[i]![replicate] = one[i]!;
    },
  };
}

/** Fewer replicates than this tell no interval. */
const fewestReplicates = 20;

/** A value with its percentile interval, by what is known of the number `key`; see `replicateInterval`. */
export function estimateOf(
  key: string,
  value: number,
  centre: number,
  replicates: Float64Array,
  level: number,
): Estimate {
  return replicateInterval(value, centre, replicates, level, evaluationMetricInfo(key));
}

/**
 * A value with its percentile interval. Replicates are moved by the difference that merging scores makes; those of measures
 * that noise raises, so that their mean is the value. Null ends where nearly all replicates are undefined.
 */
export function replicateInterval(
  value: number,
  centre: number,
  replicates: Float64Array,
  level: number,
  info: Pick<EvaluationMetricInfo, 'range' | 'raisedByNoise'>,
): Estimate {
  if (!Number.isFinite(value)) return { value: null, low: null, high: null };
  const known = replicates.filter((entry) => Number.isFinite(entry)).sort();
  if (known.length < Math.min(fewestReplicates, replicates.length)) return { value, low: null, high: null };
  const shift = replicateShift(value, centre, known, info.raisedByNoise);
  const end = (share: number) => Math.min(info.range[1], Math.max(info.range[0], sortedQuantile(known, share) + shift));
  return { value, low: end((1 - level) / 2), high: end((1 + level) / 2) };
}

/** What is added to each replicate. */
export function replicateShift(value: number, centre: number, known: Float64Array, raisedByNoise: boolean): number {
  const reference = raisedByNoise ? known.reduce((sum, entry) => sum + entry, 0) / known.length : centre;
  return Number.isFinite(reference) ? value - reference : 0;
}

/** A number or null. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
