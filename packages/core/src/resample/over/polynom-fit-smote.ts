import { requireOptions } from '../../data/check-option-names.ts';
import { counted } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { throwIfAborted } from '../../runtime/run-options.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import type { Resampler } from '../resampler.ts';
import { checkMade } from './check-made.ts';
import { fitCurve } from './fit-curve.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';

export interface PolynomFitSmoteOptions extends PlainOverOptions {
  /**
   * Where the new rows lie. `star` (the default): on the way from each row to the mean of the class. `bus`: on the way from
   * each row to the next in the order of the data. `mesh`: on the ways between any two rows. `poly_N`: on a curve of degree
   * N (1 to 20) through the rows.
   */
  readonly topology?: PolynomFitTopology | undefined;
}

export type PolynomFitTopology = 'star' | 'bus' | 'mesh' | `poly_${number}`;

const name = 'polynom-fit-smote';

/** A polynomial of a higher degree swings between its points, whatever it is fitted to. */
const MOST_DEGREE = 20;

/**
 * Polynomial fitting SMOTE: new rows lie on lines or on a curve laid through the whole class.
 *
 * A way that gets m rows has them at 1/(m + 1) ... m/(m + 1) of its length. The ways of `star` and `bus` get equally many,
 * give or take one; so do those of `mesh`, of which, where there are more than rows to make, as many are drawn as there are
 * rows. `poly_N` puts the rows of the class in the order of their means over the columns, fits a polynomial of their rank to
 * each column by least squares, and draws points of the curve evenly over the ranks; a class with too few rows for the
 * degree gets the highest that it allows, with the notice `degree-lowered`.
 *
 * Counts are exact. Rows of `bus` and `mesh` lie between two input rows, which provenance names; those of `star` have no
 * neighbour, and those of `poly_N` the row of the nearest rank as base. We differ from smote_variants, which evaluates the
 * curve of each column at another point and so leaves the curve, and makes a multiple of the class's rows.
 *
 * Gazzah and Essoukri Ben Amara, "New oversampling approaches based on polynomial fitting for imbalanced data sets", DAS
 * 2008. Throws what `planSampling` throws, `too-few-rows` for a class of one row, `not-finite`, `distance-overflow`,
 * `shape-mismatch`; `bad-option`.
 */
export function polynomFitSmote(options: PolynomFitSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { topology = 'star' } = options;
  const degree = degreeOf(topology);
  return overSampler({
    name,
    options,
    known: ['topology'],
    kNeighbors: 1,
    hasPeer: false,
    begin: async (problem) => async (task) => {
      throwIfAborted(problem.run.signal);
      const stream = classStream(problem.seed, name, task.rows);
      if (topology === 'bus') return bus(task, stream);
      if (topology === 'mesh') return mesh(task, stream);
      return topology === 'star' ? star(problem, task, stream) : curve(problem, task, degree, stream);
    },
  });
}

/** Degree of `poly_N`, 0 for the others. Throws `bad-option` for what is no topology. */
function degreeOf(topology: string): number {
  if (['star', 'bus', 'mesh'].includes(topology)) return 0;
  const degree = /^poly_[1-9]\d*$/.test(topology) ? Number(topology.slice(5)) : 0;
  if (degree >= 1 && degree <= MOST_DEGREE) return degree;
  throw new CounterweightError(
    'bad-option',
    `topology must be star, bus, mesh or poly_1 to poly_${MOST_DEGREE}, got ${String(topology)}`,
  );
}

function star({ data }: OverProblem, { target, rows }: ClassTask, stream: RandomStream): SyntheticBlock {
  const own = denseRows(data.X, rows);
  const { columns } = own;
  const mean = new Float64Array(columns);
  // Means of differences from the first row: a column of one value keeps it to the bit.
  for (let i = 0; i < own.data.length; i++) {
    mean[i % columns]! += (own.data[i]! - own.data[i % columns]!) / own.rows;
  }
  for (let j = 0; j < columns; j++) mean[j]! += own.data[j]!;
  const { way, part } = spread(shareByWeight(target.count, alike(rows.length), stream));
  const features = new Float64Array(target.count * columns);
  for (let i = 0, at = 0; i < target.count; i++) {
    const start = way[i]! * columns;
    for (let j = 0; j < columns; j++, at++) {
      features[at] = own.data[start + j]! + part[i]! * (mean[j]! - own.data[start + j]!);
    }
  }
  checkMade(features, target.label);
  return { ...emptyBlock(target.count), base: way.map((position) => rows[position]!), features };
}

function bus({ target, rows }: ClassTask, stream: RandomStream): SyntheticBlock {
  const { way, part } = spread(shareByWeight(target.count, alike(rows.length - 1), stream));
  return {
    ...emptyBlock(target.count),
    base: way.map((position) => rows[position]!),
    neighbour: way.map((position) => rows[position + 1]!),
    gap: part,
  };
}

function mesh({ target, rows }: ClassTask, stream: RandomStream): SyntheticBlock {
  const { count } = target;
  const pairs = (rows.length * (rows.length - 1)) / 2;
  const few = count < pairs;
  const drawn = few ? drawDistinct(count, pairs, stream) : undefined;
  const { way, part } = spread(few ? alike(count) : shareByWeight(count, alike(pairs), stream));
  const block = { ...emptyBlock(count), gap: part };
  for (let i = 0; i < count; i++) {
    const pair = drawn ? drawn[way[i]!]! : way[i]!;
    // Pairs (1, 0), (2, 0), (2, 1), (3, 0) ... in turn.
    let later = Math.floor((1 + Math.sqrt(1 + 8 * pair)) / 2);
    while ((later * (later - 1)) / 2 > pair) later--;
    while (((later + 1) * later) / 2 <= pair) later++;
    block.base[i] = rows[pair - (later * (later - 1)) / 2]!;
    block.neighbour[i] = rows[later]!;
  }
  return block;
}

function curve(problem: OverProblem, { target, rows }: ClassTask, asked: number, stream: RandomStream): SyntheticBlock {
  const own = denseRows(problem.data.X, rows);
  const { columns } = own;
  const degree = Math.min(asked, rows.length - 1);
  if (degree < asked) {
    problem.notices.push({
      code: 'degree-lowered',
      severity: 'warning',
      message: `class ${quoted(target.label)} has ${counted(rows.length, 'row')}, so the curve has degree ${degree} instead of ${asked}`,
      class: target.label,
      numbers: { rows: rows.length, asked, used: degree },
    });
  }
  const means = Float64Array.from({ length: rows.length }, (_, i) => {
    return own.data.subarray(i * columns, (i + 1) * columns).reduce((sum, value) => sum + value / columns, 0);
  });
  const order = Int32Array.from(rows.keys()).sort((a, b) => means[a]! - means[b]!);
  const at = fitCurve(denseRows(own, order), degree);
  const features = new Float64Array(target.count * columns);
  const base = new Int32Array(target.count);
  for (let i = 0; i < target.count; i++) {
    const rank = stream.uniform() * (rows.length - 1);
    base[i] = rows[order[Math.round(rank)]!]!;
    at(rank, features.subarray(i * columns, (i + 1) * columns));
  }
  checkMade(features, target.label);
  return { ...emptyBlock(target.count), base, features };
}

const alike = (ways: number) => new Int32Array(ways).fill(1);

/** For every new row its way and what part of it lies behind, where a way has so many rows as its share. */
function spread(shares: Int32Array): { readonly way: Int32Array; readonly part: Float64Array } {
  const way = repeated(shares);
  const part = new Float64Array(way.length);
  for (let i = 0, inWay = 0; i < way.length; i++) {
    inWay = i > 0 && way[i] === way[i - 1] ? inWay + 1 : 1;
    part[i] = inWay / (shares[way[i]!]! + 1);
  }
  return { way, part };
}

/** `count` distinct numbers of 0 ... n - 1, ascending, by Floyd's method; n may be beyond 2^32. */
function drawDistinct(count: number, n: number, stream: RandomStream): Float64Array {
  const drawn = new Set<number>();
  for (let last = n - count; last < n; last++) {
    const number = Math.floor(stream.uniform() * (last + 1));
    drawn.add(drawn.has(number) ? last : number);
  }
  return Float64Array.from(drawn).sort();
}
