import type { NumpyRandom } from '../../runtime/numpy-random.ts';
import { classStream } from '../class-stream.ts';
import { draw } from './bound-removal.ts';
import { clampNeighbours } from './find-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';

/** Rows of each targeted class drawn at random without replacement, ascending; all of a class with fewer. */
export function drawSeeds({ plan, members, seed }: UnderProblem, method: string, count: number): Int32Array[] {
  return plan.targets.map(({ code }) => {
    const rows = members[code]!;
    return draw(rows.slice(), Math.min(count, rows.length), classStream(seed, method, rows)).sort();
  });
}

/** 1 for the rows that a store starts with: those of the classes that are not targeted, and the seeds. */
export function startingStore({ data, targeted }: UnderProblem, seeds: readonly Int32Array[]): Uint8Array {
  const { codes } = data.y;
  const inStore = new Uint8Array(codes.length);
  for (let row = 0; row < codes.length; row++) inStore[row] = 1 - targeted[codes[row]!]!;
  for (const rows of seeds) for (const row of rows) inStore[row] = 1;
  return inStore;
}

/** Speaks of, or throws `too-few-rows` at, a store that starts with fewer rows than neighbours are asked for. */
export function checkStore(problem: UnderProblem, k: number, rows: number): void {
  clampNeighbours(problem, k, rows, 'rows that the store starts with');
}

/** imbalanced-learn's seeds: places within the class, drawn with replacement. */
export function drawSeedsAsPeer(stream: NumpyRandom, rows: number, count: number): Int32Array {
  return Int32Array.from(stream.randints(0, rows, count));
}
