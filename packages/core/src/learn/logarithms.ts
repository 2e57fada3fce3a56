import type { Work } from '../runtime/work.ts';

/** ln of each value, normal and positive, by the kernels: the engine's own has not the same bytes everywhere. */
export function logarithms({ memory }: Work, values: Float64Array): Float64Array {
  const even = values.length + (values.length & 1);
  const source = memory.float64(even);
  const target = memory.float64(even);
  source.view().fill(1).set(values);
  memory.call('elementary', 0, 0, 1, source.address, target.address, even);
  const result = target.view().slice(0, values.length);
  memory.release(source);
  memory.release(target);
  return result;
}
