import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import { matrix } from '../data/matrix.ts';
import { checkWhole } from '../resample/options.ts';
import type { Notice } from '../runtime/notices.ts';
import { randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { withKernels } from '../runtime/work.ts';
import { type Gamma, resolveKernel } from '../svm/kernel.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { columnMeans } from './moments.ts';
import { checkNu } from './nu.ts';
import { varyingColumns } from './pick-rows.ts';
import { descendWaves, drawWaves, type WaveFeatures, waveProducts } from './wave-features.ts';

export interface RandomFeatureSvmOptions {
  /** As in `oneClassSvm`. Default 0.1. */
  readonly nu?: number | undefined;
  /** Default `scale`, of the columns that vary. */
  readonly gamma?: Gamma | undefined;
  /** Random features, an even number. Default 256: the kernel is met to about 1 / sqrt(features). */
  readonly nComponents?: number | undefined;
  /** Rows looked at by the descent, each pass in a new order. Default 20,000, and every row at least once. */
  readonly steps?: number | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
}

export const RANDOM_FEATURE_SVM = 'random-feature-svm';

/**
 * One-class support vector machine in time linear in the rows: the Gaussian kernel is met by random Fourier features (Rahimi and Recht,
 * NIPS 2007), cosine and sine of each of them, and
 *
 *     nu |w|² / 2 - nu r + mean max(0, r - w.z)
 *
 * falls by averaged stochastic steps of 1 / (nu t). The offset r is then the exact best one: the nu-quantile of w.z among the fitted
 * rows, so that the share nu of them is outside. Scores are r - w.z. Euclidean, so the units of columns decide. Throws `bad-option`; fit
 * throws `distance-overflow`.
 */
export function randomFeatureSvm(options: RandomFeatureSvmOptions = {}): Detector {
  checkKnown(RANDOM_FEATURE_SVM, options, ['nu', 'gamma', 'nComponents', 'steps', 'seed']);
  const { nu = 0.1, gamma = 'scale', nComponents = 256, steps, seed = 0 } = options;
  checkNu(nu);
  checkWhole('nComponents', nComponents, 2);
  checkWhole('steps', steps, 1);
  resolveKernel('rbf', gamma, matrix(new Float64Array(0), 0, 0));
  return Object.freeze({
    name: RANDOM_FEATURE_SVM,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, constant, notices } = fittingRows(RANDOM_FEATURE_SVM, X, run);
      const kernel = resolveKernel('rbf', gamma, varyingColumns(rows, constant));
      const stream = randomStream(seed, RANDOM_FEATURE_SVM);
      const waves = drawWaves(columnMeans(rows), kernel.gamma, Math.ceil(nComponents / 2), stream.child('features'));
      return withKernels(run, async (work) => {
        const descent = { nu, steps: steps ?? Math.max(20_000, rows.rows) };
        const weights = await descendWaves(work, waves, rows, descent, stream.child('order'));
        const offset = quantile(await waveProducts(work, waves, weights, rows), nu);
        return featureModel({ ...waves, weights, offset }, notices);
      });
    },
  });
}

interface Parts extends WaveFeatures {
  /** Cosines' weights, then sines'. */
  readonly weights: Float64Array;
  readonly offset: number;
}

/** The value with no more than a share `p` of the values below it: the best offset for given weights. */
function quantile(values: Float64Array, p: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!;
}

function featureModel(parts: Parts, notices: readonly Notice[]): AnomalyModel {
  const { means, frequencies, weights, offset } = parts;
  return fittedModel({
    name: RANDOM_FEATURE_SVM,
    columns: means.length,
    notices,
    score: (rows, run) =>
      withKernels(run, async (work) =>
        (await waveProducts(work, parts, weights, rows)).map((product) => offset - product),
      ),
    fields: () => ({
      means: Array.from(means),
      frequencies: Array.from(frequencies),
      weights: Array.from(weights),
      offset,
    }),
  });
}

/** Throws `bad-model`. */
export function randomFeatureSvmFromJSON(json: unknown): AnomalyModel {
  const fields = modelFields(json, 'random-feature svm');
  fields.oneOf('kind', RANDOM_FEATURE_SVM);
  const columns = fields.count('columns');
  fields.require('columns', columns > 0);
  const weights = fields.numbers('weights');
  fields.require('weights', weights.length > 0 && weights.length % 2 === 0);
  const frequencies = fields.numbers('frequencies', (weights.length / 2) * columns);
  const means = fields.numbers('means', columns);
  return featureModel({ means, frequencies, weights, offset: fields.number('offset') }, fields.notices('notices'));
}
