import { requireOptions } from '../../data/check-option-names.ts';
import type { NumericRows } from '../../data/dataset.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { counted } from '../../data/quoted.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import type { Notice } from '../../runtime/notices.ts';
import type { RandomStream } from '../../runtime/random.ts';
import { quoted } from '../class-counts.ts';
import { classStream } from '../class-stream.ts';
import { denseRows } from '../dense-rows.ts';
import type { Resampled, Resampler } from '../resampler.ts';
import { assembleBlocks, type RowBlock } from '../under/centroid-rows.ts';
import { checkMade } from './check-made.ts';
import { columnSpread } from './column-spread.ts';
import { growSpheres, type Inside } from './grow-spheres.ts';
import { type ClassTask, type OverProblem, overSampler, type PlainOverOptions } from './over-sampler.ts';
import { repeated, shareByWeight } from './share-by-weight.ts';
import { emptyBlock, type SyntheticBlock } from './synthetic-block.ts';

export interface CcrOptions extends PlainOverOptions {
  /**
   * What a sphere may spend, in units of the range of the widest column: its radius where no row of another class is in the
   * way. Above 0, default 0.25.
   */
  readonly energy?: number | undefined;
  /** Energies are multiplied by the number of columns to this power. Default 0. */
  readonly scaling?: number | undefined;
}

const name = 'ccr';

/**
 * CCR, combined cleaning and resampling: around each row of a class a sphere is cleared of rows of larger classes, which are moved
 * to its surface, and new rows are drawn from the spheres, more from smaller ones.
 *
 * A unit of radius costs one unit of energy, and another for each row of another class inside; distances are Manhattan. The
 * new rows of a class are shared over its spheres in proportion to 1 / radius, and drawn evenly from the spheres. A row inside
 * of several spheres is moved by the sum of the moves; spheres are those of the rows as given. Rows of classes that are not
 * larger cost energy but stay where they are. A row on the centre itself goes in a direction that is drawn.
 *
 * **Input rows are changed.** Output: all input rows in their order, those that are moved in their places, then the new rows,
 * class after class. A moved row is no copy: provenance has `source` -1 and the row itself as `base`, without neighbour,
 * lists the row as dropped, and a notice `rows-moved` counts them; label, group and weight stay. (smote_variants works the
 * moves out and gives back the rows unmoved.) Columns in which no two rows differ are no dimension. Each column is drawn for
 * by itself: another order of the columns gives other rows.
 *
 * Koziarski and Wozniak, "CCR: a combined cleaning and resampling algorithm for imbalanced data classification", Int. J. of
 * Applied Mathematics and Computer Science 27 (2017). Throws what `smote` throws.
 */
export function ccr(options: CcrOptions = {}): Resampler {
  requireOptions(name, options);
  const { energy = 0.25, scaling = 0 } = options;
  if (!(typeof energy === 'number' && energy > 0 && energy < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError('bad-option', `energy must be a number above 0, got ${String(energy)}`);
  }
  if (!Number.isFinite(scaling)) {
    throw new CounterweightError('bad-option', `scaling must be a number, got ${String(scaling)}`);
  }
  const movesOf = new WeakMap<OverProblem, Moves>();
  return overSampler({
    name,
    options,
    known: ['energy', 'scaling'],
    kNeighbors: 1,
    hasPeer: false,
    begin: async (problem) => {
      const { varying, widest } = columnSpread(problem.data.X);
      const spent = energy * widest * Math.max(1, problem.data.X.columns) ** scaling;
      const space = { spent, varying, all: denseRows(problem.data.X) };
      const moves: Moves = new Map();
      movesOf.set(problem, moves);
      return (task) => cleanAndFill(problem, task, space, moves);
    },
    finish: (problem, blocks) => assembleMoved(problem, blocks, movesOf.get(problem) ?? new Map()),
  });
}

/** By how much rows are moved. */
type Moves = Map<number, Float64Array>;

interface Space {
  readonly spent: number;
  readonly varying: Int32Array;
  /** All rows of the data. */
  readonly all: Matrix;
}

async function cleanAndFill(
  problem: OverProblem,
  task: ClassTask,
  space: Space,
  moves: Moves,
): Promise<SyntheticBlock> {
  const { codes } = problem.data.y;
  const { target, rows } = task;
  const { columns } = space.all;
  const stream = classStream(problem.seed, name, rows);
  const others = Int32Array.from(codes.keys()).filter((row) => codes[row] !== target.code);
  const moved = new Set<number>();
  const radii = await growSpheres(problem, rows, others, space.spent, (inside) => {
    if (problem.plan.counts[codes[inside.row]!]! <= target.rows) return;
    const move = moves.get(inside.row) ?? new Float64Array(columns);
    moves.set(inside.row, move);
    moved.add(inside.row);
    addMove(move, rows[inside.centre]!, inside, space, stream);
  });
  if (moved.size > 0) problem.notices.push(rowsMoved(task, moved.size));
  const shares = shareByWeight(
    target.count,
    radii.map((radius) => 1 / radius),
    stream,
  );
  const chosen = repeated(shares);
  const base = chosen.map((position) => rows[position]!);
  const features = denseRows(space.all, base).data;
  for (let i = 0; i < chosen.length; i++) {
    const row = features.subarray(i * columns, (i + 1) * columns);
    addFromBall(row, radii[chosen[i]!]!, space.varying, stream);
  }
  checkMade(features, target.label);
  return { ...emptyBlock(chosen.length), base, features };
}

function rowsMoved({ target: { label } }: ClassTask, rows: number): Notice {
  return {
    code: 'rows-moved',
    severity: 'info',
    message: `${counted(rows, 'row')} of larger classes ${rows === 1 ? 'was' : 'were'} moved out of the spheres around the rows of class ${quoted(label)}`,
    class: label,
    numbers: { rows },
  };
}

/** Adds the way from a row inside a sphere straight out to its surface. */
function addMove(
  move: Float64Array,
  centre: number,
  { row, distance, radius }: Inside,
  { all, varying }: Space,
  stream: RandomStream,
): void {
  const { data, columns } = all;
  if (distance === 0) {
    const direction = surfacePoint(varying, columns, stream.child('out', centre, row));
    for (let j = 0; j < columns; j++) move[j]! += radius * direction[j]!;
    return;
  }
  for (let j = 0; j < columns; j++) {
    const way = data[row * columns + j]! - data[centre * columns + j]!;
    move[j]! += (way / distance) * (radius - distance);
  }
}

/** Adds a point drawn evenly from the ball of Manhattan distance: exponentials over their sum, one to spare, with signs. */
function addFromBall(row: Float64Array, radius: number, varying: Int32Array, stream: RandomStream): void {
  const parts = Float64Array.from({ length: varying.length + 1 }, () => -Math.log1p(-stream.uniform()));
  const sum = parts.reduce((total, part) => total + part, 0);
  for (let j = 0; j < varying.length; j++) {
    const sign = stream.uniform() < 0.5 ? -1 : 1;
    row[varying[j]!]! += (sign * radius * parts[j]!) / sum;
  }
}

/** A point drawn from the surface of the unit ball of Manhattan distance. */
function surfacePoint(varying: Int32Array, columns: number, stream: RandomStream): Float64Array {
  const point = new Float64Array(columns);
  let sum = 0;
  for (const column of varying) {
    const part = -Math.log1p(-stream.uniform());
    sum += part;
    point[column] = stream.uniform() < 0.5 ? -part : part;
  }
  return sum > 0 ? point.map((part) => part / sum) : point;
}

function assembleMoved({ data, notices }: OverProblem, made: readonly SyntheticBlock[], moves: Moves): Resampled {
  const { X, y } = data;
  const blocks: RowBlock[] = [];
  for (let row = 0; row < X.rows; ) {
    const start = row;
    const isMoved = moves.has(row);
    while (row < X.rows && moves.has(row) === isMoved) row++;
    const run = Int32Array.from({ length: row - start }, (_, i) => start + i);
    blocks.push(isMoved ? { centroids: movedRows(X, run, moves), nearest: run } : { copies: run });
  }
  for (const { source, base, features } of made) {
    blocks.push(features ? { centroids: matrix(features, base.length, X.columns), nearest: base } : { copies: source });
  }
  for (const block of blocks) {
    if ('centroids' in block) checkMade(block.centroids.data, y.classes[y.codes[block.nearest[0]!]!]!);
  }
  return assembleBlocks(data, blocks, notices);
}

function movedRows(X: NumericRows, rows: Int32Array, moves: Moves) {
  const { data, columns } = denseRows(X, rows);
  for (let i = 0, at = 0; i < rows.length; i++) {
    const move = moves.get(rows[i]!)!;
    for (let j = 0; j < columns; j++, at++) data[at]! += move[j]!;
  }
  return matrix(data, rows.length, columns);
}
