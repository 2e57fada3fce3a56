import type { Matrix } from '../data/matrix.ts';

/** Probabilities (`rows × classes`) without the columns of classes that do not occur: `rows × present`. */
export function presentShares({ data, columns }: Matrix, present: readonly number[]): Float64Array {
  const width = present.length;
  if (width === columns) return data;
  return Float64Array.from({ length: (data.length / columns) * width }, (_, at) => {
    const row = Math.floor(at / width);
    return data[row * columns + present[at - row * width]!]!;
  });
}
