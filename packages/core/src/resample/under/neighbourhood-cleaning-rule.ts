import { requireOptions } from '../../data/check-option-names.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import type { DataRowSelector } from '../row-selector.ts';
import { type CleaningOptions, cleaner } from './cleaner.ts';
import { edit } from './edited-nearest-neighbours.ts';
import { clampNeighbours, findNeighbours } from './find-neighbours.ts';
import type { UnderProblem } from './under-sampler.ts';
import { makeVote } from './vote.ts';

export interface NeighbourhoodCleaningRuleOptions extends CleaningOptions {
  /** Neighbours that judge a row. Default 3. */
  readonly nNeighbors?: number | undefined;
  /**
   * Neighbours of a misjudged row of the smallest class go only if their class has at least this share of its rows (more than
   * this share with `compat`). Default 0.5.
   */
  readonly thresholdCleaning?: number | undefined;
  /** Finds the first set of rows to remove. Default: `editedNearestNeighbours` with `kindSel: 'mode'`. */
  readonly editedNearestNeighbours?: Resampler | undefined;
}

const name = 'neighbourhood-cleaning-rule';

/**
 * Neighbourhood cleaning rule: rows of the targeted classes that most of their neighbours disagree with are removed, and so
 * are the neighbours, of classes that are large enough, of every row of the smallest class that its neighbours misjudge.
 *
 * We follow the paper, where imbalanced-learn (and `compat`) asks for a class larger than the threshold instead of as large,
 * and lets a row of the smallest class vote for itself. Ties of votes as in `editedNearestNeighbours`, on whose labels
 * imbalanced-learn 0.14 fails when they are strings. Output, also with `compat`: the rows that stay, in input order.
 *
 * Laurikkala, "Improving identification of difficult small classes by balancing class distribution", AIME 2001. Throws what
 * `planSampling` throws, `too-few-rows` (onTooFew), `not-finite`, `distance-overflow`, `shape-mismatch`; `bad-option`.
 */
export function neighbourhoodCleaningRule(options: NeighbourhoodCleaningRuleOptions = {}): DataRowSelector {
  requireOptions(name, options);
  const { nNeighbors = 3, thresholdCleaning = 0.5, editedNearestNeighbours } = options;
  checkWhole('nNeighbors', nNeighbors, 1);
  if (!(thresholdCleaning > 0 && Number.isFinite(thresholdCleaning))) {
    throw new CounterweightError('bad-option', `thresholdCleaning must be a number above 0, got ${thresholdCleaning}`);
  }
  return cleaner({
    name,
    options,
    known: ['nNeighbors', 'thresholdCleaning', 'editedNearestNeighbours'],
    clean: async (problem) => {
      const removed = editedNearestNeighbours
        ? await removedBy(editedNearestNeighbours, problem)
        : await edit(problem, nNeighbors, 'mode');
      await cleanAround(problem, nNeighbors, thresholdCleaning, removed);
      return { removed };
    },
  });
}

async function removedBy(resampler: Resampler, { data, run, notices }: UnderProblem): Promise<Uint8Array> {
  const made = await resampler.resample(data, run);
  notices.push(...made.notices);
  const removed = new Uint8Array(data.X.rows);
  for (const row of made.provenance.dropped) removed[row] = 1;
  return removed;
}

/** Marks the neighbours of misjudged rows of the smallest class. */
async function cleanAround(
  problem: UnderProblem,
  asked: number,
  threshold: number,
  removed: Uint8Array,
): Promise<void> {
  const { data, plan, members, targeted, minority, compat } = problem;
  const { codes, classes } = data.y;
  const available = codes.length - 1;
  // The clamping was spoken of when the first rows were found.
  const k =
    problem.onTooFew === 'error'
      ? clampNeighbours(problem, asked, available, 'other rows')
      : Math.min(asked, available);
  const rows = members[minority]!;
  const least = plan.counts[minority]! * threshold;
  const isCleaned = (code: number) => {
    return targeted[code] === 1 && (compat ? plan.counts[code]! > least : plan.counts[code]! >= least);
  };
  const { indices } = await findNeighbours(problem, data.X, rows, k);
  const vote = makeVote(codes, classes.length, compat);
  const voters = new Int32Array(k);
  for (let i = 0; i < rows.length; i++) {
    const own = indices.subarray(i * k, (i + 1) * k);
    if (compat) {
      voters[0] = rows[i]!;
      voters.set(own.subarray(0, k - 1), 1);
    } else voters.set(own);
    if (vote(voters, 0, k) === minority) continue;
    for (let j = 0; j < k; j++) if (isCleaned(codes[own[j]!]!)) removed[own[j]!] = 1;
  }
}
