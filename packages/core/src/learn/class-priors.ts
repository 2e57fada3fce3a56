import type { Classes, ClassLabel } from '../data/labels.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { TrainingRows } from './logistic-data.ts';

/** Chances of the classes before a row is seen: their shares of the weights, all alike, or by label, summing to 1. */
export type ClassPriors = 'empirical' | 'uniform' | ReadonlyMap<ClassLabel, number>;

/** Sum of the weights of each class of `present`. */
export function classWeights({ present, labels, weights }: TrainingRows): Float64Array {
  const sums = new Float64Array(present.length);
  for (let i = 0; i < labels.length; i++) sums[labels[i]!]! += weights[i]!;
  return sums;
}

/** Throws `bad-option` unless `priors` is one of the words or a Map. */
export function checkPriors(priors: ClassPriors): void {
  if (priors === 'empirical' || priors === 'uniform' || priors instanceof Map) return;
  throw new CounterweightError(
    'bad-option',
    `priors must be empirical, uniform or a Map from label to chance, got ${String(priors)}`,
  );
}

/** Prior of each class of `present`. Throws `bad-option` unless a Map names each of them, above 0, and sums to 1. */
export function resolvePriors(priors: ClassPriors, classes: Classes, rows: TrainingRows): Float64Array {
  const { present } = rows;
  if (priors === 'uniform') return new Float64Array(present.length).fill(1 / present.length);
  if (priors === 'empirical') {
    const sums = classWeights(rows);
    const total = sums.reduce((a, b) => a + b);
    return sums.map((sum) => sum / total);
  }
  const named = Float64Array.from(present, (code) => priors.get(classes[code]!) ?? 0);
  const wrong = named.findIndex((chance) => !(chance > 0 && chance <= 1));
  if (wrong >= 0) {
    const label = classes[present[wrong]!]!;
    throw new CounterweightError('bad-option', `priors must give class ${label} a chance above 0`, { class: label });
  }
  const sum = named.reduce((a, b) => a + b);
  if (Math.abs(sum - 1) > 1e-9 || priors.size !== present.length) {
    throw new CounterweightError(
      'bad-option',
      `priors must name the ${present.length} classes with rows and sum to 1; they name ${priors.size} and these sum to ${sum}`,
    );
  }
  return named;
}
