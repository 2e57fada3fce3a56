import type { Fold } from '../data/index.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import { chooseLearner } from './choose-learner.ts';
import { evaluateFold, type FoldOutcome } from './cross-validate.ts';
import type { ExperimentRunOptions } from './experiment-options.ts';
import { metricRange } from './metric-range.ts';
import { type FoldPlan, innerFoldsOf } from './plan-folds.ts';
import type { PreparedData } from './prepare-data.ts';
import type { LearnersReport } from './result.ts';
import type { Task } from './settle-task.ts';
import { isEnsemble, type Strategy } from './strategy.ts';
import { type StrategyOutcome, strategyOutcome } from './strategy-outcome.ts';

export interface ComparisonWork {
  readonly data: PreparedData;
  readonly task: Task;
  readonly plan: FoldPlan;
  /** Every treatment with every learner, and the ensembles; at least one does nothing. */
  readonly strategies: readonly Strategy[];
  readonly seed: number;
  readonly innerFolds: number;
  /** Seconds after which no further fold is begun, though two are always done. */
  readonly timeLimit: number | undefined;
}

/** What the folds showed. */
export interface ComparedStrategies {
  /** Doing nothing with the learner kept, its treatments, the ensembles, then the other learners doing nothing. */
  readonly strategies: readonly Strategy[];
  /** In the same order. */
  readonly outcomes: readonly StrategyOutcome[];
  readonly learners: LearnersReport | null;
  /** Mean rows of the folds that count. */
  readonly foldRows: FoldRows;
  readonly notices: readonly Notice[];
}

export interface FoldRows {
  readonly train: number;
  readonly validate: number;
}

/**
 * Cross-validates the strategies. With several learners these come first, each doing nothing, and only the one that is kept goes
 * on to the treatments: two questions, two answers, and half the fits.
 */
export async function compareOnFolds(work: ComparisonWork, run: ExperimentRunOptions): Promise<ComparedStrategies> {
  const { strategies, plan, innerFolds, task } = work;
  const idle = strategies.filter(({ treatment }) => treatment.name === 'none');
  const total = plan.folds.length * (1 + innerFolds) * countOf(strategies, idle.length);
  const progress = fitCount(total, run);
  if (idle.length === 1) {
    const found = await onFolds(work, strategies, plan.folds, work.timeLimit, progress, run);
    return compared(work, strategies, found.outcomes, null, plan.folds, found.notices);
  }
  const limit = work.timeLimit;
  const learned = await onFolds(work, idle, plan.folds, limit === undefined ? undefined : limit / 2, progress, run);
  const folds = plan.folds.slice(0, learned.outcomes.length);
  const learners = chooseLearner(
    idle.map((strategy, s) => ({
      id: strategy.id,
      name: strategy.learner.name,
      label: strategy.learner.label,
      scores: strategyOutcome(strategy, column(learned.outcomes, s), work.data, task).foldScores,
    })),
    meanRows(folds),
    task.metric,
    metricRange(task.metric.name, task.costs),
  )!;
  const kept = idle.find(({ learner }) => learner.name === learners.chosen)!;
  const others = strategies.filter(
    (one) => one.treatment.name !== 'none' && (isEnsemble(one) || one.learner.name === learners.chosen),
  );
  const treated = await onFolds(work, others, folds, limit, progress, run);
  const count = others.length === 0 ? folds.length : treated.outcomes.length;
  const rest = idle.filter((one) => one !== kept);
  const rows = Array.from({ length: count }, (_, f) => [
    learned.outcomes[f]![idle.indexOf(kept)]!,
    ...(treated.outcomes[f] ?? []),
    ...rest.map((one) => learned.outcomes[f]![idle.indexOf(one)]!),
  ]);
  // Out of time twice is one message: of the folds that everything rests on.
  const notices = [...learned.notices, ...treated.notices].filter(({ code }) => code !== OUT_OF_TIME);
  if (count < plan.folds.length) notices.push(outOfTime(count, plan.folds.length));
  return compared(work, [kept, ...others, ...rest], rows, learners, folds, notices);
}

function compared(
  { data, task }: ComparisonWork,
  strategies: readonly Strategy[],
  outcomes: readonly (readonly FoldOutcome[])[],
  learners: LearnersReport | null,
  folds: readonly Fold[],
  notices: readonly Notice[],
): ComparedStrategies {
  return {
    strategies,
    outcomes: strategies.map((strategy, s) => strategyOutcome(strategy, column(outcomes, s), data, task)),
    learners,
    foldRows: meanRows(folds.slice(0, outcomes.length)),
    notices,
  };
}

const column = (outcomes: readonly (readonly FoldOutcome[])[], s: number): FoldOutcome[] =>
  outcomes.map((fold) => fold[s]!);

/** The given strategies on every fold, in order, until done or out of time. */
async function onFolds(
  { data, task, seed, innerFolds, plan }: ComparisonWork,
  strategies: readonly Strategy[],
  folds: readonly Fold[],
  timeLimit: number | undefined,
  progress: FitCount,
  run: ExperimentRunOptions,
): Promise<{ outcomes: FoldOutcome[][]; notices: Notice[] }> {
  const outcomes: FoldOutcome[][] = [];
  const notices: Notice[] = [];
  if (strategies.length === 0) return { outcomes, notices };
  for (const fold of folds) {
    throwIfAborted(run.signal);
    if (timeLimit !== undefined && outcomes.length >= 2 && progress.seconds() > timeLimit) {
      notices.push(outOfTime(outcomes.length, plan.folds.length));
      break;
    }
    const context = {
      table: data.table,
      labels: data.labels,
      schema: data.schema,
      strategies,
      positive: task.positive,
      seed,
      innerFolds: (train: Int32Array, own: Fold) => innerFoldsOf(data, train, own, innerFolds, seed),
      tune: task.tune,
      costs: task.costs,
      onFit: () => progress.fitted(),
    };
    const outcome = await evaluateFold(context, fold, quietly(run));
    outcomes.push(outcome);
    notices.push(...outcome.flatMap((one) => one.notices));
    progress.settled(strategies.length * (1 + innerFolds));
  }
  return { outcomes, notices };
}

/** Strategies that will be compared: of several learners only one goes on to the treatments. */
function countOf(strategies: readonly Strategy[], learners: number): number {
  const alone = strategies.filter(isEnsemble).length;
  return (strategies.length - alone) / learners + (learners - 1) + alone;
}

/** Fits done of fits to do, and the time since the first was begun. */
interface FitCount {
  readonly seconds: () => number;
  readonly fitted: () => void;
  /** After a fold: one taken from a checkpoint counts whole once it is there. */
  readonly settled: (fits: number) => void;
}

function fitCount(total: number, { onProgress }: ExperimentRunOptions): FitCount {
  const started = performance.now();
  let done = 0;
  let sure = 0;
  const report = () => onProgress?.({ task: 'comparing strategies', done, total });
  return {
    seconds: () => (performance.now() - started) / 1000,
    fitted() {
      done++;
      report();
    },
    settled(fits) {
      sure += fits;
      done = sure;
      report();
    },
  };
}

/** Without progress: what runs inside a step reports in units of its own, which would only confuse. */
export function quietly({ signal, runtime, checkpoint }: ExperimentRunOptions): ExperimentRunOptions {
  return { signal, runtime, checkpoint };
}

function meanRows(folds: readonly Fold[]): FoldRows {
  const mean = (rows: (fold: Fold) => number) => folds.reduce((sum, fold) => sum + rows(fold), 0) / folds.length;
  return { train: mean(({ train }) => train.length), validate: mean(({ validate }) => validate.length) };
}

const OUT_OF_TIME = 'time-limit';

const outOfTime = (done: number, of: number): Notice => ({
  code: OUT_OF_TIME,
  severity: 'warning',
  message: `the time limit was reached after ${done} of ${of} folds; the comparison rests on these`,
  numbers: { done, folds: of },
});
