import type { Dataset } from '../data/dataset.ts';
import { subsetLabels } from '../data/labels.ts';
import { selectNumericRows } from '../data/select-numeric-rows.ts';
import type { Learner, Model } from '../learn/learner.ts';
import { trainingRows } from '../learn/logistic-data.ts';
import { absentClasses } from '../learn/trees/absent-classes.ts';
import { decisionTree } from '../learn/trees/forest.ts';
import { checkFlag } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type RunOptions, throwIfAborted } from '../runtime/run-options.ts';
import { type CombinedModel, combinedModel } from './combined-model.ts';
import { bootstrap, evenBag, roughlyEvenBag } from './draw-bags.ts';
import type { EnsembleLearner } from './ensemble-learner.ts';
import { fitBags } from './fit-bags.ts';
import { checkMember, type MemberOptions, memberOptionNames } from './member-base.ts';
import { checkSampler, type MemberSampler, treatedRows } from './member-parts.ts';
import { checkEnsemble, type EnsembleOptions } from './options.ts';
import { bagOf, rarest, rowUnits } from './row-units.ts';

export interface BalancedBaggingOptions extends EnsembleOptions, MemberOptions {
  /** Resamples each bootstrap, best from the member's own seed; without it classes are under-sampled to the rarest. */
  readonly sampler?: MemberSampler | undefined;
  /** `exact` (default): the same number of every class. `rough`: numbers drawn, see `roughlyEvenBag`; no `sampler` then. */
  readonly balance?: 'exact' | 'rough' | undefined;
  /** Whether under-sampling draws with replacement. Default false. */
  readonly replacement?: boolean | undefined;
  /** Whether the model keeps what its members say of rows that they did not see. Default false; not with a `sampler`. */
  readonly oobScore?: boolean | undefined;
}

/**
 * Bagging of balanced bootstraps: rows are drawn with replacement, then balanced, by under-sampling or by any resampler.
 * 10 members, trees without a `learner`. A class that a bootstrap missed gets one of its rows.
 *
 * @example
 * balancedBagging({ sampler: (seed) => smote({ seed }), learner: logisticRegression() })
 */
export function balancedBagging(options: BalancedBaggingOptions = {}): EnsembleLearner {
  const name = 'balanced-bagging';
  checkEnsemble(name, options, ['sampler', 'balance', 'replacement', 'oobScore', ...memberOptionNames]);
  checkFlag('replacement', options.replacement);
  checkFlag('oobScore', options.oobScore);
  checkMember(options);
  checkSampler(options.sampler);
  const { nEstimators = 10, seed = 0, sampler, balance = 'exact', replacement = false, oobScore, ...base } = options;
  if (balance !== 'exact' && balance !== 'rough')
    throw new CounterweightError('bad-option', `balance must be "exact" or "rough", got ${String(balance)}`);
  if (sampler && (balance === 'rough' || oobScore || options.replacement !== undefined))
    throw new CounterweightError('bad-option', 'balance "rough", oobScore and replacement go without a sampler');
  const plan = {
    name,
    seed,
    members: nEstimators,
    base,
    outOfBag: oobScore ?? false,
    draw: (stream: ReturnType<typeof randomStream>, units: ReturnType<typeof rowUnits>) => {
      if (balance === 'rough') return roughlyEvenBag(stream, units);
      const drawn = bootstrap(stream, units);
      return evenBag(stream, drawn, rarest(drawn), replacement);
    },
  };
  return Object.freeze({
    name,
    fit: (data: Dataset, run?: RunOptions) =>
      sampler ? fitResampled({ ...plan, sampler }, data, run) : fitBags(plan, data, run),
  });
}

interface ResampledPlan {
  readonly name: string;
  readonly seed: number;
  readonly members: number;
  readonly base: MemberOptions;
  readonly sampler: MemberSampler;
}

async function fitResampled(plan: ResampledPlan, data: Dataset, run?: RunOptions): Promise<CombinedModel> {
  const training = trainingRows(data);
  const units = rowUnits(training);
  const { kept } = training;
  const members: Model[] = [];
  const notices: Notice[] = absentClasses(data.y.classes, training.present);
  for (let m = 0; m < plan.members; m++) {
    throwIfAborted(run?.signal);
    const stream = randomStream(plan.seed, plan.name).child('bag', m);
    const drawn = bootstrap(stream, units);
    const bag = bagOf(drawn.ofClass, { weightOf: () => 1 });
    const rows = expanded(bag.rows, bag.weights);
    const at = kept ? rows.map((row) => kept[row]!) : rows;
    const own = {
      X: selectNumericRows(data.X, at),
      y: subsetLabels(data.y, at),
      ...(data.weights ? { weights: Float64Array.from(rows, units.weightOf) } : {}),
    };
    const treated = await treatedRows(plan.sampler, stream.uint32(), own, notices, run);
    const learner = memberOf(plan.base, stream.uint32());
    members.push(await learner.fit(treated.data, run));
    run?.onProgress?.({ task: plan.name, done: m + 1, total: plan.members });
  }
  const { classes } = data.y;
  return combinedModel({ name: plan.name, classes, columns: data.X.columns, combine: 'mean', members, notices });
}

/** The learner asked for, or a tree with the options of trees. */
export function memberOf({ learner, ...tree }: MemberOptions, seed: number): Learner {
  if (typeof learner === 'function') return learner(seed);
  return learner ?? decisionTree({ ...tree, seed });
}

function expanded(rows: Int32Array, counts: Float64Array): Int32Array {
  const result: number[] = [];
  rows.forEach((row, i) => {
    for (let c = 0; c < counts[i]!; c++) result.push(row);
  });
  return Int32Array.from(result);
}
