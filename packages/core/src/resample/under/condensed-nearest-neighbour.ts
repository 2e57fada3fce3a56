import { requireOptions } from '../../data/check-option-names.ts';
import { breather } from '../../measure/breathe.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { checkWhole } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { type CleaningOptions, cleaner } from './cleaner.ts';
import { condenseAsPeer } from './condense-as-peer.ts';
import { growingNeighbours } from './growing-neighbours.ts';
import { checkStore, drawSeeds, startingStore } from './starting-store.ts';
import type { UnderProblem } from './under-sampler.ts';
import { makeVote } from './vote.ts';

export interface CondensedNearestNeighbourOptions extends CleaningOptions {
  /** Neighbours that classify a row. Default 1, with which the rows that stay classify all rows rightly. */
  readonly nNeighbors?: number | undefined;
  /** Rows of each targeted class, drawn at random, that the store starts with. Default 1. */
  readonly nSeedsS?: number | undefined;
}

const name = 'condensed-nearest-neighbour';

/**
 * Condensed nearest neighbour: the rows of the targeted classes that the nearest neighbour rule needs.
 *
 * A store starts with all rows of the other classes and some of each targeted class. The rows of the targeted classes are
 * gone through in order, and those that the store misclassifies join it, until a pass adds none; what is not in the store
 * is removed. With one neighbour, the store then classifies every row rightly, but for rows of different classes with the
 * same features (notice `same-features`).
 *
 * imbalanced-learn sets each targeted class apart against the smallest alone, and mixes up two kinds of row index, so that
 * what it keeps misclassifies rows in about half of small sets; `compat` does the same. Output: the rows that stay, in
 * input order; with `compat` class after class, seeds first.
 *
 * Hart, "The condensed nearest neighbor rule", IEEE Trans. IT 14 (1968). Throws what `planSampling` throws, `too-few-rows`
 * (onTooFew), `not-finite`, `distance-overflow`, `shape-mismatch`; `bad-option`.
 */
export function condensedNearestNeighbour(options: CondensedNearestNeighbourOptions = {}): DataRowSelector {
  requireOptions(name, options);
  const { nNeighbors = 1, nSeedsS = 1 } = options;
  checkWhole('nNeighbors', nNeighbors, 1);
  checkWhole('nSeedsS', nSeedsS, 1);
  return cleaner({
    name,
    options,
    known: ['nNeighbors', 'nSeedsS'],
    clean: async (problem) => {
      if (problem.compat)
        return { source: await condenseAsPeer(problem, numpyRandom(problem.seed), nNeighbors, nSeedsS) };
      return { removed: await condense(problem, nNeighbors, nSeedsS) };
    },
  });
}

async function condense(problem: UnderProblem, k: number, nSeedsS: number): Promise<Uint8Array> {
  const { data, targeted, plan, run } = problem;
  const { codes, classes } = data.y;
  const inStore = startingStore(problem, drawSeeds(problem, name, nSeedsS));
  const rows = Int32Array.from(codes.keys());
  const store = rows.filter((row) => inStore[row] === 1);
  const queries = rows.filter((row) => inStore[row] === 0);
  checkStore(problem, k, store.length);
  const neighbours = await growingNeighbours(problem, { queries, store, k });
  const vote = makeVote(codes, classes.length, false);
  const breath = breather(run, name);
  // Rows of one class that join a store with all rows of the others only help that class: one pass settles it.
  const once = k === 1 && plan.targets.length === 1;
  try {
    for (let added = -1; added !== 0; ) {
      added = 0;
      for (let i = 0; i < queries.length; i++) {
        const row = queries[i]!;
        if (inStore[row] === 1) continue;
        const nearest = neighbours.nearest(i);
        if (vote(nearest, 0, nearest.length) !== codes[row]) {
          neighbours.add(row);
          inStore[row] = 1;
          added++;
        }
        if (i % 64 === 0) await breath(i, queries.length);
      }
      if (once) break;
    }
  } finally {
    neighbours.dispose();
  }
  return inStore.map((stays, row) => (stays === 1 || targeted[codes[row]!] === 0 ? 0 : 1));
}
