import type { Dataset } from '../data/dataset.ts';
import { described } from '../data/described.ts';
import { subsetLabels } from '../data/labels.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import type { Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { checkWhole } from '../resample/options.ts';
import { smote } from '../resample/over/smote.ts';
import type { Resampler } from '../resample/resampler.ts';
import { CounterweightError } from '../runtime/errors.ts';
import { addNewCodes, type Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { memberOf } from './balanced-bagging.ts';
import { combinedModel } from './combined-model.ts';
import { bootstrap } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkSmote } from './member-parts.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { drawWith, type RowUnits, rowUnits } from './row-units.ts';
import { unitRows } from './unit-rows.ts';

/** How many rows each class is to get, and how they are made; `smote` and its kin take these options as they are. */
export interface NewRowsOptions {
  /** Rows of a class together with those to make, by label. */
  readonly samplingStrategy: ReadonlyMap<string | number, number>;
  readonly kNeighbors: number;
  readonly seed: number;
  readonly onTooFew: 'random';
}

export interface SmoteBaggingOptions extends EnsembleOptions, MemberOptions {
  /** Makes what makes the new rows of a member, `borderlineSmote` for example. Default `smote`. */
  readonly sampler?: ((options: NewRowsOptions) => Resampler) | undefined;
  /** Neighbours of SMOTE. Default 5. */
  readonly kNeighbors?: number | undefined;
}

/**
 * SMOTEBagging (Wang and Yao 2009): each class is brought to the size of the largest, a share of it by draws with replacement,
 * the rest by SMOTE; the share goes from a tenth for the first member to all for the last, which makes members differ.
 * 10 members, trees without a `learner`.
 *
 * Each member does so with a bootstrap of its own, which the paper leaves out: see `overBagging`.
 */
export function smoteBagging(options: SmoteBaggingOptions = {}): EnsembleLearner {
  const name = 'smote-bagging';
  checkEnsemble(name, options, ['sampler', 'kNeighbors', ...memberOptionNames]);
  checkMaker(options.sampler);
  checkSmote(options);
  checkWhole('kNeighbors', options.kNeighbors, 1);
  checkMember(options);
  const { nEstimators = 10, seed = 0, kNeighbors = 5, sampler = smote, ...base } = options;
  const fit = async (data: Dataset, run?: RunOptions) => {
    const training = trainingRows(data);
    const units = rowUnits(training);
    const source = unitRows(data, training, units);
    const own = sourceUnits(source, training.present, units);
    const members: Model[] = [];
    const notices: Notice[] = absentClasses(data.y.classes, training.present);
    for (let m = 0; m < nEstimators; m++) {
      throwIfAborted(run?.signal);
      const stream = randomStream(seed, name).child('bag', m);
      const pool = bootstrap(stream, own);
      const mix = { share: drawnShare(m, nEstimators), sampler, kNeighbors, present: training.present };
      const { bag, notices: found } = await mixedBag(source, pool, stream, mix, run);
      addNewCodes(notices, found);
      members.push(await memberOf(base, stream.child('member').uint32()).fit(bag, run));
      run?.onProgress?.({ task: name, done: m + 1, total: nEstimators });
    }
    const { classes } = data.y;
    return combinedModel({ name, classes, columns: data.X.columns, combine: 'mean', members, notices });
  };
  return Object.freeze({ name, fit });
}

/** Share of a smaller class that is drawn and not made: from 0.1 to 1 in even steps. */
export function drawnShare(member: number, members: number): number {
  return members > 1 ? 0.1 + (0.9 * member) / (members - 1) : 1;
}

/** The rows of `source`, which has a row a unit, by class. */
function sourceUnits(
  { y, weights }: Dataset & { readonly weights: Float64Array },
  present: readonly number[],
  { order }: RowUnits,
): RowUnits {
  const ofClass = present.map((code) => {
    const rows: number[] = [];
    y.codes.forEach((own, row) => {
      if (own === code) rows.push(row);
    });
    return Int32Array.from(rows);
  });
  return { order, ofClass, weightOf: (row) => weights[row]! };
}

function checkMaker(sampler: unknown): void {
  if (sampler === undefined || typeof sampler === 'function') return;
  const message = `sampler must be a function from options to a resampler, such as smote, got ${described(sampler)}`;
  throw new CounterweightError('bad-option', message);
}

interface Mix {
  readonly share: number;
  readonly sampler: (options: NewRowsOptions) => Resampler;
  readonly kNeighbors: number;
  readonly present: readonly number[];
}

/** The rows of the pool that were drawn, as weights, and the new rows behind them. */
async function mixedBag(
  { X, y, weights }: Dataset & { readonly weights: Float64Array },
  pool: RowUnits,
  stream: RandomStream,
  { share, sampler, kNeighbors, present }: Mix,
  run: RunOptions | undefined,
): Promise<{ readonly bag: Dataset; readonly notices: readonly Notice[] }> {
  const largest = Math.max(...pool.ofClass.map((rows) => rows.length));
  const counts = new Float64Array(X.rows);
  const inPool = new Uint8Array(X.rows);
  const targets = new Map<string | number, number>();
  for (const place of pool.order) {
    const rows = pool.ofClass[place]!;
    for (const row of rows) inPool[row] = 1;
    const filled = rows.length < largest;
    const drawn = filled ? drawWith(stream, rows, Math.max(1, Math.round(share * largest))) : rows;
    for (const row of drawn) counts[row]!++;
    if (drawn.length < largest) targets.set(y.classes[present[place]!]!, new Set(rows).size + largest - drawn.length);
  }
  if (targets.size === 0)
    return { bag: { X, y, weights: counts.map((count, row) => count * weights[row]!) }, notices: [] };
  const at = Int32Array.from(inPool.keys()).filter((row) => inPool[row] === 1);
  const weightsOf = (factor: (row: number) => number) => Float64Array.from(at, (row) => factor(row) * weights[row]!);
  const pooled = { X: selectNumericRows(X, at), y: subsetLabels(y, at) };
  const maker = sampler({ samplingStrategy: targets, kNeighbors, seed: stream.uint32(), onTooFew: 'random' });
  const { data, provenance, notices } = await maker.resample({ ...pooled, weights: weightsOf(() => 1) }, run);
  const drawn = weightsOf((row) => counts[row]!);
  // A row of the pool counts as often as it was drawn, copies and new rows once.
  const isOwn = Uint8Array.from(drawn, () => 1);
  const mixed = Float64Array.from(provenance.source, (source, row) => {
    const own = source >= 0 && isOwn[source] === 1;
    if (own) isOwn[source] = 0;
    return own ? drawn[source]! : (data.weights?.[row] ?? 1);
  });
  return { bag: { X: data.X, y: data.y, weights: mixed }, notices };
}
