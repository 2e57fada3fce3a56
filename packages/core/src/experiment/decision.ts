import type { Matrix } from '../data/matrix.ts';
import { minimumCostDecisions } from '../decide/index.ts';
import { weightedDecisions } from '../metrics/index.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { DecisionName } from './result.ts';

/**
 * A way of turning calibrated probabilities into classes.
 *
 * Binary tasks: the positive class at or above `threshold`. More classes: the class with the largest weight times
 * probability, the first of equals. `own`: the class that the model's own probabilities, as they are, hold for the most
 * probable.
 */
export type Decision =
  | { readonly name: DecisionName; readonly kind: 'threshold'; readonly threshold: number }
  | { readonly name: DecisionName; readonly kind: 'weights'; readonly weights: readonly number[] }
  | { readonly name: DecisionName; readonly kind: 'costs'; readonly matrix: readonly (readonly number[])[] }
  | { readonly name: DecisionName; readonly kind: 'own' };

/**
 * Decided class a row. `positive` is the index of the positive class in a binary task, else null; `raw` are the model's own
 * probabilities.
 */
export function decide(
  probabilities: Matrix,
  decision: Decision,
  positive: number | null,
  raw: Matrix = probabilities,
): Int32Array {
  if (decision.kind === 'own') return weightedDecisions(raw, new Array<number>(raw.columns).fill(1));
  if (decision.kind === 'threshold') {
    const { rows, columns, data } = probabilities;
    const decided = new Int32Array(rows);
    const column = positive ?? 1;
    for (let i = 0; i < rows; i++) {
      decided[i] = data[i * columns + column]! >= decision.threshold ? column : 1 - column;
    }
    return decided;
  }
  if (decision.kind === 'weights') return weightedDecisions(probabilities, decision.weights);
  return minimumCostDecisions(probabilities, decision.matrix);
}

/** Reads a decision from a model file. Throws `bad-model`. */
export function decisionFromJSON(json: unknown, classes: number): Decision {
  const bad = (what: string) => new CounterweightError('bad-model', `this is no usable model: its decision ${what}`);
  if (typeof json !== 'object' || json === null) throw bad('is not an object');
  const { name, kind, threshold, weights, matrix } = json as Record<string, unknown>;
  if (name !== 'half' && name !== 'tuned' && name !== 'cost') throw bad('has an unknown name');
  if (kind === 'threshold') {
    if (!isNumber(threshold) || threshold < 0 || threshold > 1 + Number.EPSILON) {
      throw bad('has no threshold between 0 and 1');
    }
    if (classes !== 2) throw bad('is a threshold, but there are more than two classes');
    return { name, kind, threshold };
  }
  if (kind === 'weights') {
    if (!isNumbers(weights, classes)) throw bad('needs one finite weight a class');
    return { name, kind, weights };
  }
  if (kind === 'costs') {
    if (!Array.isArray(matrix) || matrix.length !== classes || !matrix.every((row) => isNumbers(row, classes))) {
      throw bad('needs a finite cost for each pair of classes');
    }
    return { name, kind, matrix };
  }
  if (kind === 'own') return { name, kind };
  throw bad('is of an unknown kind');
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isNumbers = (value: unknown, length: number): value is number[] =>
  Array.isArray(value) && value.length === length && value.every(isNumber);
