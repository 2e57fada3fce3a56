import {
  heldOutRecalibration,
  type PriorCorrection,
  priorCorrectionFromJSON,
  priorRecalibration,
  type Recalibration,
  recalibrationFromJSON,
  temperatureCalibrator,
} from '../calibrate/index.ts';
import type { Dataset } from '../data/dataset.ts';
import {
  type Fold,
  fitEncoder,
  type Labels,
  type Matrix,
  matrix,
  type Schema,
  subsetLabels,
  type Table,
} from '../data/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import type { Decision } from './decision.ts';
import type { ExperimentRunOptions } from './experiment-options.ts';
import { fitStrategy } from './fit-strategy.ts';
import { decodeNumbers, encodeNumbers } from './fold-codec.ts';
import type { Task } from './settle-task.ts';
import type { Strategy } from './strategy.ts';

/** Everything that folds share. Rows are indices into `table` and `labels`. */
export interface FoldContext {
  readonly table: Table;
  readonly labels: Labels;
  readonly schema: Schema;
  readonly strategies: readonly Strategy[];
  /** Index of the positive class in a binary task, else null. */
  readonly positive: number | null;
  readonly seed: number;
  /** Splits the training rows of a fold again, for tuning; empty where there are too few rows. */
  readonly innerFolds: (train: Int32Array, fold: Fold) => readonly Pick<Fold, 'train' | 'validate'>[];
  /** Finds the decision that suits out-of-fold probabilities best. */
  readonly tune: (probabilities: Matrix, truth: Int32Array) => Decision;
  /** `costs[decided][true]`, or null where none are given. */
  readonly costs: Task['costs'];
  /** Called after each fit, with the number of fits that it stands for. */
  readonly onFit: (fits: number) => void;
}

/** What one strategy did on one fold. */
export interface FoldOutcome {
  /** Rows that were scored, ascending. */
  readonly rows: Int32Array;
  /** Uncorrected probabilities, `rows × classes`. */
  readonly raw: Matrix;
  /** Puts the probabilities right; judged, and fitted where needed, on out-of-fold rows of the training rows alone. */
  readonly recalibration: Recalibration;
  /** Class shares that the learner saw, and the true ones. */
  readonly correction: PriorCorrection;
  /** Tuned on out-of-fold probabilities of this fold's training rows alone. */
  readonly tuned: Decision;
  readonly notices: readonly Notice[];
}

/**
 * Scores the validation rows of one fold by every strategy.
 *
 * Nothing that is fitted sees a validation row: the encoder, the treatment and the model see the fold's training rows,
 * and probabilities are put right and the threshold is tuned by what inner folds of those training rows give. Outcomes found in the
 * checkpoint are taken from it.
 */
export async function evaluateFold(
  context: FoldContext,
  fold: Fold,
  options: ExperimentRunOptions,
): Promise<FoldOutcome[]> {
  const keyOf = (strategy: Strategy) => `fold-${fold.repeat}-${fold.fold}-${strategy.id.replaceAll('/', '-')}`;
  const saved = await Promise.all(context.strategies.map((strategy) => options.checkpoint?.load(keyOf(strategy))));
  const missing = context.strategies.filter((_, index) => saved[index] === undefined);
  const inner = missing.length > 0 ? context.innerFolds(fold.train, fold) : [];
  const computed = await computeFold({ ...context, strategies: missing }, fold, inner, options);

  const outcomes: FoldOutcome[] = [];
  for (const [index, strategy] of context.strategies.entries()) {
    if (saved[index] !== undefined) {
      outcomes.push(outcomeFromJSON(saved[index], fold.validate, context.labels.classes.length));
      context.onFit(0);
    } else {
      const outcome = computed[missing.indexOf(strategy)]!;
      await options.checkpoint?.save(keyOf(strategy), outcomeToJSON(outcome));
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

async function computeFold(
  context: FoldContext,
  fold: Fold,
  inner: readonly Pick<Fold, 'train' | 'validate'>[],
  options: ExperimentRunOptions,
): Promise<FoldOutcome[]> {
  const { strategies, labels } = context;
  if (strategies.length === 0) return [];
  const innerScores = strategies.map((): Matrix[] => []);
  const innerTruth: Int32Array[] = [];
  for (const [index, split] of inner.entries()) {
    innerTruth.push(codesOf(labels, split.validate));
    const scored = await scoreSplit(context, split, `inner-${index}`, fold, options);
    for (const [s, { raw }] of scored.entries()) innerScores[s]!.push(raw);
  }
  const truth = concatenateCodes(innerTruth);
  const scored = await scoreSplit(context, fold, 'outer', fold, options);
  const outcomes: FoldOutcome[] = [];
  for (const [s, { raw, correction, notices }] of scored.entries()) {
    const outOfFold = concatenateRows(innerScores[s]!, labels.classes.length);
    const { recalibration } = await settleProbabilities(outOfFold, truth, labels, correction, options);
    outcomes.push({
      rows: fold.validate,
      raw,
      recalibration,
      correction,
      tuned: context.tune(recalibration.apply(outOfFold), truth),
      notices: inner.length === 0 ? [...notices, notTuned] : notices,
    });
  }
  return outcomes;
}

/**
 * How a model's probabilities are put right, judged by out-of-fold rows: by the analytic correction where it passes the
 * check, by a fitted calibrator where it does not: a slope and an intercept on the logit, or a temperature with more than
 * two classes, which leaves the order of the classes as it is. Where a class has none of these rows nothing can be judged and the
 * correction stands.
 */
export async function settleProbabilities(
  outOfFold: Matrix,
  truth: Int32Array,
  { classes }: Labels,
  correction: PriorCorrection,
  { signal }: ExperimentRunOptions,
): Promise<{ readonly recalibration: Recalibration; readonly notices: readonly Notice[] }> {
  const present = new Set(truth);
  if (present.size < classes.length) return { recalibration: priorRecalibration(correction), notices: [] };
  const { recalibration, notices } = await heldOutRecalibration({
    probabilities: outOfFold,
    y: { codes: truth, classes },
    correction,
    signal,
    ...(classes.length > 2 && { calibrator: temperatureCalibrator() }),
  });
  return { recalibration, notices };
}

/** Code of the notice of a fold on whose training rows nothing could be tuned. */
export const NOT_TUNED = 'threshold-not-tuned';

const notTuned: Notice = {
  code: NOT_TUNED,
  severity: 'warning',
  message:
    'in some folds a class has too few rows to tune the threshold on; 0.5 (or equal class weights) was used there',
};

interface ScoredSplit {
  readonly raw: Matrix;
  readonly correction: PriorCorrection;
  readonly notices: readonly Notice[];
}

/**
 * Models that only judge a strategy lie this close to their optimum (the distance of the coefficients); the difference between
 * two folds is a hundred times as large or more. The last digits would cost a third of the time with many classes.
 */
const FOLD_TOLERANCE = 1e-4;

/** Fits every strategy on the training rows of a split and scores its validation rows. */
async function scoreSplit(
  context: FoldContext,
  split: Pick<Fold, 'train' | 'validate'>,
  name: string,
  fold: Fold,
  options: ExperimentRunOptions,
): Promise<ScoredSplit[]> {
  const { table, labels, schema, strategies, seed, costs } = context;
  const encoder = fitEncoder({ table, rows: split.train, schema });
  const training: Dataset = { X: encoder.transform(table, split.train), y: subsetLabels(labels, split.train) };
  const validation = encoder.transform(table, split.validate);
  const scored: ScoredSplit[] = [];
  for (const strategy of strategies) {
    throwIfAborted(options.signal);
    const own = randomStream(seed, 'fold', fold.repeat, fold.fold, name, strategy.treatment.name).uint32();
    const fitOptions = { ...options, tolerance: FOLD_TOLERANCE, costs: costs ?? undefined };
    const { model, correction, notices } = await fitStrategy(strategy, training, context.positive, own, fitOptions);
    const raw = await model.predictProba(validation, options);
    scored.push({ raw, correction, notices });
    context.onFit(1);
  }
  return scored;
}

/** Class codes of the given rows. */
export function codesOf(labels: Labels, rows: Int32Array): Int32Array {
  const codes = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = labels.codes[rows[i]!]!;
  return codes;
}

export function concatenateCodes(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Stacks matrices of equal width. */
export function concatenateRows(parts: readonly Matrix[], columns: number): Matrix {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const data = new Float64Array(rows * columns);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return matrix(data, rows, columns);
}

function outcomeToJSON({ raw, recalibration, correction, tuned, notices }: FoldOutcome): SavedOutcome {
  return {
    raw: encodeNumbers(raw.data),
    recalibration: recalibration.toJSON(),
    correction: correction.toJSON(),
    tuned,
    notices,
  };
}

/** A checkpoint is this program's own writing, so only what could differ is checked: whether it fits the data. */
interface SavedOutcome {
  readonly raw: string;
  readonly recalibration: unknown;
  readonly correction: unknown;
  readonly tuned: Decision;
  readonly notices: readonly Notice[];
}

function outcomeFromJSON(saved: unknown, rows: Int32Array, classes: number): FoldOutcome {
  const { raw, recalibration, correction, tuned, notices } = saved as SavedOutcome;
  const data = decodeNumbers(raw);
  if (data.length !== rows.length * classes) {
    throw new CounterweightError('bad-checkpoint', 'a saved fold does not fit this data; start again without --resume');
  }
  return {
    rows,
    raw: matrix(data, rows.length, classes),
    recalibration: recalibrationFromJSON(recalibration),
    correction: priorCorrectionFromJSON(correction),
    tuned,
    notices,
  };
}
