import type { Estimate } from './result.ts';
import type { Task } from './settle-task.ts';

/** What a metric can be, from least to most. */
export function metricRange(name: string, costs: Task['costs']): readonly [number, number] {
  if (name === 'expectedCost' && costs) return [Math.min(...costs.flat()), Math.max(...costs.flat())];
  if (name === 'matthewsCorrcoef' || name === 'cohenKappa') return [-1, 1];
  return [0, name === 'logLoss' ? Number.POSITIVE_INFINITY : name === 'brierScore' ? 2 : 1];
}

/** Intervals from a t distribution can reach past what a metric can be; there they are cut. */
export function withinRange(estimate: Estimate, [least, most]: readonly [number, number]): Estimate {
  const cut = (value: number | null) => (value === null ? null : Math.min(Math.max(value, least), most));
  return { value: estimate.value, low: cut(estimate.low), high: cut(estimate.high) };
}
