import { requireOptions } from '../../data/check-option-names.ts';
import type { Notice } from '../../runtime/notices.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { type OtherNeighbours, otherNeighbours } from './other-neighbours.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { pairsWithin, smoteBlock } from './within-class.ts';

export interface SafeLevelSmoteOptions extends PlainOverOptions {
  /** Neighbours of its own class that a row may be moved towards. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Neighbours among all rows that tell how safe a row is. Default 5. */
  readonly mNeighbors?: number | undefined;
}

const name = 'safe-level-smote';

/**
 * Safe-level-SMOTE: new rows lie nearer to the safer of their two parents. The safe level of a row is the number of rows of
 * its own class among its `mNeighbors` nearest of all rows.
 *
 * With p the base's level and n the neighbour's, the gap is drawn from [0, 1] where p = n, from [0, n / p] where the base is
 * safer, from [1 - p / n, 1] where the neighbour is. Where n = 0 < p, or p = 0 < n, the row has the features of the safe one
 * of the two, which provenance names as its base, with gap 0. A pair with p = n = 0 is noise and makes no row: the other
 * pairs make its share, so counts are exact. A class without a safe row gets the rows of SMOTE, with the notice
 * `no-safe-rows`. The rows that can be bases are used evenly.
 *
 * The paper draws a gap for each feature; one a row keeps the row on the segment. Output as that of `smote`.
 * Bunkhumpornpat, Sinapiromsaran and Lursinsap, "Safe-Level-SMOTE", PAKDD 2009. Throws what `smote` throws.
 */
export function safeLevelSmote(options: SafeLevelSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, mNeighbors = 5 } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('mNeighbors', mNeighbors, 1);
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'mNeighbors'],
    kNeighbors,
    hasPeer: false,
    begin: async (problem, tasks) => {
      const around = await otherNeighbours(problem, tasks, mNeighbors, 'mNeighbors');
      return async (task) => towardsSafety(problem, task, around);
    },
  });
}

async function towardsSafety(problem: OverProblem, task: ClassTask, around: OtherNeighbours): Promise<SyntheticBlock> {
  const levelOf = (row: number) => around.m - around.others[row]!;
  const { bases, neighbours, k } = await pairsWithin(problem, task.rows, task.k);
  // A row that is safe goes towards any neighbour, another towards those that are.
  const ends = Array.from(bases, (base, position) => {
    const own = neighbours.subarray(position * k, (position + 1) * k);
    return levelOf(base) > 0 ? own : own.filter((row) => levelOf(row) > 0);
  });
  const usable = Int32Array.from(ends.keys()).filter((position) => ends[position]!.length > 0);
  if (usable.length === 0) {
    problem.notices.push(noSafeRows(task, around.m));
    return smoteBlock(problem, task);
  }
  const stream = classStream(problem.seed, name, task.rows);
  const { count } = task.target;
  const chosen = repeated(shareByWeight(count, new Uint8Array(usable.length).fill(1), stream));
  const block = emptyBlock(count);
  for (let i = 0; i < count; i++) {
    const position = usable[chosen[i]!]!;
    const base = bases[position]!;
    const neighbour = ends[position]![stream.integer(ends[position]!.length)]!;
    const drawn = stream.uniform();
    // Where all of the way is noise but its end, the new row has the features of that end to the bit.
    const turned = levelOf(base) === 0;
    block.base[i] = turned ? neighbour : base;
    block.neighbour[i] = turned ? base : neighbour;
    block.gap[i] = turned ? 0 : safeGap(levelOf(base), levelOf(neighbour), drawn);
  }
  return block;
}

function noSafeRows({ target: { label, rows } }: ClassTask, neighbours: number): Notice {
  return {
    code: 'no-safe-rows',
    severity: 'warning',
    message: `none of the ${rows} rows of class ${quoted(label)} has one of its class among its ${neighbours} nearest rows: its new rows are those of SMOTE`,
    class: label,
    numbers: { rows, neighbours },
  };
}

/** The gap for safe levels p > 0 of the base and n of the neighbour. */
function safeGap(p: number, n: number, drawn: number): number {
  if (n === 0) return 0;
  return p >= n ? (drawn * n) / p : 1 - (drawn * p) / n;
}
