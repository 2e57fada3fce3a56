import { selectNumericRows } from '../../data/select-numeric-rows.ts';
import { nearestNeighbours } from '../../neighbors/nearest-neighbours.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import type { ClassTask, OverProblem } from './over-sampler.ts';
import { drawPairs, drawPairsAsNumpy, type PairDraws } from './pair-draws.ts';
import type { SyntheticBlock } from './synthetic-block.ts';

/** Rows that new rows start from, and towards which rows of the data each may be moved. */
export interface Pairs {
  readonly bases: Int32Array;
  /** `bases × k`, nearest first. */
  readonly neighbours: Int32Array;
  readonly k: number;
}

/**
 * The k nearest rows of the same class for all rows of a class, or for those at the given positions. Throws
 * `distance-overflow`.
 */
export async function pairsWithin(
  { data, run }: Pick<OverProblem, 'data' | 'run'>,
  rows: Int32Array,
  k: number,
  positions?: Int32Array,
): Promise<Pairs> {
  const reference = selectNumericRows(data.X, rows);
  const { indices, distances } = await nearestNeighbours(
    { reference, k, ...(positions && { queries: positions }) },
    { signal: run.signal, runtime: run.runtime },
  );
  if (!distances.every(Number.isFinite)) {
    const label = data.y.classes[data.y.codes[rows[0]!]!]!;
    throw new CounterweightError(
      'distance-overflow',
      `the distances between the rows of class ${quoted(label)} are too large for a number; scale the features first`,
      { class: label },
    );
  }
  const bases = positions ? positions.map((position) => rows[position]!) : rows;
  return { bases, neighbours: indices.map((position) => rows[position]!), k };
}

/** New rows from what was drawn. */
export function blockOfPairs({ bases, neighbours, k }: Pairs, draws: PairDraws): SyntheticBlock {
  const count = draws.base.length;
  const base = new Int32Array(count);
  const neighbour = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const position = draws.base[i]!;
    base[i] = bases[position]!;
    neighbour[i] = neighbours[position * k + draws.rank[i]!]!;
  }
  return { source: new Int32Array(count).fill(-1), base, neighbour, gap: draws.gap };
}

/** What SMOTE would add to a class: `count` rows between rows of it and their k nearest of it. */
export async function smoteBlock(problem: OverProblem, task: ClassTask, evenBase = true): Promise<SyntheticBlock> {
  const pairs = await pairsWithin(problem, task.rows, task.k);
  return blockOfPairs(pairs, drawFor(problem, task, pairs, task.target.count, evenBase));
}

/** Draws for a class: from its own stream, or with `compat` as imbalanced-learn does in every class anew. */
export function drawFor(
  { seed, name, compat }: OverProblem,
  { rows }: ClassTask,
  { bases, k }: Pairs,
  count: number,
  evenBase: boolean,
): PairDraws {
  if (compat) return drawPairsAsNumpy(seed, bases.length, k, count);
  return drawPairs(classStream(seed, name, rows), bases.length, k, count, evenBase);
}
