import { type Labels, subsetLabels } from '../../data/labels.ts';
import { type Matrix, matrix } from '../../data/matrix.ts';
import { CounterweightError } from '../../runtime/errors.ts';
import { randomStream } from '../../runtime/random.ts';
import { requireCalibrationRows } from '../calibration-scores.ts';
import { conformalRank, requireAlpha } from '../rank-rule.ts';
import { splitConformal } from '../split.ts';
import { raps } from './adaptive.ts';
import { lac } from './least-ambiguous.ts';
import { topK } from './top-k.ts';

export interface TuneRapsOptions {
  /** The level the sets will be asked for. */
  readonly alpha: number;
  /** Penalties to choose from. */
  readonly lambdas?: readonly number[] | undefined;
  readonly randomised?: boolean | undefined;
  readonly seed?: number | undefined;
}

export interface TunedRaps {
  readonly lambda: number;
  readonly kReg: number;
  /** Mean set size that each penalty had on rows that did not calibrate it. */
  readonly meanSizes: readonly { readonly lambda: number; readonly meanSize: number }[];
}

/**
 * Chooses the two numbers of RAPS on rows that must not calibrate the sets afterwards. kReg is the rank that a share
 * 1 - alpha of the true labels reach (the ⌈(n + 1)(1 - alpha)⌉-th smallest), and λ the one with the smallest mean set,
 * each half of the rows measured with the other half as calibration; equal means go to the smaller λ.
 * Angelopoulos et al. (2021), appendix E. Throws `too-few-rows` below two rows.
 */
export function tuneRaps(probabilities: Matrix, labels: Labels, options: TuneRapsOptions): TunedRaps {
  const { alpha, lambdas = [0.001, 0.01, 0.1, 0.2, 0.5], randomised = true, seed = 0 } = options;
  requireAlpha(alpha);
  requireCalibrationRows(probabilities, labels, lac());
  const rows = labels.codes.length;
  if (rows < 2) throw new CounterweightError('too-few-rows', `tuning RAPS needs at least two rows, got ${rows}`);
  if (lambdas.length === 0) throw new CounterweightError('bad-option', 'lambdas must have at least one entry');
  const kReg = usualRank(probabilities, labels, alpha);
  const order = randomStream(seed, 'conformal', 'tune-raps').permutation(rows);
  const halves = [order.slice(0, rows >> 1), order.slice(rows >> 1)].map((part) =>
    selectedRows(probabilities, labels, part),
  );
  const meanSizes = [...lambdas]
    .sort((a, b) => a - b)
    .map((lambda) => {
      const predictor = splitConformal({ score: raps({ lambda, kReg, randomised }), seed });
      const total = halves.reduce((sum, half, i) => {
        const sets = predictor.fit(half.probabilities, half.labels).sets(halves[1 - i]!.probabilities, { alpha });
        return sum + sets.sizes.reduce((inner, size) => inner + size, 0);
      }, 0);
      return Object.freeze({ lambda, meanSize: total / rows });
    });
  const best = meanSizes.reduce((least, one) => (one.meanSize < least.meanSize ? one : least));
  return Object.freeze({ lambda: best.lambda, kReg, meanSizes: Object.freeze(meanSizes) });
}

function usualRank(probabilities: Matrix, labels: Labels, alpha: number): number {
  const { data, rows, columns } = probabilities;
  const all = new Float64Array(data.length);
  topK().scoreRows(data, columns, 0, rows, new Float64Array(0), all);
  const ranks = Float64Array.from(labels.codes, (code, row) => all[row * columns + code]!).sort();
  return ranks[Math.min(rows, Math.max(1, conformalRank(rows, alpha))) - 1]!;
}

/** Probabilities and labels of some rows. */
export function selectedRows(
  { data, columns }: Matrix,
  labels: Labels,
  rows: Int32Array,
): { readonly probabilities: Matrix; readonly labels: Labels } {
  const out = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { probabilities: matrix(out, rows.length, columns), labels: subsetLabels(labels, rows) };
}
