import { requireOptions } from '../../data/check-option-names.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import { checkWhole, checkWord } from '../options.ts';
import type { Resampler } from '../resampler.ts';
import { findNeighbours } from '../under/find-neighbours.ts';
import { checkMade } from './check-made.ts';
import { columnSpread } from './column-spread.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';

export interface GeometricSmoteOptions extends PlainOverOptions {
  /** Nearest rows of the class among which the row on the surface is drawn. Default 5. */
  readonly kNeighbors?: number | undefined;
  /**
   * The row on the ball's surface. `minority`: one of the nearest of the class. `majority`: the nearest row of another class.
   * `combined` (the default): whichever of these two is nearer.
   */
  readonly selectionStrategy?: 'minority' | 'majority' | 'combined' | undefined;
  /**
   * From -1 to 1, default 1. The ball is cut by a plane across the way to the surface row, and what lies behind is
   * mirrored: 1 leaves the half towards that row, -1 the half away from it, 0 the whole ball.
   */
  readonly truncationFactor?: number | undefined;
  /** From 0 to 1, default 0: from the whole ball to the line through the base and the surface row. */
  readonly deformationFactor?: number | undefined;
}

const name = 'geometric-smote';

/**
 * Geometric SMOTE: new rows are drawn evenly from a ball around a row of the class, whose radius is the distance to a
 * neighbour; the ball can be cut and flattened.
 *
 * With `minority`, truncation 1 and deformation 1 the new rows lie on the segments of SMOTE. Columns in which no two rows
 * of the data differ are no dimension of the ball and stay as they are. Bases are used evenly. Provenance names the base
 * alone: the row lies off the segment, and its features stand in the result only. Columns are drawn for each by itself:
 * another order of the columns gives other rows.
 *
 * Douzas and Bacao, "Geometric SMOTE: a geometrically enhanced drop-in replacement for SMOTE", Information Sciences 501
 * (2019). Throws what `smote` throws.
 */
export function geometricSmote(options: GeometricSmoteOptions = {}): Resampler {
  requireOptions(name, options);
  const { kNeighbors = 5, selectionStrategy = 'combined', truncationFactor = 1, deformationFactor = 0 } = options;
  checkWhole('kNeighbors', kNeighbors, 1);
  checkWord('selectionStrategy', selectionStrategy, ['minority', 'majority', 'combined']);
  checkBetween('truncationFactor', truncationFactor, -1, 1);
  checkBetween('deformationFactor', deformationFactor, 0, 1);
  return overSampler({
    name,
    options,
    known: ['kNeighbors', 'selectionStrategy', 'truncationFactor', 'deformationFactor'],
    kNeighbors,
    hasPeer: false,
    begin: async (problem) => {
      const { varying } = columnSpread(problem.data.X);
      return async (task) => {
        const stream = classStream(problem.seed, name, task.rows);
        const balls = await ballsOf(problem, task, selectionStrategy, stream);
        const shape = { truncation: truncationFactor, deformation: deformationFactor };
        const features = fill(balls, shape, varying, stream);
        checkMade(features, task.target.label);
        const base = balls.centre.map((position) => task.rows[position]!);
        return { ...emptyBlock(base.length), base, features } satisfies SyntheticBlock;
      };
    },
  });
}

function checkBetween(option: string, value: unknown, least: number, most: number): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  throw new CounterweightError(
    'bad-option',
    `${option} must be a number from ${least} to ${most}, got ${String(value)}`,
  );
}

/** For every new row the centre of its ball (a position in the class) and the row on the surface. */
interface Balls {
  readonly columns: number;
  readonly centre: Int32Array;
  /** `rows × columns`. */
  readonly centres: Float64Array;
  readonly surfaces: Float64Array;
}

async function ballsOf(
  problem: OverProblem,
  { target, rows, k }: ClassTask,
  strategy: 'minority' | 'majority' | 'combined',
  stream: RandomStream,
): Promise<Balls> {
  const { X, y } = problem.data;
  const members = denseRows(X, rows);
  const own = await findNeighbours(problem, members, Int32Array.from(rows.keys()), k);
  const others = Int32Array.from(y.codes.keys()).filter((row) => y.codes[row] !== target.code);
  const foreign = await findNeighbours(problem, denseRows(X, others), members, 1);
  const centre = repeated(shareByWeight(target.count, new Uint8Array(rows.length).fill(1), stream));
  const surface = centre.map((position) => {
    const rank = stream.integer(k);
    const near = rows[own.indices[position * k + rank]!]!;
    const far = others[foreign.indices[position]!]!;
    if (strategy === 'minority') return near;
    return strategy === 'majority' || foreign.distances[position]! < own.distances[position * k + rank]! ? far : near;
  });
  const centres = denseRows(
    X,
    centre.map((position) => rows[position]!),
  ).data;
  return { columns: X.columns, centre, centres, surfaces: denseRows(X, surface).data };
}

interface Shape {
  readonly truncation: number;
  readonly deformation: number;
}

/** A point of each ball. */
function fill(balls: Balls, shape: Shape, varying: Int32Array, stream: RandomStream): Float64Array {
  const { columns, centre, centres, surfaces } = balls;
  const features = centres.slice();
  const axis = new Float64Array(varying.length);
  const point = new Float64Array(varying.length);
  for (let i = 0; i < centre.length; i++) {
    let squared = 0;
    varying.forEach((column, j) => {
      axis[j] = surfaces[i * columns + column]! - centres[i * columns + column]!;
      squared += axis[j]! * axis[j]!;
    });
    const radius = Math.sqrt(squared);
    drawFromBall(point, stream);
    // Two rows on one spot make a ball without inside.
    if (radius === 0) continue;
    for (let j = 0; j < axis.length; j++) axis[j]! /= radius;
    cutAndFlatten(point, axis, shape);
    varying.forEach((column, j) => {
      features[i * columns + column]! += radius * point[j]!;
    });
  }
  return features;
}

/** A point drawn evenly from the unit ball. */
function drawFromBall(point: Float64Array, stream: RandomStream): void {
  let squared = 0;
  while (squared === 0 && point.length > 0) {
    for (let j = 0; j < point.length; j++) {
      point[j] = stream.normal();
      squared += point[j]! * point[j]!;
    }
  }
  const scale = stream.uniform() ** (1 / point.length) / Math.sqrt(squared);
  for (let j = 0; j < point.length; j++) point[j]! *= scale;
}

function cutAndFlatten(point: Float64Array, axis: Float64Array, { truncation, deformation }: Shape): void {
  let along = 0;
  for (let j = 0; j < axis.length; j++) along += point[j]! * axis[j]!;
  const mirrored = Math.abs(truncation - along) > 1;
  for (let j = 0; j < axis.length; j++) {
    const across = point[j]! - along * axis[j]!;
    point[j] = (mirrored ? -along : along) * axis[j]! + (1 - deformation) * across;
  }
}
