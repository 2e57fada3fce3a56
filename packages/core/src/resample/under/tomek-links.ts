import { requireOptions } from '../../data/check-option-names.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { type CleaningOptions, cleaner } from './cleaner.ts';
import { findNeighbours } from './find-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';

export type TomekLinksOptions = CleaningOptions;

const name = 'tomek-links';

/**
 * Tomek links: of every two rows of different classes that are each other's nearest neighbour, those of a targeted class are
 * removed. Ties for nearest go to the lower row index; a row is never its own neighbour, also among duplicates.
 *
 * Output, also with `compat`: the rows that stay, in input order. Of a link between two targeted classes both rows go.
 *
 * Tomek, "Two modifications of CNN", IEEE Trans. SMC 6 (1976). Throws what `planSampling` throws, `not-finite`,
 * `distance-overflow`, `shape-mismatch`; `bad-option`.
 */
export function tomekLinks(options: TomekLinksOptions = {}): DataRowSelector {
  requireOptions(name, options);
  return cleaner({
    name,
    options,
    known: [],
    clean: async (problem) => ({ removed: await linkedRows(problem) }),
  });
}

/**
 * 1 for each row of a targeted class that stands in a Tomek link. Every link has an end outside the largest class, so the
 * nearest neighbours are sought of the other classes' rows first, and in the largest class only of those they point to.
 */
export async function linkedRows(
  problem: Pick<UnderProblem, 'data' | 'targeted' | 'run' | 'plan'>,
): Promise<Uint8Array> {
  const { data, targeted, plan } = problem;
  const { codes } = data.y;
  const removed = new Uint8Array(codes.length);
  const largest = plan.counts.indexOf(Math.max(...plan.counts));
  const nearest = new Int32Array(codes.length).fill(-1);
  const seek = async (rows: Int32Array) => {
    if (rows.length === 0) return;
    const { indices } = await findNeighbours(problem, data.X, rows, 1);
    for (let i = 0; i < rows.length; i++) nearest[rows[i]!] = indices[i]!;
  };
  const isTargeted = (row: number) => targeted[codes[row]!] === 1;

  const others = Int32Array.from(codes.keys()).filter((row) => codes[row] !== largest);
  await seek(others);
  const pointedTo = new Uint8Array(codes.length);
  for (const row of others) {
    const other = nearest[row]!;
    if (codes[other] === largest && (isTargeted(row) || isTargeted(other))) pointedTo[other] = 1;
  }
  await seek(Int32Array.from(codes.keys()).filter((row) => pointedTo[row] === 1));
  for (const row of others) {
    const other = nearest[row]!;
    if (codes[other] === codes[row] || nearest[other] !== row) continue;
    if (isTargeted(row)) removed[row] = 1;
    if (isTargeted(other)) removed[other] = 1;
  }
  return removed;
}
