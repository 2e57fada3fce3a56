import type { KernelArray, KernelScope } from '../runtime/kernel-runtime.ts';

/** Points of a leaf; must equal LEAF of the kernels, as GROUP is the number of queries that go through the tree together. */
export const LEAF = 32;
export const GROUP = 32;

/** Fields of a plan, in the order of kernels/neighbours-plan.ts: 4-byte integers, then numbers of 8 bytes. */
export function writePlan(
  memory: KernelScope,
  integers: readonly number[],
  numbers: readonly number[],
): KernelArray<Uint8Array> {
  const offset = Math.ceil(integers.length / 2) * 8;
  const block = memory.bytes(offset + numbers.length * 8, 'zero');
  const { buffer, byteOffset } = block.view();
  new Int32Array(buffer, byteOffset, integers.length).set(integers);
  new Float64Array(buffer, byteOffset + offset, numbers.length).set(numbers);
  return block;
}

export type Metric = 'euclidean' | 'sqeuclidean' | 'manhattan' | 'chebyshev' | 'minkowski';

/** Number of a metric in the kernels, and the norm whose distances bound it from below (0 Euclidean, 1 Manhattan, 2 Chebyshev). */
export function metricCode(metric: Metric, power: number): { readonly code: number; readonly norm: number } {
  switch (metric) {
    case 'euclidean':
      return { code: 0, norm: 0 };
    case 'sqeuclidean':
      return { code: 1, norm: 0 };
    case 'manhattan':
      return { code: 2, norm: 1 };
    case 'chebyshev':
      return { code: 3, norm: 2 };
    case 'minkowski':
      // A power norm is at least the Euclidean one below 2, and at least the largest difference always.
      return { code: 4, norm: power <= 2 ? 0 : 2 };
  }
}
