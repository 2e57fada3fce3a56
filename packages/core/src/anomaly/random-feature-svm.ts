import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { checkWhole } from '../resample/options.ts';
import type { Notice } from '../runtime/notices.ts';
import { type RandomStream, randomStream } from '../runtime/random.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { type Work, withKernels } from '../runtime/work.ts';
import { type Gamma, resolveKernel } from '../svm/kernel.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { columnMeans } from './moments.ts';
import { checkNu } from './nu.ts';
import { varyingColumns } from './pick-rows.ts';

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
      const map = drawFeatures(columnMeans(rows), kernel.gamma, Math.ceil(nComponents / 2), stream.child('features'));
      return withKernels(run, async (work) => {
        const taken = steps ?? Math.max(20_000, rows.rows);
        const weights = await descend(map, rows, nu, taken, stream.child('order'), work);
        const offset = quantile(await project(map, weights, rows, work), nu);
        return featureModel({ ...map, weights, offset }, notices);
      });
    },
  });
}

interface FeatureMap {
  readonly means: Float64Array;
  /** `half × columns`. */
  readonly frequencies: Float64Array;
}

interface Parts extends FeatureMap {
  /** Cosines' weights, then sines'. */
  readonly weights: Float64Array;
  readonly offset: number;
}

/** Frequencies of the kernel exp(-gamma |x - z|²): normal with variance 2 gamma. */
function drawFeatures(means: Float64Array, gamma: number, half: number, stream: RandomStream): FeatureMap {
  const spread = Math.sqrt(2 * gamma);
  const frequencies = Float64Array.from({ length: half * means.length }, () => spread * stream.normal());
  return { means, frequencies };
}

/** Cosines and sines of one row, divided by the root of half their number, so that z.z = 1. */
function mapRow({ means, frequencies }: FeatureMap, { columns, data }: Matrix, row: number, into: Float64Array): void {
  const half = into.length / 2;
  const size = 1 / Math.sqrt(half);
  const begin = row * columns;
  for (let k = 0, at = 0; k < half; k++) {
    let angle = 0;
    for (let j = 0; j < columns; j++, at++) angle += frequencies[at]! * (data[begin + j]! - means[j]!);
    // Beyond this no digit of the angle is left.
    if (!(Math.abs(angle) < 1e15)) angle = 1e15;
    into[k] = size * Math.cos(angle);
    into[half + k] = size * Math.sin(angle);
  }
}

/** Rows between two looks at the clock. */
const STRIDE = 256;

/** The mean of w over the second half of the steps. */
async function descend(
  map: FeatureMap,
  rows: Matrix,
  nu: number,
  steps: number,
  stream: RandomStream,
  work: Work,
): Promise<Float64Array> {
  const size = 2 * (map.frequencies.length / rows.columns);
  const w = new Float64Array(size);
  const mean = new Float64Array(size);
  const z = new Float64Array(size);
  const order = Int32Array.from({ length: rows.rows }, (_, i) => i);
  const first = Math.floor(steps / 2);
  let offset = 0;
  for (let t = 0; t < steps; t++) {
    if (t % rows.rows === 0) stream.shuffle(order);
    mapRow(map, rows, order[t % rows.rows]!, z);
    let product = 0;
    for (let k = 0; k < size; k++) product += w[k]! * z[k]!;
    // The first steps would be of length 1 / nu: far beyond where w.z, at most |w|, can lie.
    const rate = 1 / (nu * (t + 1 + 1 / nu));
    const outside = product < offset ? 1 : 0;
    const shrink = 1 - rate * nu;
    for (let k = 0; k < size; k++) w[k] = shrink * w[k]! + rate * outside * z[k]!;
    offset += rate * (nu - outside);
    if (t >= first) {
      const share = 1 / (t - first + 1);
      for (let k = 0; k < size; k++) mean[k]! += share * (w[k]! - mean[k]!);
    }
    if (t % STRIDE === 0) await work.breathe();
  }
  return mean;
}

async function project(map: FeatureMap, weights: Float64Array, rows: Matrix, work: Work): Promise<Float64Array> {
  const products = new Float64Array(rows.rows);
  const z = new Float64Array(weights.length);
  for (let i = 0; i < rows.rows; i++) {
    mapRow(map, rows, i, z);
    let sum = 0;
    for (let k = 0; k < z.length; k++) sum += weights[k]! * z[k]!;
    products[i] = sum;
    if (i % STRIDE === 0) await work.breathe();
  }
  return products;
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
      withKernels(run, async (work) => (await project(parts, weights, rows, work)).map((product) => offset - product)),
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
