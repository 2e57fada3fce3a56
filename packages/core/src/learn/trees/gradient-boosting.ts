import { checkDataset } from '../../data/check-dataset.ts';
import { checkOptionNames } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type Work, withKernels } from '../../runtime/work.ts';
import type { Learner } from '../learner.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from './absent-classes.ts';
import { binRows } from './binned-rows.ts';
import { boostRounds, fewerRounds, leastRows } from './boost-rounds.ts';
import { costWeights, planLoss } from './boosting-loss.ts';
import {
  type BoostingRules,
  boostingOptionNames,
  boostingRules,
  checkColumns,
  type GradientBoostingOptions,
} from './boosting-options.ts';
import { boostingScores } from './boosting-scores.ts';
import { holdOut, type StoppingRules, type Watch, watchRows } from './early-stopping.ts';
import { BOOSTING_KIND, type GradientBoostingModel, gradientBoostingModel } from './gradient-boosting-model.ts';
import { recordWeights } from './gradient-records.ts';
import { checkMonotoneClasses } from './monotone-columns.ts';

export type { GradientBoostingOptions } from './boosting-options.ts';

export interface GradientBoostingLearner extends Learner {
  readonly name: 'gradient-boosting';
  fit(data: Dataset, options?: RunOptions): Promise<GradientBoostingModel>;
}

/**
 * Gradient boosting of histogram trees for two or more classes: each tree takes one Newton step down the loss from
 * where the trees before it left it (Friedman 2001; leaf-wise growth and exclusive bundles as in LightGBM, Ke et al. 2017).
 *
 * Columns are cut into at most 255 bins, losslessly where they have so few values; NaN is a missing value, which goes the
 * way that gains most. Sums are exact, so results have the same bytes on any number of threads and a whole weight equals
 * that many copies of the row. A class of `y.classes` without rows gets probability 0 and a notice `class-absent`.
 *
 * `fit` throws `bad-rows`, `no-columns`, `bad-labels`, `one-class`, `not-finite` (infinite values), `shape-mismatch`, `bad-weights`, `bad-option`.
 *
 * @example
 * const model = await gradientBoosting({ maxIterations: 200, learningRate: 0.05 }).fit({ X, y });
 * const probabilities = await model.predictProba(X);
 */
export function gradientBoosting(options: GradientBoostingOptions = {}): GradientBoostingLearner {
  checkOptionNames('gradient boosting', options, boostingOptionNames);
  const rules = boostingRules(options);
  const fit = async (data: Dataset, run?: RunOptions): Promise<GradientBoostingModel> => {
    checkDataset(data);
    const { loss } = rules;
    const costs =
      typeof loss === 'object' && 'costs' in loss ? costWeights(loss, data.X.rows, data.weights) : undefined;
    const training = trainingRows(costs ? { ...data, weights: costs } : data);
    checkColumns(rules, data.X, training);
    checkMonotoneClasses(rules.monotonicConstraints, training.present.length);
    return withKernels(run, (work) => boost(work, data, training, rules, run));
  };
  return Object.freeze({ name: BOOSTING_KIND, fit });
}

async function boost(
  work: Work,
  data: Dataset,
  all: TrainingRows,
  rules: BoostingRules,
  run: RunOptions | undefined,
): Promise<GradientBoostingModel> {
  const { X, y } = data;
  const { present } = all;
  const stream = randomStream(rules.seed, BOOSTING_KIND);
  const stopping = rules.earlyStopping;
  const [training, held] = stopping
    ? holdOut(all, stopping.validationFraction, stream.child('validation'))
    : [all, undefined];
  const { kept, count } = training;
  const plan = planLoss(rules.loss, training, y.classes);
  const weights = recordWeights(work, training.weights, plan.weights);
  const bin = (least: number) =>
    binRows(
      work,
      X,
      { kept, count, weights: weights.weights && training.weights },
      { maxBins: rules.maxBins, categorical: new Set(rules.categoricalFeatures), leaves: rules.maxLeafNodes, least },
    );
  const binned = await bin(leastRows(rules, weights));
  const scores = boostingScores(work, training, plan);
  const watch = stopping && held && watchRows(work, data, held, scores.initial, stopping);
  const boosted = await boostRounds(work, {
    binned,
    binAll: () => bin(1),
    weights,
    scores,
    rules,
    stream,
    watch,
    // The start is best among constants, so where nothing can be split no later round can split either.
    endsUnsplit: plan.name === 'log-loss',
    run,
  });
  const { trees, iterations } = boosted;
  const keptRounds = watch ? watch.best().rounds : iterations;
  return gradientBoostingModel({
    classes: y.classes,
    present,
    columns: X.columns,
    initial: scores.initial,
    trees: trees.slice(0, keptRounds * scores.outputs),
    iterations: keptRounds,
    notices: [
      ...absentClasses(y.classes, present),
      ...(watch && stopping ? [stoppedEarly(watch, stopping, iterations, held!.count)] : []),
      ...(watch ? [] : fewerRounds(boosted, rules.maxIterations)),
    ],
  });
}

function stoppedEarly(watch: Watch, { metric }: StoppingRules, ran: number, held: number): Notice {
  const { rounds, value } = watch.best();
  return {
    code: 'stopped-early',
    severity: 'info',
    message: `boosting keeps ${rounds} of ${ran} rounds: ${metric.name} of ${held} held-out rows was best there, ${value.toPrecision(4)}`,
    numbers: { rounds, ran, held, value },
  };
}
