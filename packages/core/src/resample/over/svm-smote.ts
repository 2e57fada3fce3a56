import { requireOptions } from '../../data/check-option-names.ts';
import type { Dataset } from '../../data/dataset.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { type NumpyRandom, numpyRandom } from '../../runtime/numpy-random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { findSupportVectors } from './find-support-vectors.ts';
import { inDanger, isNoise, type OtherNeighbours, otherNeighboursOf } from './other-neighbours.ts';
import { type ClassTask, type OverProblem, type OverSamplerOptions, overSampler } from './over-sampler.ts';
import { drawPairsAsNumpy } from './pair-draws.ts';
import { joinedBlocks, type SyntheticBlock } from './synthetic-block.ts';
import { blockOfPairs, drawFor, pairsWithin, smoteBlock } from './within-class.ts';

/** Finds support vectors of all classes: row indices of the data, in any order. */
export type FindSupportVectors = (data: Dataset, options?: RunOptions) => Promise<Int32Array>;

export interface SvmSmoteOptions extends OverSamplerOptions {
  /** Neighbours within the class. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Neighbours among all rows that tell whether a support vector is noise, in danger or safe. Default 10. */
  readonly mNeighbors?: number | undefined;
  /** How far a safe support vector is moved away from a neighbour at most, 0 to 1. Default 0.5. */
  readonly outStep?: number | undefined;
  /** Takes the place of our own machine. */
  readonly supportVectors?: FindSupportVectors | undefined;
  /** Every support vector that is no noise is the base of equally many new rows, give or take one. Default true; cannot be with `compat`. */
  readonly evenBase?: boolean | undefined;
}

const name = 'svm-smote';

/**
 * SVM-SMOTE: new rows start from the support vectors of the class. Those in danger are moved towards a near row of the class; safe
 * ones, with fewer than half of their neighbours in other classes, away from it, which widens the class; noise is left out.
 *
 * Default support vectors: a machine with the kernel `rbf`, C = 1 and gamma `scale` for each pair of classes. From 20,000 rows on it sees
 * all rows of small classes but a sample of large ones, weighted up, with the notice `sampled-rows`. Where a class has no
 * support vector that is not noise, SMOTE over the class takes over with the notice `no-border-rows`.
 *
 * Every usable support vector makes equally many rows. imbalanced-learn, and `compat`, splits the number at random between the ones in
 * danger and the safe ones and drops a part that has none, and stops where all are noise. A gap below 0 in the provenance
 * says that the row lies beyond its base, on the side away from the neighbour; its weight is at least 0. Output as that of
 * `smote`.
 *
 * Nguyen, Cooper and Kamei, "Borderline over-sampling for imbalanced data classification", IJKESDP 3 (2011). Throws what `smote`
 * throws, `bad-support-vectors`; with `compat` `only-noise`.
 */
export function svmSmote(options: SvmSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, mNeighbors = 10, outStep = 0.5, supportVectors, seed = 0, compat, evenBase = true } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('mNeighbors', mNeighbors, 1);
  if (!(outStep >= 0 && outStep <= 1)) {
    throw new CounterweightError('bad-option', `outStep must be a number from 0 to 1, got ${String(outStep)}`);
  }
  if (supportVectors !== undefined && typeof supportVectors !== 'function') {
    throw new CounterweightError('bad-option', 'supportVectors must be a function from data to row indices');
  }
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'mNeighbors', 'outStep', 'supportVectors', 'evenBase'],
    kNeighbors,
    begin: async (problem, tasks) => {
      const support = await supportOf(problem, tasks, supportVectors);
      const around = await otherNeighboursOf(problem, support, mNeighbors, 'mNeighbors');
      // One stream of shares through all classes, there.
      const numpy = compat && numpyRandom(seed);
      return async (task) => {
        const own = support.filter((row) => problem.data.y.codes[row] === task.target.code);
        const usable = own.filter((row) => !isNoise(around, row));
        if (usable.length === 0) {
          if (compat) throw onlyNoise(task);
          problem.notices.push(noBorderRows(task, own.length));
          return smoteBlock(problem, task, evenBase);
        }
        if (numpy) return asPeer(problem, task, usable, around, outStep, numpy);
        const pairs = await pairsWithin(problem, task.rows, task.k, positionsOf(task, usable.sort()));
        const block = blockOfPairs(pairs, drawFor(problem, task, pairs, task.target.count, evenBase));
        const gap = block.gap.map((drawn, i) => (inDanger(around, block.base[i]!) ? drawn : -outStep * drawn));
        return { ...block, gap };
      };
    },
  });
}

/** Support vectors of the classes that get rows, each once. */
async function supportOf(
  problem: OverProblem,
  tasks: readonly ClassTask[],
  find: FindSupportVectors | undefined,
): Promise<Int32Array> {
  const { data, run, notices } = problem;
  if (problem.compat && !find) {
    notices.push({
      code: 'other-support-vectors',
      severity: 'warning',
      message:
        'the support vectors are those of our own machine; a few may differ from those of scikit-learn, and the rows then do',
    });
  }
  const found = find ? await find(data, run) : await findSupportVectors(problem);
  const rows = data.X.rows;
  const wrong = found.findIndex((row) => !(Number.isInteger(row) && row >= 0 && row < rows));
  if (wrong >= 0) {
    throw new CounterweightError(
      'bad-support-vectors',
      `support vector ${wrong} is row ${found[wrong]}, the data have ${rows} rows`,
    );
  }
  const targeted = new Set(tasks.map(({ target }) => target.code));
  return Int32Array.from(new Set(found)).filter((row) => targeted.has(data.y.codes[row]!));
}

/** Where the rows stand in the class. */
function positionsOf({ rows }: ClassTask, wanted: Int32Array): Int32Array {
  const place = new Map(Array.from(rows, (row, position) => [row, position] as const));
  return wanted.map((row) => place.get(row)!);
}

async function asPeer(
  problem: OverProblem,
  task: ClassTask,
  usable: Int32Array,
  around: OtherNeighbours,
  outStep: number,
  numpy: NumpyRandom,
): Promise<SyntheticBlock> {
  const { count } = task.target;
  const danger = usable.filter((row) => inDanger(around, row));
  const safe = usable.filter((row) => !inDanger(around, row));
  const inward = Math.floor(numpy.beta(10, 10) * (count + 1));
  const blocks: SyntheticBlock[] = [];
  for (const [bases, share, step] of [
    [danger, inward, 1],
    [safe, count - inward, -outStep],
  ] as const) {
    if (bases.length === 0) continue;
    const pairs = await pairsWithin(problem, task.rows, task.k, positionsOf(task, bases));
    const draws = drawPairsAsNumpy(problem.seed, bases.length, task.k, share);
    blocks.push(blockOfPairs(pairs, { ...draws, gap: draws.gap.map((gap) => step * gap) }));
  }
  return joinedBlocks(blocks);
}

function onlyNoise({ target }: ClassTask): CounterweightError {
  return new CounterweightError(
    'only-noise',
    `all support vectors of class ${quoted(target.label)} are noise, where imbalanced-learn's SVMSMOTE stops; leave compat out or use SMOTE`,
    { class: target.label },
  );
}

function noBorderRows({ target }: ClassTask, noise: number) {
  return {
    code: 'no-border-rows',
    severity: 'warning' as const,
    message: `no support vector of class ${quoted(target.label)} is near another of its rows (${noise} are noise): its new rows are those of SMOTE over the whole class`,
    class: target.label,
    numbers: { noise },
  };
}
