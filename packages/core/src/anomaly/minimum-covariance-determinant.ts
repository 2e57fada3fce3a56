import type { NumericRows } from '../data/dataset.ts';
import type { Matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Work, withKernels } from '../runtime/work.ts';
import { checkKnown } from './check-options.ts';
import { chiSquareCdf, chiSquareQuantile } from './chi-square.ts';
import { concentrate, concentrateFully, distancesBy, type Scatter, scatterOf } from './concentration.ts';
import { crowdedColumns, crowdedNotices, restoreCrowded } from './crowded-columns.ts';
import { fittingRows } from './fitting-rows.ts';
import { drawRows } from './isolation-trees.ts';
import { type CovarianceDetector, clearConstant } from './mahalanobis.ts';
import { type CovarianceModel, covarianceModel, covarianceModelFromJSON, rankNotices } from './mahalanobis-model.ts';
import { columnMeans, covarianceOf, fullCovariance } from './moments.ts';
import { pickRows } from './pick-rows.ts';
import { whitened, whitening } from './whitening.ts';

export interface MinimumCovarianceDeterminantOptions {
  /**
   * Share of the rows that are trusted, from a half to 1, but no fewer than ⌊(n + columns + 1) / 2⌋ rows. Default 0.9: strange rows are rare,
   * and the more rows are trusted, the less strange the tails of ordinary ones look. Take less where one row in ten may be strange; 0.5, as
   * in scikit-learn, bears the most.
   */
  readonly supportFraction?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export const MINIMUM_COVARIANCE_DETERMINANT = 'minimum-covariance-determinant';

/**
 * Squared Mahalanobis distance by the minimum covariance determinant: mean and covariance of the h rows whose covariance has the least
 * determinant, so that up to n - h strange rows cannot move them. Found by FastMCD (Rousseeuw and Van Driessen, Technometrics 41, 1999):
 * 500 starts of columns + 1 rows, two C-steps each, the ten best to the end; with more than 600 rows in groups of at most 300 first.
 * Rows within the 97.5 % quantile then give the final estimate; both steps are made consistent for normal rows (Croux and Haesbroeck
 * 1999; Pison, Van Aelst and Willems 2002).
 *
 * A column with one value in more than half of the rows, such as a flag or a count that is mostly 0, would bring the determinant to 0
 * or near it whatever the other columns. The rows to trust are then chosen by the others, and the column has the variance that it has among those (notice
 * `crowded-columns`); scikit-learn keeps it, stops at a determinant of 0 and ranks by which of many such halves its seed met. Where h
 * rows or more lie in a plane all the same, rows off it are strange beyond measure: their distances are finite by a small ridge, and the
 * notice `exact-fit` says so. Units of the columns change nothing. Throws `bad-option`; fit throws `distance-overflow`.
 */
export function minimumCovarianceDeterminant(options: MinimumCovarianceDeterminantOptions = {}): CovarianceDetector {
  checkKnown(MINIMUM_COVARIANCE_DETERMINANT, options, ['supportFraction', 'seed']);
  const { supportFraction = 0.9, seed = 0 } = options;
  if (!(supportFraction >= 0.5 && supportFraction <= 1)) {
    const message = `supportFraction must be from a half to 1, got ${String(supportFraction)}`;
    throw new CounterweightError('bad-option', message);
  }
  return Object.freeze({
    name: MINIMUM_COVARIANCE_DETERMINANT,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, constant, notices } = fittingRows(MINIMUM_COVARIANCE_DETERMINANT, X, run);
      const means = columnMeans(rows);
      const classical = await withKernels(run, (work) => fullCovariance(work, rows, means));
      clearConstant(classical, constant);
      const varying = constant.filter((flag) => flag === 0).length;
      const found = [...notices, ...rankNotices(whitening(means, classical).rank, varying)];
      const name = MINIMUM_COVARIANCE_DETERMINANT;
      const crowded = crowdedColumns(rows, constant);
      const searched = classical.slice();
      clearConstant(searched, crowded);
      const map = whitening(means, searched);
      if (map.rank === 0) return covarianceModel(name, means, classical, [...found, ...crowdedNotices(crowded)]);
      // The estimate moves with any linear map, so it is looked for where every direction has variance 1.
      const space = whitened(map, rows);
      const support = supportSize(rows.rows, map.rank, supportFraction);
      const raw = await withKernels(run, (work) => fastMcd(space, support, seed, work));
      const kept = trustedRows(space, raw, support);
      const location = columnMeans(rows, kept);
      const covariance = covarianceOf(rows, location, kept);
      widen(covariance, consistency(map.rank, TRUSTED_SHARE), crowded);
      clearConstant(covariance, constant);
      restoreCrowded(rows, crowded, kept, covariance, classical);
      found.push(...crowdedNotices(crowded));
      const flat = scatterOf(space, kept).flat;
      if (flat) addRidge(covariance, classical, rows.columns);
      return covarianceModel(name, location, covariance, flat ? [...found, exactFit(support)] : found);
    },
  });
}

/** Rows beyond this quantile of the distances of normal rows do not count for the final estimate. */
const TRUSTED_SHARE = 0.975;
const STARTS = 500;
const BEST = 10;
/** Rows from which groups are searched first, rows of a group and number of groups (section 3.3 of the paper). */
const GROUPED_ROWS = 600;
const GROUP = 300;
const GROUPS = 5;

function supportSize(rows: number, columns: number, fraction: number): number {
  const least = Math.floor((rows + columns + 1) / 2);
  return Math.min(rows, Math.max(Math.floor(fraction * rows), least));
}

async function fastMcd(rows: Matrix, support: number, seed: number, work: Work): Promise<Scatter> {
  const stream = randomStream(seed, MINIMUM_COVARIANCE_DETERMINANT);
  if (support === rows.rows)
    return scatterOf(
      rows,
      Int32Array.from({ length: support }, (_, i) => i),
    );
  let candidates: readonly Scatter[];
  if (rows.rows <= GROUPED_ROWS) candidates = await start(rows, support, STARTS, stream, work);
  else {
    const order = stream.child('groups').permutation(rows.rows);
    const count = Math.min(GROUPS, Math.floor(rows.rows / GROUP));
    const size = Math.min(GROUP, Math.floor(rows.rows / count));
    const all: Scatter[] = [];
    for (let g = 0; g < count; g++) {
      const group = pickRows(rows, order.slice(g * size, (g + 1) * size));
      const share = Math.ceil((size * support) / rows.rows);
      all.push(...(await start(group, share, Math.ceil(STARTS / count), stream.child('group', g), work)));
    }
    const merged = pickRows(rows, order.slice(0, count * size));
    candidates = await improved(merged, all, Math.ceil((merged.rows * support) / rows.rows), work);
  }
  let best: Scatter | undefined;
  for (const candidate of candidates) {
    const found = concentrateFully(rows, concentrate(rows, candidate, support), support);
    if (!best || found.logDeterminant < best.logDeterminant) best = found;
    await work.breathe();
  }
  return best!;
}

/** The ten best of many starts after two C-steps. */
async function start(rows: Matrix, support: number, starts: number, stream: RandomStream, work: Work) {
  const order = Int32Array.from({ length: rows.rows }, (_, i) => i);
  const found: Scatter[] = [];
  for (let s = 0; s < starts; s++) found.push(drawStart(rows, order, stream.child(s)));
  return improved(rows, found, support, work);
}

/** Rows of columns + 1, and one more as long as they lie in a plane. */
function drawStart(rows: Matrix, order: Int32Array, stream: RandomStream): Scatter {
  const most = Math.min(rows.rows, 3 * rows.columns + 10);
  const drawn = drawRows(order, most, stream);
  for (let size = Math.min(rows.columns + 1, most); ; size++) {
    const scatter = scatterOf(rows, drawn.slice(0, size));
    if (!scatter.flat || size >= most) return scatter;
  }
}

async function improved(rows: Matrix, starts: readonly Scatter[], support: number, work: Work) {
  const found: Scatter[] = [];
  for (const one of starts) {
    found.push(concentrate(rows, concentrate(rows, one, support), support));
    await work.breathe();
  }
  return found.sort((a, b) => a.logDeterminant - b.logDeterminant).slice(0, BEST);
}

/** The rows that the raw estimate, made consistent, takes for ordinary; at least those it rests on. */
function trustedRows(rows: Matrix, raw: Scatter, support: number): Int32Array {
  const distances = distancesBy(rows, raw);
  const limit = chiSquareQuantile(TRUSTED_SHARE, rows.columns) * consistency(rows.columns, support / rows.rows);
  const kept = Int32Array.from(distances.keys()).filter((row) => distances[row]! < limit);
  return kept.length > rows.columns ? kept : Int32Array.from(distances.keys());
}

/** By how much the covariance of the `share` nearest of normal rows is too small. */
function consistency(columns: number, share: number): number {
  if (share >= 1) return 1;
  return share / chiSquareCdf(chiSquareQuantile(share, columns), columns + 2);
}

/** Crowded columns have no part in the choice of rows, which makes the others' variances too small. */
function widen(covariance: Float64Array, factor: number, crowded: Uint8Array): void {
  const scales = Array.from(crowded, (flag) => (flag ? 1 : Math.sqrt(factor)));
  const columns = crowded.length;
  for (let j = 0; j < columns; j++) {
    for (let k = 0; k <= j; k++) {
      const value = covariance[j * columns + k]! * (scales[j]! * scales[k]!);
      covariance[j * columns + k] = covariance[k * columns + j] = value;
    }
  }
}

function addRidge(covariance: Float64Array, classical: Float64Array, columns: number): void {
  for (let j = 0; j < columns; j++) covariance[j * columns + j]! += 1e-9 * classical[j * columns + j]!;
}

function exactFit(support: number): Notice {
  const message = `${support} rows or more lie in a plane: rows off it are strange beyond measure`;
  return Object.freeze({
    code: 'exact-fit',
    severity: 'warning',
    message,
    numbers: Object.freeze({ rows: support }),
  });
}

/** Throws `bad-model`. */
export const minimumCovarianceDeterminantFromJSON = (json: unknown): CovarianceModel =>
  covarianceModelFromJSON(MINIMUM_COVARIANCE_DETERMINANT, json);
