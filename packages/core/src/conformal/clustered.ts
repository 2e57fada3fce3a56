import { classCounts } from '../data/label-views.ts';
import type { Labels } from '../data/labels.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import { type CalibrationScores, calibrationScores } from './calibration-scores.ts';
import { calibrationFromJSON, fieldReader } from './conformal-json.ts';
import { groupedModel } from './grouped-model.ts';
import { kMeans } from './k-means.ts';
import type { ConformalFitOptions, ConformalModel, ConformalPredictor } from './predictor.ts';
import { requireAlpha, rowsNeeded } from './rank-rule.ts';
import { lac } from './scores/least-ambiguous.ts';
import { type SortedGroups, sortedGroups } from './sorted-groups.ts';
import type { ConformalOptions } from './split.ts';

export const CLUSTERED_KIND = 'clustered';

/** Quantiles of a class's scores that describe it (Ding et al. 2023). */
const EMBEDDING = [0.5, 0.6, 0.7, 0.8, 0.9];

export interface ClusteredOptions extends ConformalOptions {
  /** The level that clustering is planned for; 0.1 unless told. Sets may be asked for at any level. */
  readonly alpha?: number | undefined;
  /** Number of clusters; half the rows that the rarest class spends on clustering unless told. */
  readonly clusters?: number | undefined;
  /** Share of the calibration rows spent on clustering; from the class counts unless told. */
  readonly clusteringShare?: number | undefined;
  /**
   * How classes too rare for a cluster are judged: `pooled` (unless told, as published) by all rows, which promises
   * nothing and lets coverage over all rows fall below 1 - alpha where they are many; `together` as one more cluster,
   * with which coverage holds for every cluster and so for all rows.
   */
  readonly unplaced?: 'pooled' | 'together' | undefined;
}

/**
 * Clustered conformal prediction (Ding, Angelopoulos, Bates, Jordan, Tibshirani 2023): classes whose scores are alike
 * share one bound, so that many rare classes have enough rows together. A random part of the rows finds the clusters
 * (weighted k-means of the classes' score quantiles), the rest calibrates them; for classes too rare to be placed see
 * `unplaced`.
 *
 * Coverage holds for each cluster. Where clustering cannot be planned, all rows calibrate one bound, as in split
 * conformal prediction, and the notice `clustering-skipped` says so. Throws `bad-option`.
 */
export function clusteredConformal(options: ClusteredOptions = {}): ConformalPredictor {
  const { score = lac(), seed = 0, alpha = 0.1, clusters, clusteringShare, unplaced = 'pooled' } = options;
  requireAlpha(alpha);
  if (clusters !== undefined && !(Number.isInteger(clusters) && clusters >= 1)) {
    throw new CounterweightError('bad-option', `clusters must be a whole number of at least 1, got ${clusters}`);
  }
  if (clusteringShare !== undefined && !(clusteringShare > 0 && clusteringShare < 1)) {
    throw new CounterweightError('bad-option', `clusteringShare must lie between 0 and 1, got ${clusteringShare}`);
  }
  const fit = (probabilities: Matrix, labels: Labels, fitOptions: ConformalFitOptions = {}) => {
    const calibration = calibrationScores(probabilities, labels, { score, seed, u: fitOptions.u });
    const planned = clusteringPlan(classCounts(labels), alpha);
    const plan = { share: clusteringShare ?? planned.share, clusters: clusters ?? planned.clusters, unplaced };
    return fitClusters(calibration, plan, alpha);
  };
  return Object.freeze({ name: CLUSTERED_KIND, fit });
}

/** Reads what `toJSON` wrote. Throws `bad-model`. */
export function clusteredConformalFromJSON(json: unknown): ConformalModel {
  const read = fieldReader(json, CLUSTERED_KIND);
  const calibration = calibrationFromJSON(read);
  const clusterOf = read.codes('clusterOfClass', calibration.classes.length, calibration.classes.length + 1, -1);
  return clusteredModel(calibration, clusterOf, read.notices('notices'));
}

/**
 * Clusters and the share of rows to find them with, from the class counts: with n the rarest class's rows (at least what
 * alpha needs) and K' the classes with as many, ⌊n K' / (75 + K')⌋ rows a class go to clustering, half as many clusters.
 * Classes without rows are left aside.
 */
export function clusteringPlan(
  counts: Int32Array,
  alpha: number,
): { readonly share: number; readonly clusters: number } {
  const present = counts.filter((count) => count > 0);
  const least = present.reduce((fewest, count) => Math.min(fewest, count), Number.POSITIVE_INFINITY);
  const rows = Math.max(Number.isFinite(least) ? least : 0, rowsNeeded(alpha));
  const able = present.filter((count) => count >= rows).length;
  const spent = Math.floor((rows * able) / (75 + able));
  return { share: spent / rows, clusters: Math.floor(spent / 2) };
}

function fitClusters(
  calibration: CalibrationScores,
  plan: { readonly share: number; readonly clusters: number; readonly unplaced: 'pooled' | 'together' },
  alpha: number,
): ConformalModel {
  const { classes, scores, codes, seed } = calibration;
  const none = new Int32Array(classes.length).fill(-1);
  if (plan.clusters < 2) return clusteredModel(calibration, none, [skipped(plan.clusters)]);
  const stream = randomStream(seed, 'conformal', 'clustered');
  const forClusters = Array.from(scores, () => stream.uniform() < plan.share);
  const groups = sortedGroups(
    scores.filter((_score, row) => forClusters[row]),
    codes.filter((_code, row) => forClusters[row]),
    classes.length,
  );
  const rows = (code: number) => groups.offsets[code + 1]! - groups.offsets[code]!;
  const placed = Array.from(classes.keys()).filter((code) => rows(code) >= rowsNeeded(alpha));
  if (placed.length < 2) return clusteredModel(calibration, none, [skipped(placed.length)]);
  const points = matrix(
    Float64Array.from(placed.flatMap((code) => embedding(groups, code))),
    placed.length,
    EMBEDDING.length,
  );
  const weights = Float64Array.from(placed, (code) => Math.sqrt(rows(code)));
  const found = kMeans(points, weights, Math.min(plan.clusters, placed.length), stream.child('k-means'));
  const rest = plan.unplaced === 'together' ? found.reduce((most, one) => Math.max(most, one + 1), 0) : -1;
  const clusterOf = none.map(() => rest);
  placed.forEach((code, i) => {
    clusterOf[code] = found[i]!;
  });
  const kept = {
    ...calibration,
    scores: scores.filter((_score, row) => !forClusters[row]),
    codes: codes.filter((_code, row) => !forClusters[row]),
  };
  return clusteredModel(kept, clusterOf, unplacedNotice(classes.length - placed.length, classes.length, plan.unplaced));
}

/** Quantiles of one class's scores, by linear interpolation. */
function embedding({ sorted, offsets }: SortedGroups, code: number): number[] {
  const begin = offsets[code]!;
  const last = offsets[code + 1]! - begin - 1;
  return EMBEDDING.map((share) => {
    const at = share * last;
    const low = Math.floor(at);
    const below = sorted[begin + low]!;
    return below + (at - low) * (sorted[begin + Math.min(low + 1, last)]! - below);
  });
}

function clusteredModel(
  calibration: CalibrationScores,
  clusterOf: Int32Array,
  notices: readonly Notice[],
): ConformalModel {
  const groups = clusterOf.reduce((most, code) => Math.max(most, code + 1), 0);
  return groupedModel({
    name: CLUSTERED_KIND,
    calibration,
    grouping: { groupOfClass: clusterOf, groups },
    tooFew: 'full',
    notices,
    fields: { clusterOfClass: [...clusterOf], notices },
  });
}

function skipped(clusters: number): Notice {
  return {
    code: 'clustering-skipped',
    severity: 'warning',
    message:
      'the classes have too few calibration rows to be clustered; one bound holds for all rows, none for a class',
    numbers: { clusters },
  };
}

function unplacedNotice(count: number, classes: number, judged: 'pooled' | 'together'): Notice[] {
  if (count === 0) return [];
  const how =
    judged === 'together'
      ? 'they share one bound of their own'
      : 'they are judged by all rows, and coverage may fall below what was asked';
  return [
    {
      code: 'classes-without-cluster',
      severity: 'warning',
      message: `${count} of ${classes} classes have too few rows to be placed in a cluster; ${how}`,
      numbers: { count, classes },
    },
  ];
}
