import type { NumericRows } from '../data/dataset.ts';
import { CounterweightError } from '../runtime/errors.ts';

/** `linear`: x.z. `rbf`: exp(-gamma |x - z|²). */
export type SvmKernelName = 'linear' | 'rbf';

/** `scale`: 1 / (columns · variance of all cells). `auto`: 1 / columns. */
export type Gamma = 'scale' | 'auto' | number;

export interface SvmKernel {
  readonly name: SvmKernelName;
  /** 0 for the linear kernel, which has none. */
  readonly gamma: number;
}

/** The kernel with its width worked out for the given rows. Throws `bad-option`, `distance-overflow`. */
export function resolveKernel(name: SvmKernelName, gamma: Gamma, X: NumericRows): SvmKernel {
  if (name !== 'linear' && name !== 'rbf') {
    throw new CounterweightError('bad-option', `kernel must be linear or rbf, got ${String(name)}`);
  }
  if (typeof gamma === 'number' ? !(gamma > 0 && Number.isFinite(gamma)) : gamma !== 'scale' && gamma !== 'auto') {
    throw new CounterweightError('bad-option', `gamma must be scale, auto or a number above 0, got ${String(gamma)}`);
  }
  if (name === 'linear') return { name, gamma: 0 };
  if (typeof gamma === 'number') return { name, gamma };
  if (gamma === 'auto') return { name, gamma: 1 / Math.max(1, X.columns) };
  const variance = cellVariance(X);
  if (!(variance < Number.POSITIVE_INFINITY)) {
    throw new CounterweightError(
      'distance-overflow',
      'the squares of the cells are too large for a number; scale the features first',
    );
  }
  const width = 1 / (X.columns * variance);
  // All cells alike, or squares too small for a number: any width gives the same or nothing better.
  return { name, gamma: variance > 0 && Number.isFinite(width) ? width : 1 };
}

/** Population variance of all cells, what is not stored included. */
function cellVariance(X: NumericRows): number {
  const values = X.kind === 'dense' ? X.data : X.values;
  const cells = X.rows * X.columns;
  if (cells === 0) return 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / cells;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return (squares + (cells - values.length) * mean * mean) / cells;
}
