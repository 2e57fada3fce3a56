import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import { symmetricEigen } from '../neighbors/symmetric-eigen.ts';
import { checkFlag, checkWhole } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { columnMeans, deviationsOf, fullCovariance } from './moments.ts';
import { GROUP, placed, rowScores } from './row-slabs.ts';

export interface PcaReconstructionOptions {
  /** Components kept, from 0; at most one less than the columns that vary. Without it `explained` decides. */
  readonly nComponents?: number | undefined;
  /** As many components are kept as explain this share of the variance, above 0 and below 1. Default 0.5. */
  readonly explained?: number | undefined;
  /** Columns are brought to variance 1 first. Default true. */
  readonly standardise?: boolean | undefined;
}

export const PCA_RECONSTRUCTION = 'pca-reconstruction';

/**
 * Principal components: how far a row lies from the plane of the leading components, in standard deviations of the columns (or in their
 * units). At least one component of the columns that vary is left out, or no row would be strange. Strange among the kept directions
 * alone is not seen: see `mahalanobis` for that. Few are kept where nothing is told, since strange rows among those fitted to make
 * components of their own.
 *
 * Columns with one value are passed over. With `standardise` units of the columns change nothing. Throws `bad-option`; fit throws
 * `distance-overflow`.
 */
export function pcaReconstruction(options: PcaReconstructionOptions = {}): Detector {
  checkKnown(PCA_RECONSTRUCTION, options, ['nComponents', 'explained', 'standardise']);
  checkWhole('nComponents', options.nComponents, 0);
  checkFlag('standardise', options.standardise);
  const { nComponents, explained = 0.5, standardise = true } = options;
  if (!(explained > 0 && explained < 1)) {
    throw new CounterweightError('bad-option', `explained must be above 0 and below 1, got ${String(explained)}`);
  }
  return Object.freeze({
    name: PCA_RECONSTRUCTION,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, constant, notices } = fittingRows(PCA_RECONSTRUCTION, X, run);
      const { columns } = rows;
      const means = columnMeans(rows);
      const covariance = await withKernels(run, (work) => fullCovariance(work, rows, means));
      const deviations = deviationsOf(covariance, columns);
      // 0 passes the column over.
      const scales = deviations.map((deviation, j) =>
        constant[j] || deviation === 0 ? 0 : standardise ? 1 / deviation : 1,
      );
      const scaled = covariance.map((value, at) => value * scales[at % columns]! * scales[Math.floor(at / columns)]!);
      const { values, vectors } = symmetricEigen(scaled, columns);
      const varying = scales.filter((scale) => scale > 0).length;
      const wanted = nComponents ?? componentsFor(values, explained);
      const kept = Math.max(0, Math.min(wanted, varying - 1));
      const clamped = nComponents !== undefined && kept < nComponents ? [clampedNotice(nComponents, kept)] : [];
      return pcaModel({ means, scales, axes: vectors.slice(0, kept * columns) }, [...notices, ...clamped]);
    },
  });
}

function componentsFor(values: Float64Array, explained: number): number {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    sum += values[k]!;
    if (sum >= explained * total) return k + 1;
  }
  return values.length;
}

function clampedNotice(asked: number, kept: number): Notice {
  const message = `${kept} components are kept, not ${asked}: one of those that vary must be left out`;
  return Object.freeze({
    code: 'components-clamped',
    severity: 'warning',
    message,
    numbers: Object.freeze({ asked, kept }),
  });
}

interface Plane {
  readonly means: Float64Array;
  /** Factor of each column; 0 passes it over. */
  readonly scales: Float64Array;
  /** Kept components, `components × columns`, orthonormal. */
  readonly axes: Float64Array;
}

function pcaModel({ means, scales, axes }: Plane, notices: readonly Notice[]): AnomalyModel {
  const columns = means.length;
  return fittedModel({
    name: PCA_RECONSTRUCTION,
    columns,
    notices: Object.freeze([...notices]),
    // Axis by axis: what is left of a row after each is what the next one sees.
    score: (X, run) =>
      withKernels(run, (work) => {
        const rest = [placed(work, means), placed(work, axes), axes.length / columns, placed(work, scales)];
        return rowScores(work, X, { kernel: 'planeDistances', scratch: GROUP * columns + GROUP, rest });
      }),
    fields: () => ({ means: Array.from(means), scales: Array.from(scales), axes: Array.from(axes) }),
  });
}

/** Throws `bad-model`. */
export function pcaReconstructionFromJSON(json: unknown): AnomalyModel {
  const fields = modelFields(json, 'pca reconstruction');
  fields.oneOf('kind', PCA_RECONSTRUCTION);
  const columns = fields.count('columns');
  fields.require('columns', columns > 0);
  const axes = fields.numbers('axes');
  fields.require('axes', axes.length % columns === 0 && axes.length <= columns * columns);
  const plane = { means: fields.numbers('means', columns), scales: fields.numbers('scales', columns), axes };
  return pcaModel(plane, fields.notices('notices'));
}
