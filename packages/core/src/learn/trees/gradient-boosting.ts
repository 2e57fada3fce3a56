import type { Dataset } from '../../data/dataset.ts';
import type { Notice } from '../../runtime/notices.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { type Work, withKernels } from '../../runtime/work.ts';
import type { Learner } from '../learner.ts';
import { type TrainingRows, trainingRows } from '../logistic-data.ts';
import { absentClasses } from './absent-classes.ts';
import { binRows } from './binned-rows.ts';
import { costWeights, planLoss } from './boosting-loss.ts';
import { type BoostingRules, badOption, boostingRules, type GradientBoostingOptions } from './boosting-options.ts';
import { boostingScores } from './boosting-scores.ts';
import { holdOut, type StoppingRules, type Watch, watchRows } from './early-stopping.ts';
import { BOOSTING_KIND, type GradientBoostingModel, gradientBoostingModel } from './gradient-boosting-model.ts';
import { fixGradients, recordWeights } from './gradient-records.ts';
import { type GrowthRules, treeGrower } from './grow-tree.ts';
import type { TreeSum } from './predict-trees.ts';

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
 * `fit` throws `one-class`, `not-finite` (infinite values), `shape-mismatch`, `bad-weights`, `bad-option`.
 *
 * @example
 * const model = await gradientBoosting({ maxIterations: 200, learningRate: 0.05 }).fit({ X, y });
 * const probabilities = await model.predictProba(X);
 */
export function gradientBoosting(options: GradientBoostingOptions = {}): GradientBoostingLearner {
  const rules = boostingRules(options);
  const fit = async (data: Dataset, run?: RunOptions): Promise<GradientBoostingModel> => {
    const { loss } = rules;
    const costs =
      typeof loss === 'object' && 'costs' in loss ? costWeights(loss, data.X.rows, data.weights) : undefined;
    const training = trainingRows(costs ? { ...data, weights: costs } : data);
    checkColumns(rules, data, training);
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
  const binned = await binRows(
    work,
    X,
    { kept, count, weights: weights.weights && training.weights },
    { maxBins: rules.maxBins, categorical: new Set(rules.categoricalFeatures) },
  );
  const grower = treeGrower(work, binned, growthRules(rules, weights.counted, binned.features.length));
  const scores = boostingScores(work, training, plan);
  const watch = stopping && held && watchRows(work, data, held, scores.initial, stopping);
  const trees: TreeSum['trees'][number][] = [];
  const records = work.memory.float64(2 * (count + 1));
  let iterations = 0;
  while (iterations < rules.maxIterations) {
    await scores.beginRound();
    let split = false;
    for (let output = 0; output < scores.outputs; output++) {
      await scores.gradients(output, records);
      const fixed = await fixGradients(work, records.address, count, weights);
      const own = stream.child('tree', iterations, output);
      if (rules.subsample < 1) leaveOut(records.view(), count, rules.subsample, own);
      const grown = grower.grow(fixed, undefined, rules.learningRate, own);
      grower.addTo(scores.address(output), grown);
      trees.push(Object.freeze({ output, tree: grown.tree }));
      if (grown.tree.feature.length > 1) split = true;
    }
    run?.onProgress?.({ task: BOOSTING_KIND, done: iterations + 1, total: rules.maxIterations });
    // The start is best among constants; where nothing can be split and nothing is drawn, no later round can split either.
    if (!split && plan.name === 'log-loss' && rules.subsample === 1 && rules.maxFeatures === 1) {
      trees.length -= scores.outputs;
      break;
    }
    iterations++;
    if (watch && !watch.addRound(trees.slice(-scores.outputs))) break;
    await work.breathe();
  }
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
      ...(watch ? [] : fewerRounds(iterations, rules.maxIterations)),
    ],
  });
}

/** Rows are left out by records of zeros: they still get scores, but count and teach nothing. */
function leaveOut(records: Float64Array, rows: number, share: number, stream: { integer(n: number): number }): void {
  const out = rows - Math.max(1, Math.round(rows * share));
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = 0; i < out; i++) {
    const j = i + stream.integer(rows - i);
    const row = order[j]!;
    order[j] = order[i]!;
    records[2 * row] = 0;
    records[2 * row + 1] = 0;
  }
}

function growthRules(rules: BoostingRules, rows: number, features: number): GrowthRules {
  return {
    l1: rules.l1Regularization,
    l2: rules.l2Regularization,
    minGain: rules.minGain,
    minRows: rules.minSamplesLeaf ?? Math.min(20, Math.ceil(rows / 10)),
    minHessian: rules.minHessianLeaf,
    monotone: rules.monotonicConstraints,
    categorySmooth: 10,
    categoryL2: 10,
    mostCategories: 32,
    maxLeaves: rules.maxLeafNodes,
    maxDepth: rules.maxDepth,
    growth: rules.growth,
    maxFeatures: Math.max(1, Math.round(rules.maxFeatures * features)),
  };
}

function checkColumns(rules: BoostingRules, { X }: Dataset, { kept, count, present }: TrainingRows): void {
  for (const column of [...rules.categoricalFeatures, ...rules.monotonicConstraints.keys()]) {
    if (column >= X.columns) throw badOption(`there is no column ${column}: the rows have ${X.columns}`);
  }
  if (rules.monotonicConstraints.size > 0 && present.length > 2)
    throw badOption('monotonicConstraints are for two classes');
  if (rules.categoricalFeatures.length > 0 && X.kind === 'csr')
    throw badOption('categoricalFeatures need dense rows of category codes');
  if (X.kind === 'csr') return;
  for (const column of rules.categoricalFeatures) {
    for (let i = 0; i < count; i++) {
      const code = X.data[(kept ? kept[i]! : i) * X.columns + column]!;
      if (!Number.isNaN(code) && !(Number.isInteger(code) && code >= 0 && code <= 254)) {
        throw badOption(`column ${column} has ${code}; categories are codes from 0 to 254`);
      }
    }
  }
}

function fewerRounds(rounds: number, asked: number): Notice[] {
  if (rounds === asked) return [];
  return [
    {
      code: 'fewer-rounds',
      severity: 'info',
      message: `boosting stopped after ${rounds} of ${asked} rounds: no split gains anything any more`,
      numbers: { rounds, asked },
    },
  ];
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
