import { type Matrix, matrix } from '../data/matrix.ts';
import type { ScoreInput } from './calibrator.ts';

/** Probabilities below this have the logarithm of this. */
const LEAST = Number.EPSILON;

/**
 * Log-probabilities or logits of the given classes, `rows × present`, and the probability that the other classes keep.
 * One column of scores z becomes the logits (0, z), one column of probabilities p the logarithms of (1 - p, p).
 */
export interface LogitRows {
  readonly logits: Matrix;
  /** Raw probabilities of all classes, `rows × classes`. */
  readonly raw: Matrix;
  /** Mass of the given classes in each row; 1 where all are given. */
  readonly mass: Float64Array;
}

export function logitRows(scores: Matrix, classes: number, present: Int32Array, input: ScoreInput): LogitRows {
  const raw = rawProbabilities(scores, classes, input);
  const rows = scores.rows;
  const width = present.length;
  const logits = new Float64Array(rows * width);
  const mass = new Float64Array(rows).fill(1);
  for (let row = 0; row < rows; row++) {
    if (width < classes) {
      mass[row] = 0;
      for (const code of present) mass[row] = mass[row]! + raw.data[row * classes + code]!;
    }
    for (let j = 0; j < width; j++) {
      const code = present[j]!;
      if (input === 'scores') {
        logits[row * width + j] = scores.columns > 1 ? scores.data[row * classes + code]! : code * scores.data[row]!;
      } else {
        // Where all mass lies on classes that were not fitted, the fitted ones count as alike.
        const share = mass[row]! > 0 ? raw.data[row * classes + code]! / mass[row]! : 1 / width;
        logits[row * width + j] = Math.log(Math.min(1, Math.max(LEAST, share)));
      }
    }
  }
  return { logits: matrix(logits, rows, width), raw, mass };
}

function rawProbabilities(scores: Matrix, classes: number, input: ScoreInput): Matrix {
  if (scores.columns > 1 && input === 'probabilities') return scores;
  const out = new Float64Array(scores.rows * classes);
  for (let row = 0; row < scores.rows; row++) {
    if (scores.columns > 1) {
      softmaxInto(scores.data.subarray(row * classes, (row + 1) * classes), out, row * classes);
    } else if (input === 'scores') {
      softmaxInto(Float64Array.of(0, scores.data[row]!), out, 2 * row);
    } else {
      out[2 * row] = 1 - scores.data[row]!;
      out[2 * row + 1] = scores.data[row]!;
    }
  }
  return matrix(out, scores.rows, classes);
}

/** exp(z_c) / Σ exp(z) without overflow, written from `start` on. */
export function softmaxInto(z: Float64Array, out: Float64Array, start: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < z.length; c++) if (z[c]! > most) most = z[c]!;
  let total = 0;
  for (let c = 0; c < z.length; c++) {
    const e = Math.exp(z[c]! - most);
    out[start + c] = e;
    total += e;
  }
  for (let c = 0; c < z.length; c++) out[start + c] = out[start + c]! / total;
}

/** Writes fitted probabilities of the given classes over the raw ones: they share the mass that they had. */
export function withFitted({ raw, mass }: LogitRows, fitted: Matrix, present: Int32Array): Matrix {
  if (present.length === raw.columns) return fitted;
  const out = raw.data.slice();
  for (let row = 0; row < raw.rows; row++) {
    for (let j = 0; j < present.length; j++) {
      out[row * raw.columns + present[j]!] = mass[row]! * fitted.data[row * present.length + j]!;
    }
  }
  return matrix(out, raw.rows, raw.columns);
}
