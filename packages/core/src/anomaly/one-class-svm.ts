import { modelFields } from '../calibrate/model-fields.ts';
import type { NumericRows } from '../data/dataset.ts';
import { type Matrix, matrix } from '../data/matrix.ts';
import { checkWhole } from '../resample/options.ts';
import { CounterweightError } from '../runtime/errors.ts';
import type { Notice } from '../runtime/notices.ts';
import type { RunOptions } from '../runtime/run-options.ts';
import { decisionValues } from '../svm/decision-function.ts';
import { type Gamma, resolveKernel, type SvmKernel } from '../svm/kernel.ts';
import { columnMeans } from '../svm/kernel-rows.ts';
import { minimiseOneClass } from '../svm/one-class.ts';
import { checkKnown } from './check-options.ts';
import type { AnomalyModel, Detector } from './detector.ts';
import { fittedModel } from './fitted-model.ts';
import { fittingRows } from './fitting-rows.ts';
import { checkNu } from './nu.ts';
import { pickRows, varyingColumns } from './pick-rows.ts';

export interface OneClassSvmOptions {
  /** Above 0, at most 1: at most this share of the fitted rows is outside, at least this share are support vectors. Default 0.1. */
  readonly nu?: number | undefined;
  /** Width of the kernel exp(-gamma |x - z|²). Default `scale`, of the columns that vary. */
  readonly gamma?: Gamma | undefined;
  /** How far the conditions of optimality may be violated. Default 1e-3. */
  readonly tolerance?: number | undefined;
  /** Room for columns of the kernel matrix. Default 256. */
  readonly cacheMegabytes?: number | undefined;
  /** Default the larger of 10,000,000 and 100 · rows. */
  readonly maxIter?: number | undefined;
}

export const ONE_CLASS_SVM = 'one-class-svm';

export interface OneClassSvmModel extends AnomalyModel {
  readonly kernel: SvmKernel;
  /** Rows of the data that hold the boundary, ascending. */
  readonly support: Int32Array;
  readonly weights: Float64Array;
  readonly offset: number;
}

export interface OneClassSvmDetector extends Detector {
  fit(X: NumericRows, options?: RunOptions): Promise<OneClassSvmModel>;
}

/**
 * One-class support vector machine with the Gaussian kernel, exact: the smallest region (in the space of the kernel) that leaves at most a
 * share nu of the rows outside (Schölkopf et al., Neural Computation 13, 2001). The score is the offset minus the weighted sum of
 * kernels, above 0 outside the region: scikit-learn's decision function with the other sign. `nu` says how large the region is
 * and is no threshold. Euclidean, so the units of columns decide: bring them to one scale first.
 *
 * Time grows with the square of the rows; see `randomFeatureSvm` for many. A row far from all others may hold the boundary itself and then
 * score about 0: hold rows out to judge those fitted. Throws `bad-option`; fit throws `distance-overflow`.
 */
export function oneClassSvm(options: OneClassSvmOptions = {}): OneClassSvmDetector {
  checkKnown(ONE_CLASS_SVM, options, ['nu', 'gamma', 'tolerance', 'cacheMegabytes', 'maxIter']);
  const { nu = 0.1, gamma = 'scale', tolerance = 1e-3, cacheMegabytes = 256, maxIter } = options;
  checkNu(nu);
  checkWhole('maxIter', maxIter, 1);
  for (const [name, value] of Object.entries({ tolerance, cacheMegabytes })) {
    if (value > 0 && value < Number.POSITIVE_INFINITY) continue;
    throw new CounterweightError('bad-option', `${name} must be a number above 0, got ${String(value)}`);
  }
  resolveKernel('rbf', gamma, matrix(new Float64Array(0), 0, 0));
  return Object.freeze({
    name: ONE_CLASS_SVM,
    async fit(X: NumericRows, run?: RunOptions) {
      const { rows, constant, notices } = fittingRows(ONE_CLASS_SVM, X, run);
      const kernel = resolveKernel('rbf', gamma, varyingColumns(rows, constant));
      const { support, weights, offset, iterations, converged } = await minimiseOneClass(
        {
          rows,
          kernel,
          nu,
          tolerance,
          cacheBytes: cacheMegabytes * 1048576,
          maxIter: maxIter ?? Math.max(10_000_000, 100 * rows.rows),
        },
        run,
      );
      const all = converged ? notices : [...notices, notConverged(iterations)];
      return svmModel({ kernel, support, weights, offset, vectors: pickRows(rows, support) }, Object.freeze(all));
    },
  });
}

function notConverged(iterations: number): Notice {
  return Object.freeze({
    code: 'not-converged',
    severity: 'warning',
    message: `the solver was stopped after ${iterations} steps, short of the tolerance`,
    numbers: Object.freeze({ iterations }),
  });
}

interface Parts extends Pick<OneClassSvmModel, 'kernel' | 'support' | 'weights' | 'offset'> {
  readonly vectors: Matrix;
}

function svmModel(parts: Parts, notices: readonly Notice[]): OneClassSvmModel {
  const { kernel, support, weights, offset, vectors } = parts;
  const centre = columnMeans(vectors);
  const places = Int32Array.from(weights.keys());
  const outside = { places, coefficients: weights.map((weight) => -weight), intercept: offset };
  const model = fittedModel({
    name: ONE_CLASS_SVM,
    columns: vectors.columns,
    notices,
    async score(rows, run) {
      const { data } = await decisionValues({ kernel, means: centre, vectors, decisions: [outside] }, rows, run);
      return data;
    },
    fields: () => ({
      gamma: kernel.gamma,
      offset,
      support: Array.from(support),
      weights: Array.from(weights),
      vectors: Array.from(vectors.data),
    }),
  });
  return Object.freeze({ ...model, kernel, support, weights, offset });
}

/** Throws `bad-model`. */
export function oneClassSvmFromJSON(json: unknown): OneClassSvmModel {
  const fields = modelFields(json, 'one-class svm');
  fields.oneOf('kind', ONE_CLASS_SVM);
  const columns = fields.count('columns');
  fields.require('columns', columns > 0);
  const gamma = fields.number('gamma');
  fields.require('gamma', gamma > 0);
  const support = Int32Array.from(fields.numbers('support'));
  fields.require('support', support.length > 0);
  const weights = fields.numbers('weights', support.length);
  const vectors = matrix(fields.numbers('vectors', support.length * columns), support.length, columns);
  const kernel: SvmKernel = { name: 'rbf', gamma };
  return svmModel({ kernel, support, weights, offset: fields.number('offset'), vectors }, fields.notices('notices'));
}
