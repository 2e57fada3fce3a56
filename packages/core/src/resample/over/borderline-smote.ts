import { requireOptions } from '../../data/check-option-names.ts';
import { numpyRandom } from '../../runtime/numpy-random.ts';
import { quoted } from '../class-counts.ts';
import { denseRows } from '../dense-rows.ts';
import { interpolate } from '../interpolate.ts';
import { checkWhole, checkWord } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { inDanger, type OtherNeighbours, otherNeighbours } from './other-neighbours.ts';
import { type ClassTask, type OverProblem, type OverSamplerOptions, overSampler } from './over-sampler.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { clampAmongAll } from './too-few-rows.ts';
import { blockOfPairs, drawFor, type Pairs, pairsWithin, smoteBlock } from './within-class.ts';

export interface BorderlineSmoteOptions extends OverSamplerOptions {
  /** Neighbours that a row in danger may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Neighbours among all rows that tell whether a row is in danger. Default 10. */
  readonly mNeighbors?: number | undefined;
  /**
   * `borderline-1` (the default): towards rows of the own class. `borderline-2`: also towards the nearest row of another
   * class, but not as far as half way.
   */
  readonly kind?: 'borderline-1' | 'borderline-2' | undefined;
  /** Every row in danger is the base of equally many new rows, give or take one. Default true; cannot be with `compat`. */
  readonly evenBase?: boolean | undefined;
}

const name = 'borderline-smote';

/**
 * Borderline-SMOTE: new rows start only from rows in danger, at least half but not all of whose `mNeighbors` nearest rows are
 * of other classes.
 *
 * Where a class has no row in danger, SMOTE over all its rows takes over, with the notice `no-border-rows`; imbalanced-learn, and
 * `compat`, add nothing to such a class. For `borderline-2` a row in danger has its `kNeighbors` nearest rows of its class
 * and, as in the paper, its one nearest row of another class as equally likely ends, the latter with a gap in [0, 1/2).
 * There, imbalanced-learn takes the nearest rows of any class and multiplies two draws of the same sequence. Output as that
 * of `smote`.
 *
 * Han, Wang and Mao, "Borderline-SMOTE", ICIC 2005. Throws what `smote` throws.
 */
export function borderlineSmote(options: BorderlineSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, mNeighbors = 10, kind = 'borderline-1', evenBase = true } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('mNeighbors', mNeighbors, 1);
  checkWord('kind', kind, ['borderline-1', 'borderline-2']);
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'mNeighbors', 'kind', 'evenBase'],
    kNeighbors,
    begin: async (problem, tasks) => {
      const around = await otherNeighbours(problem, tasks, mNeighbors, 'mNeighbors');
      return async (task) => {
        const danger = positionsInDanger(task, around);
        if (danger.length === 0) {
          if (problem.compat) return emptyBlock(0);
          problem.notices.push(noBorderRows(task, around));
          return smoteBlock(problem, task, evenBase);
        }
        if (kind === 'borderline-2') {
          return problem.compat
            ? asPeer(problem, task, danger, kNeighbors)
            : towardsOthers(problem, task, danger, evenBase);
        }
        const pairs = await pairsWithin(problem, task.rows, task.k, danger);
        return blockOfPairs(pairs, drawFor(problem, task, pairs, task.target.count, evenBase));
      };
    },
  });
}

function positionsInDanger({ rows }: ClassTask, around: OtherNeighbours): Int32Array {
  return Int32Array.from(rows.keys()).filter((position) => inDanger(around, rows[position]!));
}

function noBorderRows({ target, rows }: ClassTask, { m, others }: OtherNeighbours) {
  const noise = rows.reduce((count, row) => count + (others[row] === m ? 1 : 0), 0);
  return {
    code: 'no-border-rows',
    severity: 'warning' as const,
    message: `class ${quoted(target.label)} has no row in danger (${rows.length - noise} safe, ${noise} noise): its new rows are those of SMOTE over the whole class`,
    class: target.label,
    numbers: { safe: rows.length - noise, noise },
  };
}

/** The k nearest of the own class and the nearest of another; the gap towards the latter is halved. */
async function towardsOthers(
  problem: OverProblem,
  task: ClassTask,
  danger: Int32Array,
  evenBase: boolean,
): Promise<SyntheticBlock> {
  const { codes } = problem.data.y;
  const own = await pairsWithin(problem, task.rows, task.k, danger);
  const foreign = await nearestForeign(problem, own.bases, task.target.code);
  const k = task.k + 1;
  const neighbours = new Int32Array(danger.length * k);
  for (let i = 0; i < danger.length; i++) {
    neighbours.set(own.neighbours.subarray(i * task.k, (i + 1) * task.k), i * k);
    neighbours[i * k + task.k] = foreign[i]!;
  }
  const pairs: Pairs = { bases: own.bases, neighbours, k };
  const block = blockOfPairs(pairs, drawFor(problem, task, pairs, task.target.count, evenBase));
  const gap = block.gap.map((drawn, i) => (codes[block.neighbour[i]!] === task.target.code ? drawn : drawn / 2));
  return { ...block, gap };
}

async function nearestForeign(problem: OverProblem, bases: Int32Array, code: number): Promise<Int32Array> {
  const { X, y } = problem.data;
  const others = Int32Array.from(y.codes.keys()).filter((row) => y.codes[row] !== code);
  const { indices } = await findNeighbours(problem, denseRows(X, others), denseRows(X, bases), 1);
  return indices.map((position) => others[position]!);
}

/** imbalanced-learn's: the nearest of all rows; steps towards other classes are shortened by a second, equal stream. */
async function asPeer(
  problem: OverProblem,
  task: ClassTask,
  danger: Int32Array,
  kNeighbors: number,
): Promise<SyntheticBlock> {
  const { data, seed } = problem;
  const { X, y } = data;
  const bases = danger.map((position) => task.rows[position]!);
  const k = clampAmongAll(problem, kNeighbors, 'kNeighbors');
  const { indices } = await findNeighbours(problem, X, bases, k);
  const pairs: Pairs = { bases, neighbours: indices, k };
  const block = blockOfPairs(pairs, drawFor(problem, task, pairs, task.target.count, false));
  const shorter = numpyRandom(seed);
  const gap = block.gap.slice();
  const from = denseRows(X, block.base);
  const to = denseRows(X, block.neighbour);
  const features = new Float64Array(from.data.length);
  for (let i = 0, at = 0; i < gap.length; i++) {
    const foreign = y.codes[block.neighbour[i]!] !== task.target.code;
    const factor = foreign ? shorter.uniform(0, 0.5) : 1;
    const step = gap[i]!;
    if (foreign) gap[i]! *= factor;
    for (let j = 0; j < X.columns; j++, at++) {
      // The difference is shortened first, there as here: the product of the two draws would round differently.
      features[at] = foreign
        ? from.data[at]! + step * (factor * (to.data[at]! - from.data[at]!))
        : interpolate(from.data[at]!, to.data[at]!, step);
    }
  }
  return { ...block, gap, features };
}
