import type { Matrix } from '../data/matrix.ts';
import type { RandomStream } from '../runtime/random.ts';
import type { Work } from '../runtime/work.ts';
import { GROUP, placed, rowScores } from './row-slabs.ts';

/** Random Fourier features: cosine and sine of inner products of a row, less the means, with frequencies. */
export interface WaveFeatures {
  readonly means: Float64Array;
  /** `waves × columns`. */
  readonly frequencies: Float64Array;
}

/**
 * Frequencies of the kernel exp(-gamma |x - z|²): normal with variance 2 gamma. Features are divided by the root of the number of waves,
 * so that z.z = 1; where an inner product is beyond 2^20, and the kernel 0 to the last digit, they are 0.
 */
export function drawWaves(means: Float64Array, gamma: number, waves: number, stream: RandomStream): WaveFeatures {
  const spread = Math.sqrt(2 * gamma);
  const frequencies = Float64Array.from({ length: waves * means.length }, () => spread * stream.normal());
  return { means, frequencies };
}

const waveCount = ({ means, frequencies }: WaveFeatures) => frequencies.length / means.length;

/** Product of each row's features with the weights: of all cosines, then of all sines. */
export function waveProducts(
  work: Work,
  features: WaveFeatures,
  weights: Float64Array,
  X: Matrix,
): Promise<Float64Array> {
  const waves = waveCount(features);
  const size = 1 / Math.sqrt(waves);
  const scaled = weights.map((weight) => weight * size);
  const rest = [placed(work, features.means), placed(work, features.frequencies), waves, placed(work, scaled)];
  return rowScores(work, X, { kernel: 'waveProducts', scratch: GROUP * X.columns + 2 * GROUP, rest });
}

/** Rows brought to the kernels at a time. */
const STRIDE = 1024;

/**
 * Averaged stochastic descent for
 *
 *     nu |w|² / 2 - nu r + mean max(0, r - w.z)
 *
 * by steps of 1 / (nu t), each pass over the rows in a new order; gives the mean of w over the second half of the steps.
 */
export async function descendWaves(
  work: Work,
  features: WaveFeatures,
  X: Matrix,
  { nu, steps }: { readonly nu: number; readonly steps: number },
  stream: RandomStream,
): Promise<Float64Array> {
  const { memory } = work;
  const waves = waveCount(features);
  const padded = waves + (waves % 2);
  const rows = memory.float64(STRIDE * X.columns);
  const frequencies = placed(work, turned(features, padded));
  const sizes = placed(
    work,
    Float64Array.from({ length: padded }, (_, k) => (k < waves ? 1 / Math.sqrt(waves) : 0)),
  );
  const [scratch, w, mean] = [0, 1, 2].map(() => memory.float64(2 * padded, 'zero').address) as [
    number,
    number,
    number,
  ];
  const state = memory.float64(1, 'zero').address;
  const order = Int32Array.from({ length: X.rows }, (_, i) => i);
  const averaged = Math.floor(steps / 2);
  for (let done = 0; done < steps; ) {
    const begin = done % X.rows;
    if (begin === 0) stream.shuffle(order);
    const count = Math.min(STRIDE, steps - done, X.rows - begin);
    gather(X, features.means, order.subarray(begin, begin + count), rows.view());
    const shape = [rows.address, count, X.columns, frequencies, padded, sizes, scratch, w, mean, state];
    memory.call('waveDescent', ...shape, done, averaged, nu);
    done += count;
    await work.breathe();
  }
  const found = new Float64Array(rows.view().buffer, mean, 2 * padded);
  return Float64Array.from({ length: 2 * waves }, (_, k) => found[k < waves ? k : padded + k - waves]!);
}

/** `columns × padded`. */
function turned({ means: { length: columns }, frequencies }: WaveFeatures, padded: number): Float64Array {
  const out = new Float64Array(columns * padded);
  for (let at = 0; at < frequencies.length; at++)
    out[(at % columns) * padded + Math.floor(at / columns)] = frequencies[at]!;
  return out;
}

function gather({ columns, data }: Matrix, means: Float64Array, picked: Int32Array, into: Float64Array): void {
  let to = 0;
  for (const row of picked) {
    const from = row * columns;
    for (let j = 0; j < columns; j++) into[to++] = data[from + j]! - means[j]!;
  }
}
