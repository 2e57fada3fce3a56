import type { NumericRows } from '../../data/dataset.ts';
import { counted } from '../../data/quoted.ts';
import { type Neighbours, nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { UnderProblem } from './under-sampler.ts';

/**
 * The nearest rows of the queries, in order of (distance, row). Throws `distance-overflow` where a distance is too large for
 * a number, besides what `nearestNeighbours` throws.
 */
export async function findNeighbours(
  { run }: Pick<UnderProblem, 'run'>,
  reference: NumericRows,
  queries: NumericRows | Int32Array,
  k: number,
): Promise<Neighbours> {
  const found = await nearestNeighbours({ reference, queries, k }, { signal: run.signal, runtime: run.runtime });
  return checkDistances(found);
}

/** Throws `distance-overflow` where a distance is too large for a number. */
export function checkDistances(found: Neighbours): Neighbours {
  const { distances } = found;
  for (let i = 0; i < distances.length; i++) {
    if (distances[i]! < Number.POSITIVE_INFINITY) continue;
    throw new CounterweightError(
      'distance-overflow',
      'the distances between the rows are too large for a number; scale the features first',
    );
  }
  return found;
}

/**
 * `asked`, or as many neighbours as there are, with the notice `k-clamped`; 0 where there are none. Throws `too-few-rows`
 * where `onTooFew` is `error`.
 */
export function clampNeighbours(problem: UnderProblem, asked: number, available: number, among: string): number {
  if (available >= asked) return asked;
  if (problem.onTooFew === 'error') {
    throw new CounterweightError(
      'too-few-rows',
      `${asked} neighbours are asked for and there are ${available} ${among}: lower their number or set onTooFew to "clamp-k"`,
      { asked, available },
    );
  }
  problem.notices.push({
    code: 'k-clamped',
    severity: 'warning',
    message: `${counted(available, 'neighbour')} instead of ${asked} ${available === 1 ? 'was' : 'were'} looked at: there are no more ${among}`,
    numbers: { asked, used: available },
  });
  return available;
}
