import { classIndex, positiveClass } from '../data/label-views.ts';
import type { ClassLabel, Labels } from '../data/labels.ts';
import { requireFinite, requireLength, requireWeights } from '../metrics/checks.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { CostsByLabel } from './experiment-options.ts';

/** One column of scores of the positive class, larger = likelier. */
export interface NamedScores {
  readonly name: string;
  readonly values: Float64Array;
}

/** What is asked of an evaluation of scores. Defaults stand beside each option. */
export interface EvaluateScoresOptions {
  /** Two classes, both with rows. */
  readonly labels: Labels;
  /** The class that the scores speak of, default the rarer one. */
  readonly positive?: ClassLabel | undefined;
  /** One or more models on the same rows; finite numbers. Where all lie in 0 .. 1 they are taken as probabilities. */
  readonly scores: readonly NamedScores[];
  /** One a row, at least 0. Whole numbers are copies of rows, others importance weights. */
  readonly weights?: Float64Array | null | undefined;
  /** A threshold to be looked at beside the others. */
  readonly threshold?: number | undefined;
  readonly costs?: CostsByLabel | undefined;
  /** What the tuned threshold is tuned for, default `expectedCost` with costs, else `f1`. */
  readonly metric?: string | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Default 1,000. */
  readonly replicates?: number | undefined;
  /** Default 0.95. */
  readonly level?: number | undefined;
}

/** Rows as the work sees them. */
export interface EvaluationRows {
  /** 1 for the positive class. */
  readonly truth: Int32Array;
  readonly weights: Float64Array | undefined;
  /** Whether each row counts as whole rows, so that formulas of counts hold. */
  readonly counted: boolean;
  readonly scores: readonly NamedScores[];
  readonly positive: ClassLabel;
  readonly negative: ClassLabel;
  /** Code of the positive class in the labels. */
  readonly positiveCode: number;
  readonly notices: readonly Notice[];
}

/**
 * Checks rows and leaves out those of weight 0. Throws `not-binary`, `no-such-class`, `one-class`, `bad-option`,
 * `bad-scores`, `bad-weights`, `shape-mismatch`.
 */
export function evaluationRows(options: EvaluateScoresOptions): EvaluationRows {
  const { labels, scores } = options;
  if (labels.classes.length !== 2) {
    throw new CounterweightError(
      'not-binary',
      `scores of one class need two classes, there are ${labels.classes.length}`,
    );
  }
  const positiveCode = options.positive === undefined ? positiveClass(labels) : classIndex(labels, options.positive);
  requireScores(scores, labels.codes.length);
  const given = options.weights ?? undefined;
  requireWeights(given, labels.codes.length);
  const kept = given?.includes(0) ? Int32Array.from(given.keys()).filter((row) => given[row]! > 0) : null;
  const codes = kept ? Int32Array.from(kept, (row) => labels.codes[row]!) : labels.codes;
  const weights = kept && given ? Float64Array.from(kept, (row) => given[row]!) : given;
  for (const [code, label] of labels.classes.entries()) {
    if (!codes.includes(code)) {
      throw new CounterweightError('one-class', `no row is of class ${label}; both classes are needed`, {
        class: label,
      });
    }
  }
  const counted = !weights || weights.every(Number.isInteger);
  return {
    truth: codes.map((code) => Number(code === positiveCode)),
    weights: weights?.every((weight) => weight === 1) ? undefined : weights,
    counted,
    scores: kept
      ? scores.map(({ name, values }) => ({ name, values: Float64Array.from(kept, (row) => values[row]!) }))
      : scores,
    positive: labels.classes[positiveCode]!,
    negative: labels.classes[1 - positiveCode]!,
    positiveCode,
    notices: [...weightNotices(counted), ...zeroWeightNotices(kept ? given!.length - kept.length : 0)],
  };
}

function requireScores(scores: readonly NamedScores[], rows: number): void {
  if (scores.length === 0) throw new CounterweightError('bad-option', 'there are no scores to evaluate');
  const names = new Set<string>();
  for (const { name, values } of scores) {
    if (names.has(name)) throw new CounterweightError('bad-option', `two score columns are called "${name}"`);
    names.add(name);
    requireLength(`scores of "${name}"`, values.length, rows);
    requireFinite(`scores of "${name}"`, values);
  }
}

export function weightNotices(counted: boolean): Notice[] {
  if (counted) return [];
  return [
    {
      code: 'fractional-weights',
      severity: 'warning',
      message:
        'the weights are not whole numbers, so they are taken as importance weights: rows are drawn alike and carry them, all intervals come from the bootstrap, and DeLong, Wilson and exact intervals, which count rows, are left out',
    },
  ];
}

export function zeroWeightNotices(rows: number): Notice[] {
  if (rows === 0) return [];
  return [
    {
      code: 'zero-weight',
      severity: 'info',
      message: `${rows} row${rows === 1 ? '' : 's'} of weight 0 left out`,
      numbers: { rows },
    },
  ];
}
