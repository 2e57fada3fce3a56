import { requireOptions } from '../../data/check-option-names.ts';
import type { Matrix } from '../../data/matrix.ts';
import { counted } from '../../data/quoted.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { kMeans } from '../cluster/k-means.ts';
import { denseRows } from '../dense-rows.ts';
import { checkWhole } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { checkMade } from './check-made.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';
import { smoteBlock } from './within-class.ts';

export interface LvqSmoteOptions extends PlainOverOptions {
  /** Rows of the class nearest to a codeword that may be carried over. Default 5. */
  readonly kNeighbors?: number | undefined;
  /** Codewords of a class: centres of k-means. At least 4, default 10. */
  readonly nClusters?: number | undefined;
}

const name = 'lvq-smote';

/** Two disjoint pairs. */
const LEAST_CODEWORDS = 4;

/**
 * LVQ-SMOTE: the class is summed up by codewords; a pattern seen at one pair of them is carried over to another pair that lies
 * alike.
 *
 * For a new row, an ordered pair (a, b) of codewords is drawn. Of the pairs (i, j) without a and b, the one is taken whose way
 * from i to j comes nearest to that from a to b; a row x is drawn of the `kNeighbors` rows nearest to i; the new row is
 * a + (x - i). Provenance names x as its base; the row lies on no segment, and its features stand in the result only. The
 * paper learns its codewords from further data sets too; here, as in smote_variants, they are those of the class. There, x may
 * be taken from j, to which not a but b corresponds, and the pair (i, i) counts as one.
 *
 * A class of fewer than 4 rows gets the rows of SMOTE, with the notice `too-few-codewords`; one of fewer rows than
 * `nClusters` has a codeword a row.
 *
 * Nakamura, Kajiwara, Otsuka and Kimura, "LVQ-SMOTE: learning vector quantization based synthetic minority over-sampling
 * technique for biomedical data", BioData Mining 6 (2013). Throws what `smote` throws.
 */
export function lvqSmote(options: LvqSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, nClusters = 10 } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWhole('nClusters', nClusters, LEAST_CODEWORDS);
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'nClusters'],
    kNeighbors,
    hasPeer: false,
    begin: async (problem) => async (task) => {
      const clusters = Math.min(nClusters, task.rows.length);
      if (clusters < LEAST_CODEWORDS) {
        problem.notices.push(tooFewCodewords(task));
        return smoteBlock(problem, task);
      }
      return carryOver(problem, task, clusters);
    },
  });
}

function tooFewCodewords({ target: { label, rows } }: ClassTask) {
  return {
    code: 'too-few-codewords',
    severity: 'warning' as const,
    message: `class ${quoted(label)} has ${counted(rows, 'row')}, too few for two pairs of codewords: its new rows are those of SMOTE`,
    class: label,
    numbers: { rows, needed: LEAST_CODEWORDS },
  };
}

async function carryOver(
  problem: OverProblem,
  { target, rows, k }: ClassTask,
  clusters: number,
): Promise<SyntheticBlock> {
  const { signal, runtime } = problem.run;
  const stream = classStream(problem.seed, name, rows);
  const X = denseRows(problem.data.X, rows);
  const { centres } = await kMeans({ X, clusters, stream: stream.child('codewords') }, { signal, runtime });
  const near = await findNeighbours(problem, X, centres, k);
  // By row: two rows that are all of a cluster are as far from its centre, and rounding would order them.
  for (let i = 0; i < clusters; i++) near.indices.subarray(i * k, (i + 1) * k).sort();
  const counterpart = pairsAlike(centres);
  const { columns } = X;
  const features = new Float64Array(target.count * columns);
  const base = new Int32Array(target.count);
  for (let i = 0, at = 0; i < target.count; i++) {
    const [a, b] = drawPair(clusters, stream);
    const from = counterpart(a, b);
    const position = near.indices[from * k + stream.integer(k)]!;
    base[i] = rows[position]!;
    for (let j = 0; j < columns; j++, at++) {
      features[at] =
        centres.data[a * columns + j]! + (X.data[position * columns + j]! - centres.data[from * columns + j]!);
    }
  }
  checkMade(features, target.label);
  return { ...emptyBlock(target.count), base, features };
}

function drawPair(n: number, stream: RandomStream): [number, number] {
  const a = stream.integer(n);
  const b = stream.integer(n - 1);
  return [a, b < a ? b : b + 1];
}

/** For a pair of codewords (a, b): the first of the disjoint pair whose way is most like that from a to b. */
function pairsAlike({ data, rows, columns }: Matrix): (a: number, b: number) => number {
  const known = new Int32Array(rows * rows).fill(-1);
  const unlike = (a: number, b: number, i: number, j: number) => {
    let squared = 0;
    for (let c = 0; c < columns; c++) {
      const way = data[a * columns + c]! - data[b * columns + c]!;
      squared += (way - (data[i * columns + c]! - data[j * columns + c]!)) ** 2;
    }
    return squared;
  };
  return (a, b) => {
    if (known[a * rows + b]! >= 0) return known[a * rows + b]!;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        if (i === j || i === a || i === b || j === a || j === b) continue;
        const squared = unlike(a, b, i, j);
        if (squared < least || known[a * rows + b] === -1) {
          least = squared;
          known[a * rows + b] = i;
        }
      }
    }
    return known[a * rows + b]!;
  };
}
