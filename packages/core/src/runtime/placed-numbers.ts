import type { KernelArray, KernelScope } from './kernel-runtime.ts';

/** Numbers in the kernels' memory: the values, and zeros behind them up to `length`. Throws `out-of-memory`. */
export function placedNumbers(
  memory: KernelScope,
  values: Float64Array,
  length = values.length,
): KernelArray<Float64Array> {
  const block = memory.float64(Math.max(1, length), length > values.length ? 'zero' : undefined);
  block.view().set(values);
  return block;
}
