import { fitEncoder, subsetLabels, type Table } from '../data/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import { compareOnFolds, quietly } from './compare-on-folds.ts';
import { describeCoefficients } from './describe-coefficients.ts';
import { describeHeldOut, type HeldOutScores } from './describe-held-out.ts';
import { describeImportance } from './describe-importance.ts';
import { type JudgedRows, setNotices } from './describe-uncertainty.ts';
import type { ExperimentOptions, ExperimentRunOptions } from './experiment-options.ts';
import { type FinalFit, fitFinal } from './fit-final.ts';
import { mergeNotices, nameStrategies } from './merge-notices.ts';
import { metricRange } from './metric-range.ts';
import type { NeighbourhoodSummary } from './neighbourhood-summary.ts';
import { type Pipeline, pipelineOf } from './pipeline.ts';
import { defaultInnerFolds, defaultRepeats, planFolds } from './plan-folds.ts';
import { type PreparedData, prepareData } from './prepare-data.ts';
import type { ExperimentResult, StrategyReport } from './result.ts';
import { settleChoice } from './settle-choice.ts';
import { settleTask, type Task } from './settle-task.ts';
import { type Strategy, strategiesOf } from './strategy.ts';
import type { StrategyOutcome } from './strategy-outcome.ts';
import { summariseData } from './summarise-data.ts';
import { summariseNeighbourhoods } from './summarise-neighbourhoods.ts';
import { testStrategies } from './test-strategies.ts';
import { crossFittedSureness, fitUncertainty, type Sureness, severalGroups, type Uncertainty } from './uncertainty.ts';
import { verdictDetails } from './verdict.ts';

/** What a finished experiment leaves: its findings, the chosen model, and the held-out rows as that model sees them. */
export interface Experiment {
  readonly result: ExperimentResult;
  readonly pipeline: Pipeline;
  readonly heldOut: JudgedHeldOut;
}

/** With brackets and label sets, each fifth of the rows judged by the other four. */
export interface JudgedHeldOut extends HeldOutScores {
  readonly sureness: Sureness;
}

/**
 * The fair experiment: compares ways of handling imbalance with doing nothing, without leakage, and chooses.
 *
 * Rows are held out first and used once, at the end. On the others every strategy is cross-validated; inside each fold
 * the encoder, the treatment, the model and the threshold see training rows only. Probabilities of strategies that
 * change the class shares are corrected for it. The best strategy is chosen only if it is better than doing nothing by
 * more than chance and more than a margin. Same table, options and seed give the same result for any runtime.
 *
 * Throws what `prepareData` and `settleTask` throw, before anything is fitted, and `aborted`.
 */
export async function runExperiment(
  table: Table,
  options: ExperimentOptions,
  run: ExperimentRunOptions = {},
): Promise<Experiment> {
  const strategies = strategiesOf(options.treatments, options.learners);
  checkOptions(options);
  const data = prepareData(table, options);
  const task = settleTask(data, options);
  const seed = options.seed ?? 0;
  const trainClassRows = classRows(data, data.split.train);
  const innerFolds = options.innerFolds ?? defaultInnerFolds(trainClassRows);
  const plan = planFolds(data, options.folds ?? 5, options.repeats ?? defaultRepeats(data.split.train.length), seed);

  const difficulty = await trainingDifficulty(data, seed, run);
  const compared = await compareOnFolds(
    { data, task, plan, strategies, seed, innerFolds, timeLimit: options.timeLimit },
    run,
  );
  const { outcomes, learners, foldRows } = compared;
  const { comparisons, choice, labels, ...settled } = settleChoice(
    compared,
    task.metric,
    metricRange(task.metric.name, task.costs),
  );

  const must = new Set([strategies[0]!.id, outcomes[0]!.id, comparisons.best, choice.chosen]);
  const shown = compared.strategies.filter(({ id }) => options.testAll || must.has(id));
  const finals = await fitFinals(shown, outcomes, data, task, options.target, seed, run);
  const tested = await testStrategies(
    { finals, data, task, seed, replicates: options.replicates ?? 1000, best: comparisons.best },
    run,
  );

  const reports = outcomes.map(
    (outcome): StrategyReport => outcome.report(comparisons, foldRows, finals, tested.byStrategy),
  );
  const chosen = reports.find(({ id }) => id === choice.chosen)!;
  const chosenFit = finals.find(({ id }) => id === choice.chosen)!;
  const heldOutScores = tested.scores.get(choice.chosen)!;
  const sure = await settleUncertainty(heldOutScores, data, options.alpha ?? 0.1, quietly(run));
  const heldOut = await describeHeldOut(
    {
      fit: chosenFit,
      scores: heldOutScores,
      data,
      comparison: tested.difference,
      judged: sure.judged,
      seed,
      replicates: options.replicates ?? 1000,
    },
    quietly(run),
  );
  const details = verdictDetails({
    metric: task.metric,
    chosen,
    nothing: reports[0]!,
    labels,
    positive: data.positive === null ? null : data.labels.classes[data.positive]!,
    counts: heldOut.counts,
    heldOutDifference: tested.difference,
  });
  const result: ExperimentResult = {
    data: summariseData(data, options),
    difficulty,
    metric: task.metric,
    costs: task.costReport,
    validation: {
      split: data.splitKind,
      splitColumn: options.time ?? options.group ?? null,
      trainRows: data.split.train.length,
      testRows: data.split.test.length,
      trainClassRows,
      testClassRows: classRows(data, data.split.test),
      folds: plan.foldCount,
      repeats: plan.repeats,
      innerFolds,
    },
    learners,
    strategies: reports,
    choice,
    verdict: { ...settled.verdict, details: [...settled.details, ...details] },
    heldOut: heldOut.report,
    importance: await describeImportance(chosenFit, data, task, seed, quietly(run)),
    coefficients: describeCoefficients(chosenFit.pipeline),
    notices: mergeNotices([
      data.notices,
      task.notices,
      plan.notices,
      compared.notices,
      nameStrategies(finals.map(({ notices }) => notices)),
      setNotices(heldOut.report.sets),
      oneHeldOutGroup(data, options.group),
    ]),
  };
  const pipeline = pipelineOf({ ...chosenFit.pipeline, uncertainty: sure.uncertainty });
  return { result, pipeline, heldOut: { ...heldOutScores, sureness: sure.judged.sureness } };
}

/** What stands around the training rows, as the models see them; held-out rows stay unseen. */
async function trainingDifficulty(
  { table, schema, split, labels, inputRow }: PreparedData,
  seed: number,
  run: ExperimentRunOptions,
): Promise<NeighbourhoodSummary> {
  run.onProgress?.({ task: 'looking around the rows', done: 0, total: 1 });
  const rows = split.train;
  const X = fitEncoder({ table, rows, schema }).transform(table, rows);
  const training = { X, y: subsetLabels(labels, rows), inputRow: rows.map((row) => inputRow[row]!) };
  return summariseNeighbourhoods(training, { seed }, quietly(run));
}

/** Brackets and sets of the chosen model, calibrated on the held-out rows, and what they come to on these rows. */
async function settleUncertainty(
  { probabilities, truth }: HeldOutScores,
  { labels: { classes }, positive, groups, split }: PreparedData,
  alpha: number,
  run: ExperimentRunOptions,
): Promise<{ uncertainty: Uncertainty; judged: JudgedRows }> {
  const groupOf = groups && split.test.map((row) => groups[row]!);
  const uncertainty = await fitUncertainty(probabilities, truth, classes, alpha, run);
  const sureness = await crossFittedSureness(probabilities, truth, classes, alpha, groupOf, run);
  return { uncertainty, judged: { classes, positive, truth, probabilities, alpha, sureness } };
}

/** Rows of one group are more alike than rows of another group will be. */
function oneHeldOutGroup({ groups, split }: PreparedData, column: string | undefined): Notice[] {
  if (!groups || severalGroups(split.test.map((row) => groups[row]!))) return [];
  return [
    {
      code: 'one-held-out-group',
      severity: 'warning',
      message: `all held-out rows are of one group of "${column}": what is said of groups never seen rests on that one, and brackets and label sets are judged by rows of the same group, which flatters them`,
      ...(column !== undefined && { column }),
    },
  ];
}

async function fitFinals(
  shown: readonly Strategy[],
  outcomes: readonly StrategyOutcome[],
  data: PreparedData,
  task: Task,
  target: string,
  seed: number,
  run: ExperimentRunOptions,
): Promise<FinalFit[]> {
  const finals: FinalFit[] = [];
  for (const [index, strategy] of shown.entries()) {
    throwIfAborted(run.signal);
    run.onProgress?.({ task: 'fitting on all training rows', done: index, total: shown.length });
    const outcome = outcomes.find(({ id }) => id === strategy.id)!;
    finals.push(await fitFinal(strategy, outcome, data, task, target, seed, quietly(run)));
  }
  run.onProgress?.({ task: 'fitting on all training rows', done: shown.length, total: shown.length });
  return finals;
}

function checkOptions({ folds, repeats, innerFolds, replicates, timeLimit, alpha }: ExperimentOptions): void {
  const whole: [string, number | undefined, number][] = [
    ['folds', folds, 2],
    ['repeats', repeats, 1],
    ['innerFolds', innerFolds, 1],
    ['replicates', replicates, 100],
  ];
  for (const [name, value, least] of whole) {
    if (value !== undefined && !(Number.isInteger(value) && value >= least)) {
      throw new CounterweightError('bad-option', `${name} must be a whole number of at least ${least}, got ${value}`);
    }
  }
  if (alpha !== undefined && !(alpha > 0 && alpha < 1)) {
    throw new CounterweightError('bad-option', `alpha must be between 0 and 1, got ${alpha}`);
  }
  if (timeLimit !== undefined && !(timeLimit > 0)) {
    throw new CounterweightError('bad-option', `the time limit must be a positive number of seconds, got ${timeLimit}`);
  }
}

function classRows({ labels }: PreparedData, rows: Int32Array): number[] {
  const counts = new Array<number>(labels.classes.length).fill(0);
  for (const row of rows) counts[labels.codes[row]!]!++;
  return counts;
}
