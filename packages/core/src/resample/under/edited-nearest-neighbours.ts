import { requireOptions } from '../../data/check-option-names.ts';
import { checkWhole, checkWord } from '../options.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { type CleaningOptions, cleaner } from './cleaner.ts';
import { clampNeighbours } from './find-neighbours.ts';
import { type ShrinkingNeighbours, shrinkingNeighbours } from './shrinking-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';
import { makeVote } from './vote.ts';

/** `all`: a row stays if all its neighbours are of its class. `mode`: if most are, as in Wilson's paper. */
export type KindSel = 'all' | 'mode';

export interface EditedNearestNeighboursOptions extends CleaningOptions {
  /** Neighbours of a row that are looked at. Default 3. */
  readonly nNeighbors?: number | undefined;
  /** Default `all`, as in imbalanced-learn: it cleans more. */
  readonly kindSel?: KindSel | undefined;
}

const name = 'edited-nearest-neighbours';

/**
 * Edited nearest neighbours: rows of the targeted classes that their neighbours disagree with are removed.
 *
 * Neighbours are sought among all rows, the row itself left out by its index; so a duplicate of it counts. With `mode` a tie
 * goes to the class of the nearest tied neighbour (with `compat` to the class that sorts first). Output: the rows that stay,
 * in input order; with `compat` class after class. Where imbalanced-learn 0.14 raises a TypeError (`mode` with labels that are
 * strings), `compat` does what it does for numbers that sort alike.
 *
 * Wilson, "Asymptotic properties of nearest neighbor rules using edited data", IEEE Trans. SMC 2 (1972). Throws what
 * `planSampling` throws, `too-few-rows` (onTooFew), `not-finite`, `distance-overflow`, `shape-mismatch`; `bad-option`.
 */
export function editedNearestNeighbours(options: EditedNearestNeighboursOptions = {}): DataRowSelector {
  requireOptions(name, options);
  checkEditing(options);
  return cleaner({
    name,
    options,
    known: ['nNeighbors', 'kindSel'],
    clean: async (problem) => {
      const removed = await edit(problem, options.nNeighbors ?? 3, options.kindSel ?? 'all');
      return { removed, order: problem.compat ? 'class' : 'input' };
    },
  });
}

/** Throws `bad-option`. */
export function checkEditing({ nNeighbors, kindSel }: EditedNearestNeighboursOptions): void {
  checkWhole('nNeighbors', nNeighbors, 1);
  checkWord('kindSel', kindSel, ['all', 'mode']);
}

/** One pass of editing over all rows: 1 for each row that goes. */
export async function edit(problem: UnderProblem, nNeighbors: number, kindSel: KindSel): Promise<Uint8Array> {
  const { codes } = problem.data.y;
  const k = clampNeighbours(problem, nNeighbors, codes.length - 1, 'other rows');
  const removed = new Uint8Array(codes.length);
  const neighbours = shrinkingNeighbours(problem, { most: k, spare: 0 });
  try {
    const found = await editingPass(problem, neighbours, kindSel)(k, removed, problem.targeted);
    for (const row of found) removed[row] = 1;
    return removed;
  } finally {
    neighbours.dispose();
  }
}

/**
 * Editing of what is left: the rows of the targeted classes (1 in `targeted`) among those still there that their k nearest
 * neighbours still there disagree with.
 */
export function editingPass({ data, compat }: UnderProblem, neighbours: ShrinkingNeighbours, kindSel: KindSel) {
  const { codes, classes } = data.y;
  const vote = makeVote(codes, classes.length, compat);
  return async (k: number, gone: Uint8Array, targeted: Uint8Array): Promise<Int32Array> => {
    const rows = judged(codes, gone, targeted);
    const nearest = await neighbours.nearest(rows, k, gone);
    return rows.filter((row, i) => {
      const code = codes[row]!;
      if (kindSel === 'mode') return vote(nearest, i * k, k) !== code;
      for (let j = i * k; j < (i + 1) * k; j++) if (codes[nearest[j]!] !== code) return true;
      return false;
    });
  };
}

function judged(codes: Int32Array, gone: Uint8Array, targeted: Uint8Array): Int32Array {
  const rows = new Int32Array(codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row++) {
    if (gone[row] === 0 && targeted[codes[row]!] === 1) rows[count++] = row;
  }
  return rows.slice(0, count);
}
