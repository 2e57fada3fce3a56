import { CounterweightError } from '../runtime/errors.ts';

/**
 * Compressed sparse rows. Row `i` holds `indices[offsets[i] .. offsets[i + 1])` with the values beside them;
 * column indices strictly ascend inside a row, so no cell is stored twice. A stored value may be 0.
 */
export interface SparseMatrix {
  readonly kind: 'csr';
  readonly rows: number;
  readonly columns: number;
  /** Length `rows + 1`, starts at 0, never descends. */
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** Wraps the three arrays without copying. Throws `shape-mismatch` if their lengths disagree. */
export function sparseMatrix(
  offsets: Int32Array,
  indices: Int32Array,
  values: Float64Array,
  columns: number,
): SparseMatrix {
  const rows = offsets.length - 1;
  const stored = offsets[rows] ?? -1;
  if (rows < 0 || offsets[0] !== 0 || stored !== indices.length || stored !== values.length) {
    throw new CounterweightError(
      'shape-mismatch',
      `sparse rows disagree: offsets end at ${stored}, ${indices.length} indices, ${values.length} values`,
    );
  }
  return Object.freeze({ kind: 'csr', rows, columns, offsets, indices, values });
}
