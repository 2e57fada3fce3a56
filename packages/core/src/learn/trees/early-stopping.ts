import { checkOptionNames } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import { matrix } from '../../data/matrix.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { macroAveragePrecision } from '../../metrics/average-precision.ts';
import { brierScore } from '../../metrics/brier-score.ts';
import { logLoss } from '../../metrics/log-loss.ts';
import type { ClassScoredRows } from '../../metrics/one-vs-rest.ts';
import { macroRocAuc } from '../../metrics/roc-auc.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random.ts';
import type { Work } from '../../runtime/work.ts';
import type { TrainingRows } from '../logistic-data.ts';
import { fillScores, loadTrees, stageRows } from './predict-trees.ts';
import type { TreeSum } from './tree-sum.ts';

/** A metric of class probabilities beside true codes, of the classes that occur. */
export interface StoppingMetric {
  readonly name: string;
  readonly larger: 'better' | 'worse';
  readonly measure: (rows: ClassScoredRows) => number;
}

export interface EarlyStopping {
  /** Default `log-loss`. Ranking metrics are means over the classes, each against the rest. */
  readonly metric?: 'log-loss' | 'brier-score' | 'average-precision' | 'roc-auc' | StoppingMetric | undefined;
  /** Rounds without a better value after which boosting stops. Default 10. */
  readonly patience?: number | undefined;
  /** Share of the rows of each class that are held out to measure on. Default 0.1. */
  readonly validationFraction?: number | undefined;
  /** A value is better if it is so by more than this. Default 0. */
  readonly tolerance?: number | undefined;
}

export interface StoppingRules {
  readonly metric: StoppingMetric;
  readonly patience: number;
  readonly validationFraction: number;
  readonly tolerance: number;
}

const metrics: readonly StoppingMetric[] = [
  { name: 'log-loss', larger: 'worse', measure: logLoss },
  { name: 'brier-score', larger: 'worse', measure: (rows) => brierScore({ ...rows, positive: null }) },
  { name: 'average-precision', larger: 'better', measure: (rows) => macroAveragePrecision(rows) },
  { name: 'roc-auc', larger: 'better', measure: (rows) => macroRocAuc(rows) },
];

/** Fills in the defaults. Throws `bad-option`. */
export function stoppingRules(options: EarlyStopping): StoppingRules {
  checkOptionNames('earlyStopping', options, ['metric', 'patience', 'validationFraction', 'tolerance']);
  const { metric: asked = 'log-loss', patience = 10, validationFraction = 0.1, tolerance = 0 } = options;
  const refuse = (message: string): never => {
    throw new CounterweightError('bad-option', message);
  };
  const metric = typeof asked === 'string' ? metrics.find(({ name }) => name === asked) : asked;
  if (!metric)
    return refuse(`earlyStopping.metric is one of ${metrics.map(({ name }) => name).join(', ')} or your own`);
  if (!Number.isInteger(patience) || patience < 1) refuse('earlyStopping.patience must be a positive whole number');
  if (!(validationFraction > 0 && validationFraction < 1)) {
    refuse('earlyStopping.validationFraction must lie between 0 and 1');
  }
  if (!(tolerance >= 0 && tolerance < Number.POSITIVE_INFINITY)) refuse('earlyStopping.tolerance must not be negative');
  return { metric, patience, validationFraction, tolerance };
}

/**
 * Draws a share of each class's rows, at least one and never all; a class of a single row keeps it for training.
 * Throws `too-few-rows` if no row can be held out.
 */
export function holdOut(training: TrainingRows, share: number, stream: RandomStream): [TrainingRows, TrainingRows] {
  const held = new Uint8Array(training.count);
  training.present.forEach((_code, k) => {
    const rows: number[] = [];
    for (let i = 0; i < training.count; i++) if (training.labels[i] === k) rows.push(i);
    const wanted = Math.min(rows.length - 1, Math.max(1, Math.round(rows.length * share)));
    for (const row of stream.child('class', k).shuffle(rows).slice(0, wanted)) held[row] = 1;
  });
  if (!held.includes(1)) {
    throw new CounterweightError('too-few-rows', 'no class has a row to spare for early stopping');
  }
  return [part(training, held, 0), part(training, held, 1)];
}

function part(training: TrainingRows, held: Uint8Array, side: number): TrainingRows {
  const places: number[] = [];
  for (let i = 0; i < held.length; i++) if (held[i] === side) places.push(i);
  return {
    kept: Int32Array.from(places, (i) => (training.kept ? training.kept[i]! : i)),
    count: places.length,
    present: training.present,
    labels: Int32Array.from(places, (i) => training.labels[i]!),
    weights: Float64Array.from(places, (i) => training.weights[i]!),
  };
}

const TASK_ROWS = 256;

/** Follows the metric on held-out rows as trees are added. */
export interface Watch {
  /** Adds a round's trees. Returns whether to go on. */
  addRound(trees: TreeSum['trees']): boolean;
  /** Rounds that gave the best value, and that value. */
  best(): { readonly rounds: number; readonly value: number };
}

export function watchRows(
  { memory }: Work,
  data: Dataset,
  held: TrainingRows,
  initial: Float64Array,
  rules: StoppingRules,
): Watch {
  const { X } = data;
  const { count, labels, weights } = held;
  const outputs = initial.length;
  const width = Math.max(2, outputs);
  const rows = memory.float64(count * X.columns);
  stageRows(rows.view(), selectNumericRows(X, held.kept!), 0, count);
  const scores = memory.float64(count * outputs);
  fillScores(scores.view(), initial, count);
  const probabilities = memory.float64(count * width);
  const tasks = Math.ceil(count / TASK_ROWS);
  let rounds = 0;
  let best = { rounds: 0, value: Number.NaN };

  const measure = () => {
    if (outputs === 1) {
      memory.run('sigmoidRows', 0, tasks, [scores.address, count, TASK_ROWS, probabilities.address]);
    } else {
      probabilities.view().set(scores.view());
      memory.run('softmaxLines', 0, tasks, [probabilities.address, count, outputs, TASK_ROWS]);
    }
    return rules.metric.measure({
      probabilities: matrix(probabilities.view().slice(), count, width),
      truth: labels,
      weights,
    });
  };
  const improves = (value: number) => {
    if (Number.isNaN(best.value)) return true;
    const gain = rules.metric.larger === 'better' ? value - best.value : best.value - value;
    return gain > rules.tolerance;
  };

  const addRound = (trees: TreeSum['trees']) => {
    const loaded = loadTrees({ memory }, trees);
    const heads = [loaded.trees, loaded.count, loaded.nodes, loaded.sets];
    const args = [rows.address, count, X.columns, TASK_ROWS, ...heads, scores.address, outputs];
    memory.run('predictTrees', 0, tasks, args);
    for (const block of loaded.blocks) memory.release(block);
    rounds++;
    const value = measure();
    if (improves(value)) best = { rounds, value };
    return rounds - best.rounds < rules.patience;
  };
  return Object.freeze({ addRound, best: () => best });
}
