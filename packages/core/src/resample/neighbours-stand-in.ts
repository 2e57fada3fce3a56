import type { NumericRows } from '../data/dataset.ts';
import type { RunOptions } from '../runtime/run-options.ts';

/** Plain exact search, in use until the neighbour kernels land. */
export async function nearestNeighbours(
  { reference, k }: { reference: NumericRows; k: number },
  _options?: RunOptions,
): Promise<{ k: number; indices: Int32Array; distances: Float64Array }> {
  const n = reference.rows;
  const p = reference.columns;
  let cells: Float64Array;
  if (reference.kind === 'dense') cells = reference.data;
  else {
    cells = new Float64Array(n * p);
    for (let i = 0; i < n; i++)
      for (let c = reference.offsets[i]!; c < reference.offsets[i + 1]!; c++)
        cells[i * p + reference.indices[c]!] = reference.values[c]!;
  }
  const indices = new Int32Array(n * k);
  const distances = new Float64Array(n * k);
  const best = new Float64Array(k);
  const who = new Int32Array(k);
  for (let i = 0; i < n; i++) {
    best.fill(Number.POSITIVE_INFINITY);
    who.fill(-1);
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      let d = 0;
      for (let c = 0; c < p; c++) d += (cells[i * p + c]! - cells[j * p + c]!) ** 2;
      if (d >= best[k - 1]! && who[k - 1]! >= 0) continue;
      let at = k - 1;
      while (at > 0 && (who[at - 1]! < 0 || best[at - 1]! > d)) {
        best[at] = best[at - 1]!;
        who[at] = who[at - 1]!;
        at--;
      }
      best[at] = d;
      who[at] = j;
    }
    indices.set(who, i * k);
    for (let c = 0; c < k; c++) distances[i * k + c] = Math.sqrt(best[c]!);
  }
  return { k, indices, distances };
}
