import { requireOptions } from '../../data/check-option-names.ts';
import { subsetLabels } from '../../data/labels.ts';
import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { classCounts } from '../class-counts.ts';
import { checkWhole } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { type CleaningOptions, cleaner } from './cleaner.ts';
import { findNeighbours } from './find-neighbours.ts';
import { checkStore, drawSeeds, drawSeedsAsPeer, startingStore } from './starting-store.ts';
import { linkedRows } from './tomek-links.ts';
import type { UnderProblem } from './under-sampler.ts';
import { makeVote } from './vote.ts';

export interface OneSidedSelectionOptions extends CleaningOptions {
  /** Neighbours that classify a row. Default 1. */
  readonly nNeighbors?: number | undefined;
  /** Rows of each targeted class, drawn at random, that are kept to classify with. Default 1. */
  readonly nSeedsS?: number | undefined;
}

const name = 'one-sided-selection';

/**
 * One-sided selection: of the targeted classes some rows drawn at random stay, and those that these and the rows of the other
 * classes misclassify; then rows in Tomek links are removed among what is left.
 *
 * One round of classifying, as in the paper. With several targeted classes all are classified at once; imbalanced-learn,
 * and `compat`, sets each apart against the smallest class, and may draw a row twice and keep it twice. Output: the rows
 * that stay, in input order; with `compat` class after class, drawn rows first.
 *
 * Kubat and Matwin, "Addressing the curse of imbalanced training sets: one-sided selection", ICML 1997. Throws what
 * `planSampling` throws, `too-few-rows` (onTooFew), `not-finite`, `distance-overflow`, `shape-mismatch`; `bad-option`.
 */
export function oneSidedSelection(options: OneSidedSelectionOptions = {}): DataRowSelector {
  requireOptions(name, options);
  const { nNeighbors = 1, nSeedsS = 1 } = options;
  checkWhole('nNeighbors', nNeighbors, 1);
  checkWhole('nSeedsS', nSeedsS, 1);
  return cleaner({
    name,
    options,
    known: ['nNeighbors', 'nSeedsS'],
    clean: async (problem) => {
      const selected = problem.compat
        ? await selectAsPeer(problem, nNeighbors, nSeedsS)
        : await selectAtOnce(problem, nNeighbors, nSeedsS);
      const source = await withoutLinks(problem, selected);
      if (problem.compat) return { source };
      const removed = new Uint8Array(problem.data.X.rows).fill(1);
      for (const row of source) removed[row] = 0;
      return { removed };
    },
  });
}

async function selectAtOnce(problem: UnderProblem, k: number, nSeedsS: number): Promise<Int32Array> {
  const rows = Int32Array.from(problem.data.y.codes.keys());
  const inStore = startingStore(problem, drawSeeds(problem, name, nSeedsS));
  const store = rows.filter((row) => inStore[row] === 1);
  const rest = rows.filter((row) => inStore[row] === 0);
  for (const row of await misclassified(problem, rest, store, k)) inStore[row] = 1;
  return rows.filter((row) => inStore[row] === 1);
}

async function selectAsPeer(problem: UnderProblem, k: number, nSeedsS: number): Promise<Int32Array> {
  const { members, targeted, minority } = problem;
  const stream = numpyRandom(problem.seed);
  const selected: number[] = [];
  for (const [code, rows] of members.entries()) {
    if (rows.length === 0) continue;
    if (targeted[code] === 0) {
      for (const row of rows) selected.push(row);
      continue;
    }
    const places = drawSeedsAsPeer(stream, rows.length, nSeedsS);
    const seeds = Array.from(places, (place) => rows[place]!);
    const drawn = new Set(places);
    const rest = rows.filter((_, place) => !drawn.has(place));
    const store = Int32Array.from([...members[minority]!, ...seeds]);
    for (const row of seeds) selected.push(row);
    for (const row of await misclassified(problem, rest, store, k)) selected.push(row);
  }
  return Int32Array.from(selected);
}

/** Those of the rows that the nearest rows of the store vote for another class than theirs. */
async function misclassified(
  problem: UnderProblem,
  rows: Int32Array,
  store: Int32Array,
  asked: number,
): Promise<Int32Array> {
  const { data, compat } = problem;
  const { codes, classes } = data.y;
  checkStore(problem, asked, store.length);
  if (rows.length === 0) return rows;
  const k = Math.min(asked, store.length);
  const sorted = store.slice().sort();
  const queries = selectNumericRows(data.X, rows);
  const { indices } = await findNeighbours(problem, selectNumericRows(data.X, sorted), queries, k);
  const vote = makeVote(
    Int32Array.from(sorted, (row) => codes[row]!),
    classes.length,
    compat,
  );
  return rows.filter((row, i) => vote(indices, i * k, k) !== codes[row]);
}

/** The selected rows but for those of targeted classes that stand in a Tomek link among them. */
async function withoutLinks(problem: UnderProblem, selected: Int32Array): Promise<Int32Array> {
  const y = subsetLabels(problem.data.y, selected);
  if (selected.length < 2) return selected;
  const linked = await linkedRows({
    data: { X: selectNumericRows(problem.data.X, selected), y },
    plan: { ...problem.plan, counts: classCounts(y) },
    targeted: problem.targeted,
    run: problem.run,
  });
  return selected.filter((_, i) => linked[i] === 0);
}
