import type { Dataset } from '../data/dataset.ts';
import type { TrainingRows } from '../learn/logistic-data.ts';
import { type ClassTargets, targetsByCode } from '../resample/class-targets.ts';
import { CounterweightError } from '../runtime/errors.ts';

/**
 * What it costs to take a row of a class for another class, by label: positive numbers, of which only the ratios count.
 * `balanced` (default): in inverse proportion to the weights of the classes.
 */
export type ClassCosts = 'balanced' | ReadonlyMap<string | number, number> | Readonly<Record<string, number>>;

/** Cost of each class present, the largest 1. Throws `bad-option`, `unknown-class`; a class left out costs 1 before scaling. */
export function classCosts(
  costs: ClassCosts,
  { y }: Dataset,
  { labels, weights, present }: TrainingRows,
): Float64Array {
  const totals = new Float64Array(present.length);
  for (let i = 0; i < labels.length; i++) totals[labels[i]!]! += weights[i]!;
  const found = costs === 'balanced' ? totals.map((total) => 1 / total) : given(costs, { y }, present, totals);
  const most = Math.max(...found);
  return found.map((cost) => cost / most);
}

function given(
  costs: Exclude<ClassCosts, 'balanced'>,
  { y }: Pick<Dataset, 'y'>,
  present: readonly number[],
  totals: Float64Array,
): Float64Array {
  const counts = new Int32Array(y.classes.length);
  present.forEach((code, place) => {
    counts[code] = totals[place]! > 0 ? 1 : 0;
  });
  const byCode = targetsByCode(costs as ClassTargets, y, counts, 'costs');
  return Float64Array.from(present, (code) => {
    const cost = byCode.get(code) ?? 1;
    if (typeof cost === 'number' && cost > 0 && cost < Number.POSITIVE_INFINITY) return cost;
    throw new CounterweightError('bad-option', `costs must be positive numbers, class ${y.classes[code]} has ${cost}`, {
      class: y.classes[code]!,
    });
  });
}
