import { droppedRows } from '../assemble.ts';
import type { Provenance } from '../resampler.ts';

/**
 * The provenance of two steps as one, over the rows that the first step was given. What the second step made anew from rows
 * that the first had made has no two parents among those: its base is its base's own origin, its neighbour and gap are
 * left out.
 */
export function composeProvenance(first: Provenance, second: Provenance, rows: number): Provenance {
  const count = second.source.length;
  const source = new Int32Array(count).fill(-1);
  const base = new Int32Array(count).fill(-1);
  const neighbour = new Int32Array(count).fill(-1);
  const gap = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const from = second.source[i]!;
    if (from >= 0) {
      source[i] = first.source[from]!;
      base[i] = first.base[from]!;
      neighbour[i] = first.neighbour[from]!;
      gap[i] = first.gap[from]!;
      continue;
    }
    const start = second.base[i]!;
    const end = second.neighbour[i]!;
    base[i] = origin(first, start);
    if (end < 0 || first.source[start]! < 0 || first.source[end]! < 0) continue;
    neighbour[i] = first.source[end]!;
    gap[i] = second.gap[i]!;
  }
  return Object.freeze({
    source,
    base,
    neighbour,
    gap,
    dropped: droppedRows(
      source.filter((row) => row >= 0),
      rows,
    ),
  });
}

function origin({ source, base }: Provenance, row: number): number {
  return source[row]! >= 0 ? source[row]! : base[row]!;
}
