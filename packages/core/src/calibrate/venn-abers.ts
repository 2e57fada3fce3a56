import { checkOptionNames } from '../data/check-option-names.ts';
import type { Classes, Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { throwIfAborted } from '../runtime/run-options.ts';
import type { Calibration, CalibrationJSON, Calibrator, CalibratorOptions, ScoreInput } from './calibrator.ts';
import {
  absentNotices,
  checkedFitRows,
  classScores,
  type FitRows,
  requireInput,
  requireScores,
} from './check-input.ts';
import {
  type InductiveVennAbers,
  inductiveVennAbersFromJSON,
  type VennAbersPairs,
  vennAbersOfGroups,
} from './inductive-venn-abers.ts';
import { mergedProbability, requireMerge, type VennAbersMerge } from './merge-venn-abers.ts';
import { modelFields } from './model-fields.ts';
import { binaryRows, joinedProbabilities } from './one-vs-rest.ts';
import { coupledProbabilities } from './pair-coupling.ts';
import { groupScores } from './score-groups.ts';

export interface VennAbersOptions {
  /** How p0 and p1 become one probability; default `log`. */
  readonly merge?: VennAbersMerge;
  /** With more than two classes: each pair of classes (default), or each class against all others. */
  readonly multiClass?: 'one-vs-one' | 'one-vs-rest';
  /** `scores` for any numbers; default `probabilities`. Pairs of classes need probabilities. */
  readonly input?: ScoreInput;
}

/** One binary question: is it `positive`, given that it is one of the two, or (null) anything else? Class codes. */
export interface VennAbersProblem {
  readonly positive: number;
  readonly negative: number | null;
}

export interface VennAbersIntervals {
  /** Two classes: one problem, the second class against the first. */
  readonly problems: readonly VennAbersProblem[];
  /** p0 and p1 of `positive`, `rows × problems`. */
  readonly lower: Matrix;
  readonly upper: Matrix;
  /**
   * One a row: p1 - p0, the widest of the problems in which the row's most probable class stands. Near 0 the
   * calibration rows settle the probability; near 1 they say nothing about rows like this one.
   */
  readonly width: Float64Array;
}

export interface VennAbersCalibration extends Calibration {
  readonly merge: VennAbersMerge;
  /** Throws as `apply`. */
  intervals(scores: Matrix): VennAbersIntervals;
}

export interface VennAbersCalibrator extends Calibrator {
  fit(scores: Matrix, y: Labels, options?: CalibratorOptions): Promise<VennAbersCalibration>;
}

type MultiClass = NonNullable<VennAbersOptions['multiClass']>;

/**
 * Venn-Abers calibration for any number of classes, from inductive predictors on binary problems.
 *
 * One-vs-one (Manokhin, 2017): the pair i < j has the score p_j / (p_i + p_j), and 1/2 where both are 0; its calibration
 * rows are those of i and j; the pairs are coupled by Price's formula. One-vs-rest: the merged probabilities divided by
 * their sum. A class without calibration rows is kept in both, with wide intervals. Throws `bad-option`.
 */
export function vennAbersCalibrator(options: VennAbersOptions = {}): VennAbersCalibrator {
  checkOptionNames('the Venn-Abers calibrator', options, ['merge', 'multiClass', 'input']);
  const { merge = 'log', multiClass = 'one-vs-one', input = 'probabilities' } = options;
  requireMerge(merge);
  requireInput(input);
  if (multiClass !== 'one-vs-one' && multiClass !== 'one-vs-rest') {
    throw new CounterweightError(
      'bad-option',
      `multiClass must be "one-vs-one" or "one-vs-rest", got ${String(multiClass)}`,
    );
  }
  return Object.freeze({
    name: 'venn-abers',
    fit: async (scores: Matrix, y: Labels, run?: CalibratorOptions) => {
      throwIfAborted(run?.signal);
      if (input === 'scores' && multiClass === 'one-vs-one' && y.classes.length > 2) {
        throw new CounterweightError('bad-option', 'pairs of classes need probabilities; for scores use "one-vs-rest"');
      }
      const rows = checkedFitRows(scores, y, run?.weights, input);
      const notices = absentNotices(rows, 'its probability is a guess, which the width of the intervals shows');
      const problems = problemsOf(rows.classes.length, multiClass);
      const models = problems.map((problem) => {
        throwIfAborted(run?.signal);
        return fitProblem(rows, problem);
      });
      return calibrationOf({ classes: rows.classes, input, merge, multiClass, problems, models, notices });
    },
  });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function vennAbersFromJSON(json: unknown): VennAbersCalibration {
  const fields = modelFields(json, 'Venn-Abers calibration');
  fields.oneOf('kind', 'venn-abers');
  fields.oneOf('version', 1);
  const classes = fields.classes('classes');
  const input = fields.oneOf('input', 'probabilities', 'scores');
  const multiClass = fields.oneOf('multiClass', 'one-vs-one', 'one-vs-rest');
  fields.require('input', input === 'probabilities' || multiClass === 'one-vs-rest' || classes.length === 2);
  const problems = problemsOf(classes.length, multiClass);
  const models = fields.list('models');
  fields.require('models', models.length === problems.length);
  return calibrationOf({
    classes,
    input,
    merge: fields.oneOf('merge', 'log', 'brier'),
    multiClass,
    problems,
    models: models.map(inductiveVennAbersFromJSON),
    notices: fields.notices('notices'),
  });
}

function problemsOf(classes: number, multiClass: MultiClass): readonly VennAbersProblem[] {
  const problems: VennAbersProblem[] = [];
  if (classes > 2 && multiClass === 'one-vs-rest') {
    for (let positive = 0; positive < classes; positive++) problems.push({ positive, negative: null });
  } else {
    for (let negative = 0; negative < classes; negative++) {
      for (let positive = negative + 1; positive < classes; positive++) problems.push({ positive, negative });
    }
  }
  return Object.freeze(problems.map((problem) => Object.freeze(problem)));
}

function fitProblem(rows: FitRows, problem: VennAbersProblem): InductiveVennAbers {
  const { positive, negative } = problem;
  if (negative === null || rows.classes.length === 2) {
    const binary = binaryRows(rows, positive);
    return vennAbersOfGroups(groupScores(binary.scores, binary.labels, binary.weights));
  }
  const own = Int32Array.from(rows.codes.keys()).filter((row) => {
    const code = rows.codes[row];
    return code === positive || code === negative;
  });
  const scores = problemScores(rows.scores, problem);
  return vennAbersOfGroups(
    groupScores(
      Float64Array.from(own, (row) => scores[row]!),
      Int32Array.from(own, (row) => Number(rows.codes[row] === positive)),
      Float64Array.from(own, (row) => rows.weights[row]!),
    ),
  );
}

/** What a problem is decided by: the score of its class, or its share of the pair. */
function problemScores(scores: Matrix, { positive, negative }: VennAbersProblem): Float64Array {
  const { data, rows, columns } = scores;
  if (negative === null || columns <= 2) return classScores(scores, positive);
  const shares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = data[row * columns + positive]!;
    const both = own + data[row * columns + negative]!;
    shares[row] = both > 0 ? own / both : 0.5;
  }
  return shares;
}

interface Parts {
  readonly classes: Classes;
  readonly input: ScoreInput;
  readonly merge: VennAbersMerge;
  readonly multiClass: MultiClass;
  readonly problems: readonly VennAbersProblem[];
  readonly models: readonly InductiveVennAbers[];
  readonly notices: readonly Notice[];
}

function calibrationOf(parts: Parts): VennAbersCalibration {
  const { classes, input, merge, multiClass, problems, models } = parts;
  const notices = Object.freeze([...parts.notices]);
  const pairsOf = (scores: Matrix): VennAbersPairs[] => {
    requireScores(scores, classes.length, input);
    return problems.map((problem, i) => models[i]!.pairs(problemScores(scores, problem)));
  };
  return Object.freeze({
    name: 'venn-abers',
    classes,
    notices,
    merge,
    apply: (scores: Matrix) => probabilitiesOf(parts, pairsOf(scores), scores.rows),
    intervals: (scores: Matrix) => {
      const pairs = pairsOf(scores);
      return intervalsOf(parts, pairs, probabilitiesOf(parts, pairs, scores.rows));
    },
    toJSON: (): CalibrationJSON => ({
      kind: 'venn-abers',
      version: 1,
      classes,
      input,
      merge,
      multiClass,
      models: models.map((model) => model.toJSON()),
      notices,
    }),
  });
}

function probabilitiesOf({ classes, merge, problems }: Parts, pairs: readonly VennAbersPairs[], rows: number): Matrix {
  const merged = pairs.map(({ p0, p1 }) => p1.map((upper, row) => mergedProbability(p0[row]!, upper, merge)));
  const count = classes.length;
  if (count === 2 || problems[0]!.negative === null) return joinedProbabilities(merged, rows, count);
  const out = new Float64Array(rows * count);
  const pairwise = new Float64Array(count * count);
  for (let row = 0; row < rows; row++) {
    problems.forEach(({ positive, negative }, i) => {
      pairwise[positive * count + negative!] = merged[i]![row]!;
      pairwise[negative! * count + positive] = 1 - merged[i]![row]!;
    });
    coupledProbabilities(pairwise, count, out, row * count);
  }
  return matrix(out, rows, count);
}

function intervalsOf({ problems }: Parts, pairs: readonly VennAbersPairs[], probabilities: Matrix): VennAbersIntervals {
  const { data, rows, columns } = probabilities;
  const count = problems.length;
  const lower = new Float64Array(rows * count);
  const upper = new Float64Array(rows * count);
  const width = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let likeliest = 0;
    for (let c = 1; c < columns; c++) {
      if (data[row * columns + c]! > data[row * columns + likeliest]!) likeliest = c;
    }
    for (let i = 0; i < count; i++) {
      const { positive, negative } = problems[i]!;
      lower[row * count + i] = pairs[i]!.p0[row]!;
      upper[row * count + i] = pairs[i]!.p1[row]!;
      if (positive !== likeliest && negative !== likeliest) continue;
      width[row] = Math.max(width[row]!, pairs[i]!.p1[row]! - pairs[i]!.p0[row]!);
    }
  }
  return { problems, lower: matrix(lower, rows, count), upper: matrix(upper, rows, count), width };
}
