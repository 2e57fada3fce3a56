import type { Matrix } from '../../data/matrix.ts';
import { breather } from '../../measure/breathe.ts';
import { columnRanges } from '../../measure/column-ranges.ts';
import { randomStream } from '../../runtime/random.ts';
import type { RunOptions } from '../../runtime/run-options.ts';
import { interpolate } from '../interpolate.ts';
import type { Provenance } from '../resampler.ts';
import { type HullPoints, hullMembership } from './hull-membership.ts';

/** What is known of a row and its class's hull. */
export const UNTESTED = 0;
export const ON_SEGMENT = 1;
export const OUT_OF_RANGE = 2;
export const INSIDE = 3;
export const OUTSIDE = 4;
export const UNDECIDED = 5;

/** Multiplications that the tests of all classes may cost, and rows a class that are tested whatever they cost. */
const MOST_WORK = 2e9;
const FEWEST_ROWS = 5;
/** Real rows of a class that are tested beside them, each against the others, and for how much of the work. */
const REAL_ROWS = 100;
const REAL_WORK = 0.2;

/** Whether the row of `made` lies, up to the slack of each column, on the segment that provenance says it is on. */
export function onSegment(
  { base, neighbour, gap }: Provenance,
  output: number,
  made: Matrix,
  row: number,
  original: Matrix,
  slack: Float64Array,
): boolean {
  const step = gap[output]!;
  if (base[output]! < 0 || neighbour[output]! < 0 || !(step >= 0 && step <= 1)) return false;
  const { columns } = made;
  const a = base[output]! * columns;
  const b = neighbour[output]! * columns;
  for (let j = 0, at = row * columns; j < columns; j++, at++) {
    const value = interpolate(original.data[a + j]!, original.data[b + j]!, step);
    if (Math.abs(made.data[at]! - value) > slack[j]!) return false;
  }
  return true;
}

/** Rows of one class whose place is open: their places among those looked at, and how to get their cells. */
export interface HullRequest {
  readonly original: Matrix;
  readonly members: Int32Array;
  readonly open: Int32Array;
  cellsOf(place: number): Float64Array;
  readonly seed: number;
  /** Rows to test at most. */
  readonly most: number;
  /** Classes among which the work is shared. */
  readonly classes: number;
}

/** Real rows of a class that were tested, and how many of them lie outside the hull of the others. */
export interface RealHull {
  readonly rows: number;
  readonly outside: number;
}

/**
 * Tests a sample of the open rows, in an order drawn from the class's own stream, and writes what it found. Then some real rows
 * are tested: of few rows in many columns, each lies outside the hull of the others.
 */
export async function checkHull(request: HullRequest, found: Uint8Array, run: RunOptions): Promise<RealHull> {
  const { members, open, seed, classes } = request;
  const most = Math.min(request.most, open.length);
  if (most === 0) return { rows: 0, outside: 0 };
  const frame = classFrame(request.original, members);
  const budget = MOST_WORK / classes;
  const order = randomStream(seed, 'audit', 'hull', members[0]!).permutation(open.length);
  await testInTurn(most, budget, run, (i) => {
    const place = open[order[i]!]!;
    const answer = hullMembership(frame, frame.place(request.cellsOf(place)));
    found[place] = answer.verdict === 'inside' ? INSIDE : answer.verdict === 'outside' ? OUTSIDE : UNDECIDED;
    return answer.work;
  });
  const real = randomStream(seed, 'audit', 'real hull', members[0]!).permutation(members.length);
  let outside = 0;
  let decided = 0;
  await testInTurn(Math.min(REAL_ROWS, members.length), REAL_WORK * budget, run, (i) => {
    const without = real[i]!;
    const x = frame.points.slice(without * frame.columns, (without + 1) * frame.columns);
    const { verdict, work } = hullMembership({ ...frame, without }, x);
    if (verdict !== 'undecided') decided++;
    if (verdict === 'outside') outside++;
    return work;
  });
  return { rows: decided, outside };
}

/** Does tasks 0, 1, ... until `count` are done or, beyond a few, their work exceeds the budget. */
async function testInTurn(count: number, budget: number, run: RunOptions, task: (i: number) => number): Promise<void> {
  const breathe = breather(run, 'convex hull');
  let work = 0;
  for (let i = 0; i < count; i++) {
    if (i >= FEWEST_ROWS && work >= budget) return;
    await breathe(i, count);
    work += task(i);
  }
}

/** A class in units of its own ranges; columns that do not vary in it are left out, as rows in its ranges have its value. */
function classFrame(original: Matrix, members: Int32Array): HullPoints & { place(cells: Float64Array): Float64Array } {
  const { low, high } = columnRanges(original.data, original.columns, members);
  const used = Array.from(low.keys()).filter((j) => high[j]! > low[j]!);
  const columns = used.length;
  const place = (cells: Float64Array) => {
    const placed = new Float64Array(columns);
    for (const [i, j] of used.entries()) placed[i] = (cells[j]! - low[j]!) / (high[j]! - low[j]!);
    return placed;
  };
  const points = new Float64Array(members.length * columns);
  for (const [i, row] of members.entries()) {
    points.set(place(original.data.subarray(row * original.columns, (row + 1) * original.columns)), i * columns);
  }
  return { points, rows: members.length, columns, place };
}
