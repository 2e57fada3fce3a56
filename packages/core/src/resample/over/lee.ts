import { requireOptions } from '../../data/check-option-names.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkWhole } from '../options.ts';
import { replayRows } from '../replay.ts';
import type { Resampler } from '../resampler.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { drawPairs } from './pair-draws.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { clampAmongAll } from './too-few-rows.ts';
import { blockOfPairs, pairsWithin } from './within-class.ts';

export interface LeeOptions extends PlainOverOptions {
  /** Neighbours of its own class that a row may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Rows nearest to a candidate that judge it. Default 5. */
  readonly mNeighbors?: number | undefined;
  /** A candidate is taken if less than this share of its judges are of other classes. Above 0, at most 1; default 0.5. */
  readonly rejectionLevel?: number | undefined;
}

const name = 'lee';

/** Candidates that are drawn at once at least, and at most. */
const LEAST_BATCH = 20;
const MOST_BATCH = 1 << 16;
/** The level rises by this after so many batches in a row of which no candidate was taken, */
const LEVEL_STEP = 0.1;
const EMPTY_BATCHES = 6;
/** or where of so many candidates and more, since it last rose, less than one in a hundred was. */
const TELLING = 1000;
const FEW = 0.01;

/**
 * SMOTE with rejection, after Lee, Kim and Lee: rows are drawn as SMOTE draws them, and those that would lie among other
 * classes are drawn again.
 *
 * A candidate is judged by the `mNeighbors` rows of the input nearest to it. After six batches in a row without a row taken, or
 * 1000 candidates and more of which less than one in a hundred was, the rejection level rises by 0.1; the notice
 * `rejection-level-raised` gives the level in the end. So counts are exact.
 * smote_variants counts six such batches in all, not in a row, and divides by the neighbours asked where it has fewer.
 *
 * Lee, Kim and Lee, "An over-sampling technique with rejection for imbalanced class learning", IMCOM 2015. Output as that
 * of `smote`; throws what it throws.
 */
export function lee(options: LeeOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, mNeighbors = 5, rejectionLevel = 0.5 } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('mNeighbors', mNeighbors, 1);
  if (!(typeof rejectionLevel === 'number' && rejectionLevel > 0 && rejectionLevel <= 1)) {
    throw new CounterweightError(
      'bad-option',
      `rejectionLevel must be a number above 0 and at most 1, got ${String(rejectionLevel)}`,
    );
  }
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'mNeighbors', 'rejectionLevel'],
    kNeighbors,
    hasPeer: false,
    begin: async (problem) => {
      // A candidate is no row of the data, so all of them may judge.
      const m = clampAmongAll(problem, mNeighbors, 'mNeighbors');
      return async (task) => drawAccepted(problem, task, m, rejectionLevel);
    },
  });
}

async function drawAccepted(
  problem: OverProblem,
  task: ClassTask,
  m: number,
  rejectionLevel: number,
): Promise<SyntheticBlock> {
  const { target, rows, k } = task;
  const pairs = await pairsWithin(problem, rows, k);
  const stream = classStream(problem.seed, name, rows);
  const block = emptyBlock(target.count);
  let [taken, empty, raised] = [0, 0, 0];
  // Candidates drawn, and those of them taken, since the level last rose.
  let [drawn, some] = [0, 0];
  while (taken < target.count) {
    throwIfAborted(problem.run.signal);
    const missing = target.count - taken;
    const batch = Math.min(MOST_BATCH, Math.max(LEAST_BATCH, Math.ceil((missing * (drawn + 1)) / (some + 1))));
    const candidates = blockOfPairs(pairs, drawPairs(stream, rows.length, k, batch, true));
    const shares = await sharesOfOthers(problem, candidates, target.code, m);
    const before = taken;
    // A batch has the bases in turn; what is left of the last one goes to bases drawn among its candidates.
    for (const i of stream.permutation(batch)) {
      if (taken === target.count || shares[i]! >= rejectionLevel + LEVEL_STEP * raised) continue;
      block.base[taken] = candidates.base[i]!;
      block.neighbour[taken] = candidates.neighbour[i]!;
      block.gap[taken++] = candidates.gap[i]!;
    }
    drawn += batch;
    some += taken - before;
    empty = taken === before ? empty + 1 : 0;
    const hopeless = empty === EMPTY_BATCHES || (drawn >= TELLING && some < FEW * drawn);
    if (!hopeless || taken === target.count) continue;
    [empty, drawn, some] = [0, 0, 0];
    raised++;
  }
  if (raised > 0) {
    const used = rejectionLevel + LEVEL_STEP * raised;
    problem.notices.push({
      code: 'rejection-level-raised',
      severity: 'warning',
      message: `nearly all rows drawn for class ${quoted(target.label)} lay among other classes, so the rejection level was raised from ${rejectionLevel} to ${used.toFixed(1)}`,
      class: target.label,
      numbers: { asked: rejectionLevel, used },
    });
  }
  return block;
}

/** For each candidate the share of its m nearest rows that are of another class. */
async function sharesOfOthers(
  problem: OverProblem,
  candidates: SyntheticBlock,
  code: number,
  m: number,
): Promise<Float64Array> {
  const { X, y } = problem.data;
  const queries = replayRows({ ...candidates, dropped: new Int32Array(0) }, X);
  const { indices } = await findNeighbours(problem, X, queries, m);
  return Float64Array.from({ length: candidates.source.length }, (_, i) => {
    let others = 0;
    for (let n = i * m; n < (i + 1) * m; n++) if (y.codes[indices[n]!] !== code) others++;
    return others / m;
  });
}
