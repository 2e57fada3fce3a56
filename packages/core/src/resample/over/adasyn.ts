import { requireOptions } from '../../data/check-option-names.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { type NumpyRandom, numpyRandom } from '../../runtime/numpy-random.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { numpySum } from './numpy-sum.ts';
import { type OtherNeighbours, otherNeighbours } from './other-neighbours.ts';
import { type ClassTask, type OverProblem, type OverSamplerOptions, overSampler } from './over-sampler.ts';
import type { PairDraws } from './pair-draws.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import type { SyntheticBlock } from './synthetic-block.ts';
import { blockOfPairs, pairsWithin, smoteBlock } from './within-class.ts';

export interface AdasynOptions extends OverSamplerOptions {
  /** Neighbours among all rows that tell how hard a row is, and neighbours of its class that it may be moved towards. Default 5. */
  readonly nNeighbors?: number | undefined;
}

const name = 'adasyn';

/**
 * ADASYN: the more of a row's nearest rows are of other classes, the more new rows start from it.
 *
 * The asked number is shared over the rows of the class exactly in proportion to those counts, by largest remainder, ties at
 * random. imbalanced-learn, and `compat`, rounds each row's share, so that the total is another one, and fails where no row
 * of a class has a neighbour of another class; here SMOTE over the class takes over then, with the notice `no-border-rows`.
 * Output as that of `smote`.
 *
 * He, Bai, Garcia and Li, "ADASYN", IJCNN 2008, with β given by the sampling strategy and without its threshold on the
 * imbalance. Throws what `smote` throws; with `compat` also `no-border-rows` and `nothing-to-add`.
 */
export function adasyn(options: AdasynOptions = {}): Resampler {
  requireOptions(name, options);
  const { nNeighbors = 5, seed = 0, compat } = options;
  checkWhole('nNeighbors', nNeighbors, 1);
  return overSampler({
    name,
    options,
    known: ['nNeighbors'],
    kNeighbors: nNeighbors,
    begin: async (problem, tasks) => {
      const around = await otherNeighbours(problem, tasks, nNeighbors, 'nNeighbors');
      // One stream through all classes, there.
      const numpy = compat && numpyRandom(seed);
      return (task) => (numpy ? asPeer(problem, task, around, numpy) : synthesise(problem, task, around));
    },
  });
}

async function synthesise(problem: OverProblem, task: ClassTask, around: OtherNeighbours): Promise<SyntheticBlock> {
  const { rows, target } = task;
  const stream = classStream(problem.seed, name, rows);
  const others = rows.map((row) => around.others[row]!);
  if (others.every((count) => count === 0)) {
    problem.notices.push({
      code: 'no-border-rows',
      severity: 'warning',
      message: `no row of class ${quoted(target.label)} has a neighbour of another class: its new rows are those of SMOTE`,
      class: target.label,
      numbers: { rows: rows.length, neighbours: around.m },
    });
    return smoteBlock(problem, task);
  }
  const base = repeated(shareByWeight(target.count, others, stream));
  const pairs = await pairsWithin(problem, rows, task.k);
  const rank = new Int32Array(target.count);
  const gap = new Float64Array(target.count);
  stream.ranksAndGaps(task.k, rank, gap);
  return blockOfPairs(pairs, { base, rank, gap });
}

async function asPeer(
  problem: OverProblem,
  task: ClassTask,
  around: OtherNeighbours,
  numpy: NumpyRandom,
): Promise<SyntheticBlock> {
  const { rows, target, k } = task;
  const { label } = target;
  const ratios = Float64Array.from(rows, (row) => around.others[row]! / around.m);
  const total = numpySum(ratios);
  if (total === 0) {
    throw new CounterweightError(
      'no-border-rows',
      `no row of class ${quoted(label)} has a neighbour of another class, where imbalanced-learn's ADASYN stops; leave compat out or use SMOTE`,
      { class: label },
    );
  }
  const shares = Int32Array.from(ratios, (ratio) => roundHalfEven((ratio / total) * target.count));
  const count = shares.reduce((sum, share) => sum + share, 0);
  if (count === 0) {
    throw new CounterweightError(
      'nothing-to-add',
      `every row's share of the ${target.count} new rows of class ${quoted(label)} rounds to 0, where imbalanced-learn's ADASYN stops; leave compat out`,
      { class: label },
    );
  }
  const pairs = await pairsWithin(problem, rows, k);
  const draws: PairDraws = {
    base: repeated(shares),
    rank: numpy.choice(k, count, true),
    gap: numpy.uniforms(count),
  };
  return blockOfPairs(pairs, draws);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
