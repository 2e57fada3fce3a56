import { checkOptionNames } from '../data/check-option-names.ts';
import type { Dataset } from '../data/dataset.ts';
import { type TrainingRows, trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { MOST_LOG_ODDS } from '../learn/votes.ts';
import { checkFlag, checkWhole, checkWord } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { evenWeights, wholeBag } from './base-fits.ts';
import { type CombinedModel, combinedModel } from './combined-model.ts';
import { evenBag, filledBag } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { checkMember, type MemberOptions, memberFits, memberOptionNames } from './member-base.ts';
import { checkSampler, type MemberSampler, treatedRows, treatedWeights } from './member-parts.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { resampledFits } from './resampled-fits.ts';
import { type Bag, type RowUnits, rarest, rowUnits } from './row-units.ts';
import { type BoostingRun, boostSamme } from './samme.ts';
import { unitRows } from './unit-rows.ts';

export interface AdaBoostOptions extends EnsembleOptions, MemberOptions {
  /** Factor of every member's weight. Default 1. */
  readonly learningRate?: number | undefined;
}

export interface RusBoostOptions extends AdaBoostOptions {
  /** What balances the rows of each round, from a seed of its own, instead of under-sampling; no `replacement` then. */
  readonly sampler?: MemberSampler | undefined;
  /**
   * `even` (default): a member's error is that of classes of equal size, as it was taught. `rows`: that of the rows, as in the
   * paper, where balanced draws soon give members that are worse than chance and boosting comes to a halt.
   */
  readonly errors?: 'even' | 'rows' | undefined;
  /** Whether rounds draw with replacement. Default false. */
  readonly replacement?: boolean | undefined;
}

export interface OverBoostOptions extends AdaBoostOptions {
  /** What balances the rows of each round, from a seed of its own, instead of drawing rows again. */
  readonly sampler?: MemberSampler | undefined;
  /** As in `rusBoost`. */
  readonly errors?: 'even' | 'rows' | undefined;
}

export interface EasyEnsembleOptions extends AdaBoostOptions {
  /** Members of each boosted set. Default 50. */
  readonly rounds?: number | undefined;
  /** What balances the rows of each set, from a seed of its own, instead of under-sampling; no `replacement` then. */
  readonly sampler?: MemberSampler | undefined;
  /** Whether sets are drawn with replacement. Default false. */
  readonly replacement?: boolean | undefined;
}

/**
 * AdaBoost for any number of classes (SAMME, Zhu et al. 2009): each member learns from weights that grow at rows which the
 * last ones took for another class. 50 members, stumps. Of weights only the ratios matter. Weighted votes are the log-odds of
 * the model, which tend to be too sure as rounds go on: calibrate them.
 */
export function adaBoost(options: AdaBoostOptions = {}): EnsembleLearner {
  return boosted('ada-boost', options, ({ start, labels, stream }) => ({ start, labels, stream }), []);
}

/**
 * RUSBoost (Seiffert et al. 2010) in the form of SAMME: each round learns from a balanced draw of the rows with their boosted
 * weights; errors and weights are those of all rows. A round no better than chance is drawn anew, not the end.
 */
export function rusBoost(options: RusBoostOptions = {}): EnsembleLearner {
  checkOptionNames('rus-boost', options, [...boostedNames, 'sampler', 'replacement', 'errors']);
  const { replacement = false, errors = 'even', ...rest } = options;
  checkUnderSampling(options);
  checkFlag('replacement', options.replacement);
  checkWord('errors', options.errors, ['even', 'rows']);
  return boosted(
    'rus-boost',
    { ...rest, replacement },
    ({ start, labels, stream, units, training }) => ({
      start,
      labels,
      stream,
      emphasis: errors === 'even' ? evenFactors(training) : undefined,
      view: (weights, round) => {
        const draw = evenBag(stream.child('draw', round), units, rarest(units), replacement);
        return boostedDraw(draw, weights, training);
      },
    }),
    ['sampler', 'replacement', 'errors'],
  );
}

/**
 * OverBoost: AdaBoost in the form of SAMME whose rounds learn from all rows and, beside them, rows of the smaller classes drawn
 * again until all classes have as many; errors and weights are those of the rows given. 50 members, stumps.
 */
export function overBoost(options: OverBoostOptions = {}): EnsembleLearner {
  checkOptionNames('over-boost', options, [...boostedNames, 'sampler', 'errors']);
  checkSampler(options.sampler);
  const { errors = 'even', ...rest } = options;
  checkWord('errors', options.errors, ['even', 'rows']);
  return boosted(
    'over-boost',
    rest,
    ({ start, labels, stream, units, training }) => ({
      start,
      labels,
      stream,
      emphasis: errors === 'even' ? evenFactors(training) : undefined,
      view: (weights, round) => boostedDraw(filledBag(stream.child('draw', round), units), weights, training),
    }),
    ['sampler', 'errors'],
  );
}

const boostedNames = ['nEstimators', 'seed', 'learningRate', ...memberOptionNames];

/** Throws `bad-option` for a sampler that is none, and for how rows are drawn where one takes that upon itself. */
function checkUnderSampling({ sampler, replacement }: RusBoostOptions | EasyEnsembleOptions): void {
  checkSampler(sampler);
  if (sampler !== undefined && replacement !== undefined)
    throw new CounterweightError('bad-option', 'replacement is about under-sampling, which goes without a sampler');
}

/** What makes the classes weigh the same, one a row. */
function evenFactors(training: TrainingRows): Float64Array {
  const factors = evenWeights(training);
  for (let i = 0; i < factors.length; i++) factors[i]! /= training.weights[i]!;
  return factors;
}

/** A draw whose rows count by what boosting has made of their weights. */
function boostedDraw(draw: Bag, boosted: Float64Array, { weights }: TrainingRows): Bag {
  const factor = (row: number) => boosted[row]! / weights[row]!;
  return { rows: draw.rows, weights: draw.weights.map((weight, i) => weight * factor(draw.rows[i]!)) };
}

interface RunInput {
  readonly start: Bag;
  readonly labels: Int32Array;
  readonly stream: RandomStream;
  readonly units: RowUnits;
  readonly training: TrainingRows;
}

function boosted(
  name: string,
  options: RusBoostOptions,
  runOf: (input: RunInput) => BoostingRun,
  known: readonly string[],
): EnsembleLearner {
  checkEnsemble(name, options, ['learningRate', ...known, ...memberOptionNames]);
  checkMember(options);
  const { nEstimators = 50, seed = 0, learningRate = 1, maxDepth = 1, replacement: _, sampler, ...rest } = options;
  checkRate(learningRate);
  const base = { ...rest, maxDepth };
  const fit = async (given: Dataset, run?: RunOptions) => {
    const { data, training } = sampler ? rowsOfUnits(given) : { data: given, training: trainingRows(given) };
    const stream = randomStream(seed, name);
    return withKernels(run, async (work) => {
      const units = rowUnits(training);
      const input = { start: wholeBag(training), labels: training.labels, stream, units, training };
      const most = name === 'rus-boost' ? training.present.length * rarest(units) : undefined;
      const notices: Notice[] = [];
      const fits = sampler
        ? resampledFits(data, training, base, sampler, notices, run)
        : await memberFits(work, data, training, base, most, run);
      const boosting = runOf(input);
      // The resampler takes the rows from here, and draws anew each round.
      const viewed = sampler
        ? { ...boosting, view: (weights: Float64Array) => ({ ...input.start, weights }) }
        : boosting;
      const settings = { rounds: nEstimators, rate: learningRate, classes: training.present.length };
      const [found] = await boostSamme(fits, [viewed], settings, (done) =>
        run?.onProgress?.({ task: name, done, total: nEstimators }),
      );
      return votes(name, data, training, found!.models, Float64Array.from(found!.alphas), notices);
    });
  };
  return Object.freeze({ name, fit });
}

/** The training rows with a row a unit, for resamplers, which know no weights. */
function rowsOfUnits(given: Dataset): { readonly data: Dataset; readonly training: TrainingRows } {
  const training = trainingRows(given);
  const data = unitRows(given, training, rowUnits(training));
  return { data, training: trainingRows(data) };
}

function votes(
  name: string,
  data: Dataset,
  { present }: TrainingRows,
  members: CombinedModel['members'],
  weights: Float64Array,
  told: readonly Notice[] = [],
): CombinedModel {
  const { classes } = data.y;
  const notices = [...absentClasses(classes, present), ...told];
  return combinedModel({ name, classes, columns: data.X.columns, combine: 'vote-odds', members, weights, notices });
}

/**
 * EasyEnsemble (Liu, Wu and Zhou 2009): AdaBoost on several balanced draws of the rows; 10 sets of 50 stumps. Every set has
 * as much say as any other; within it members vote by their weights.
 */
export function easyEnsemble(options: EasyEnsembleOptions = {}): EnsembleLearner {
  const name = 'easy-ensemble';
  checkEnsemble(name, options, ['learningRate', 'rounds', 'sampler', 'replacement', ...memberOptionNames]);
  checkWhole('rounds', options.rounds, 1);
  checkFlag('replacement', options.replacement);
  checkUnderSampling(options);
  checkMember(options);
  const { nEstimators = 10, seed = 0, rounds = 50, learningRate = 1, maxDepth = 1 } = options;
  const {
    sampler,
    replacement = false,
    learner,
    criterion,
    minSamplesLeaf,
    maxFeatures,
    maxBins,
    categoricalFeatures,
  } = options;
  checkRate(learningRate);
  const base = { learner, criterion, minSamplesLeaf, maxFeatures, maxBins, categoricalFeatures, maxDepth };
  const boosting = { ...(learner === undefined ? base : { learner }), nEstimators: rounds, learningRate };
  const plan = { name, sets: nEstimators, seed, boosting };
  const fit = async (data: Dataset, run?: RunOptions) => {
    if (sampler) return resampledSets({ ...plan, sampler }, data, run);
    const training = trainingRows(data);
    const units = rowUnits(training);
    const runs = Array.from({ length: nEstimators }, (_, m): BoostingRun => {
      const stream = randomStream(seed, name).child('set', m);
      const start = evenBag(stream, units, rarest(units), replacement);
      return { start, labels: start.rows.map((row) => training.labels[row]!), stream };
    });
    return withKernels(run, async (work) => {
      const most = Math.max(...runs.map(({ start }) => start.rows.length));
      const fits = await memberFits(work, data, training, base, most, run);
      const settings = { rounds, rate: learningRate, classes: training.present.length };
      const sets = await boostSamme(fits, runs, settings, (done) =>
        run?.onProgress?.({ task: name, done, total: rounds }),
      );
      const members = sets.flatMap(({ models }) => models);
      return votes(name, data, training, members, evenSets(sets.map(({ alphas }) => alphas)));
    });
  };
  return Object.freeze({ name, fit });
}

interface ResampledSets {
  readonly name: string;
  readonly sets: number;
  readonly seed: number;
  readonly sampler: MemberSampler;
  readonly boosting: AdaBoostOptions;
}

/** AdaBoost on what a resampler makes of the rows, several times. */
async function resampledSets(
  { name, sets, seed, sampler, boosting }: ResampledSets,
  given: Dataset,
  run?: RunOptions,
): Promise<CombinedModel> {
  const { data, training } = rowsOfUnits(given);
  const { X, y } = data;
  const units = data.weights!;
  const notices: Notice[] = [];
  const boosted: CombinedModel[] = [];
  for (let m = 0; m < sets; m++) {
    throwIfAborted(run?.signal);
    const stream = randomStream(seed, name).child('set', m);
    const treated = await treatedRows(sampler, stream.uint32(), { X, y }, notices, run);
    const learned = { ...treated.data, weights: treatedWeights(treated, units) };
    boosted.push(await adaBoost({ ...boosting, seed: stream.uint32() }).fit(learned, run));
    run?.onProgress?.({ task: name, done: m + 1, total: sets });
  }
  const alphas = boosted.map(({ weights }) => [...weights]);
  const members = boosted.flatMap((model) => model.members);
  return votes(name, data, training, members, evenSets(alphas), notices);
}

/**
 * Weights of the members of several boosted sets. Each set gets the same sum, so that none has more say because its members were
 * surer; the sums together are the mean of the sets' own, so that the votes are log-odds of the size that one set gives.
 */
export function evenSets(alphas: readonly (readonly number[])[]): Float64Array {
  const totals = alphas.map((own) => own.reduce((sum, alpha) => sum + alpha, 0));
  // A set that made no error has a member of boundless weight.
  const mean = totals.reduce((sum, total) => sum + Math.min(total, MOST_LOG_ODDS), 0) / totals.length;
  return Float64Array.from(
    alphas.flatMap((own, s) => own.map((alpha) => ((alpha / totals[s]!) * mean) / totals.length)),
  );
}

/** Throws `bad-option` unless it is a positive number. */
export function checkRate(rate: number): void {
  if (typeof rate === 'number' && rate > 0 && rate < Number.POSITIVE_INFINITY) return;
  throw new CounterweightError('bad-option', `learningRate must be a positive number, got ${String(rate)}`);
}
